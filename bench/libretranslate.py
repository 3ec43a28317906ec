"""A LibreTranslate server of `make libretranslate` on the same packages, without the network."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import requests

from bench.ports import free_port

START_S = 60.0
TIMEOUT_S = 30.0
# Its sentence splitter fetches a model from the network; each text of the benchmark is one sentence, so none is needed.
_NO_SPLITTER = """\
import minisbd

class Whole:
    def __init__(self, *_args, **_kwargs): ...
    def sentences(self, text): return [text]

minisbd.SBDetect = Whole
"""


@dataclass(frozen=True)
class LibreServer:
    """A running server."""

    url: str
    pid: int

    def translate(self, text: str, source: str, target: str) -> str:
        """One text, over a connection of its own thread."""
        body = {"q": text, "source": source, "target": target}
        answer = requests.post(f"{self.url}/translate", json=body, timeout=TIMEOUT_S)
        answer.raise_for_status()
        return str(answer.json()["translatedText"])

    @property
    def memory_mb(self) -> float:
        """Resident memory of the server with its children."""
        process = psutil.Process(self.pid)
        return float(sum(one.memory_info().rss for one in [process, *process.children(recursive=True)])) / 1e6


def program(data_dir: Path) -> Path | None:
    """The server's program; None when it is not installed."""
    path = data_dir / "libretranslate" / "bin" / "libretranslate"
    return path if path.exists() else None


@contextmanager
def serve(command: Path, packages: Path, threads: int, folder: Path) -> Iterator[LibreServer]:
    """A server that translates with the packages in `packages` on `threads` threads; it ends with the block."""
    (folder / "sitecustomize.py").write_text(_NO_SPLITTER)
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(folder), "PYTHONWARNINGS": "ignore",
        "ARGOS_PACKAGES_DIR": str(packages), "ARGOS_INTER_THREADS": str(threads), "ARGOS_INTRA_THREADS": "1",
    }  # fmt: skip
    options = ["--host", "127.0.0.1", "--port", str(port), "--threads", str(threads), "--disable-web-ui"]
    with (folder / "libretranslate.log").open("wb") as log:
        process = subprocess.Popen([command, *options], env=environment, stdout=log, stderr=log)
        try:
            yield _ready(LibreServer(f"http://127.0.0.1:{port}", process.pid), process)
        finally:
            process.terminate()
            process.wait(10)


def _ready(server: LibreServer, process: "subprocess.Popen[bytes]") -> LibreServer:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(f"{server.url}/languages", timeout=TIMEOUT_S).ok:
                return server
        except requests.ConnectionError:
            time.sleep(0.3)
    raise TimeoutError(f"LibreTranslate has not answered within {START_S:g} s")
