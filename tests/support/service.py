"""`aftersail up` as an operator starts it: a process of its own on a free port."""

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import psutil

from tests.support.installation import Installation
from tests.support.live import free_port

READY_S = 120.0
STOP_S = 25.0
LOOK_S = 0.1
PARTS: Mapping[str, str] = {
    "web": "aftersail.web",
    "worker": "aftersail.worker_process",
    "courier": "aftersail.courier",
}


class Service:
    """A running Aftersail; use it in a `with` statement. `settings` are settings without their prefix."""

    def __init__(self, installation: Installation, **settings: str) -> None:
        self.installation = installation
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = installation.folder / "service.log"
        self._settings = settings
        self._process: subprocess.Popen[bytes]
        self.ready_after_s = 0.0

    def __enter__(self) -> Self:
        started = time.monotonic()
        with self.log.open("wb") as output:
            self._process = subprocess.Popen(
                self.installation.command("up"),
                env=self.installation.environment(PORT=str(self.port), **self._settings),
                cwd=self.installation.folder,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            self.wait_ready(READY_S)
        except BaseException:
            self.stop()
            raise
        self.ready_after_s = time.monotonic() - started
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def configure(self, **settings: str) -> None:
        """More settings, before it is started."""
        self._settings = {**self._settings, **settings}

    def wait_ready(self, timeout_s: float) -> None:
        """Until /readyz says yes. Raises AssertionError with the end of the log."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            if self.ready():
                return
            time.sleep(LOOK_S)
        raise AssertionError(f"not ready after {timeout_s:g} s; the log ends:\n{self.log_end()}")

    def is_up(self) -> bool:
        """Whether the supervisor lives."""
        return self._process.poll() is None

    def ready(self) -> bool:
        """What /readyz says; False while nobody listens."""
        try:
            return bool(self.get("/readyz")["ready"])
        except (OSError, urllib.error.HTTPError):
            return False

    def get(self, path: str) -> Any:
        """The JSON at a path."""
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return json.load(answer)

    def log_end(self) -> str:
        """The last lines of all processes."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-25:])

    def child(self, part: str) -> psutil.Process | None:
        """The process of a part (web, worker); None while it is being started again."""
        for process in psutil.Process(self._process.pid).children():
            try:
                if PARTS[part] in process.cmdline():
                    return process
            except psutil.NoSuchProcess:
                continue
        return None

    def kill(self, part: str) -> bool:
        """SIGKILL to a part; False when it was not there."""
        process = self.child(part)
        if process is None:
            return False
        process.kill()
        return True

    def stop(self) -> int:
        """The exit status after SIGTERM; nothing is left running."""
        if self._process.poll() is not None:
            return self._process.returncode
        children = psutil.Process(self._process.pid).children()
        self._process.terminate()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            for child in children:
                if child.is_running():
                    child.kill()
        return self._process.returncode
