"""Real worker processes, started for a measurement and stopped after it."""

import asyncio
import contextlib
import itertools
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.errors import SetupError
from core.settings import Settings
from core.wakeups import Listener

START_TIMEOUT_S = 240
STOP_TIMEOUT_S = 20


@dataclass(frozen=True)
class Fleet:
    """Ids of the worker processes, and the seconds until all were ready."""

    process_ids: Sequence[int]
    start_s: float


@contextlib.contextmanager
def workers(settings: Settings, count: int) -> Iterator[Fleet]:
    """Ready workers of this installation. Raises SetupError when one does not start."""
    environment = {**os.environ, "AFTERSAIL_DATA_DIR": str(settings.data_dir), "AFTERSAIL_DATABASE_URL": ""}
    names = [f"worker-{number}" for number in range(1, count + 1)]
    started = time.perf_counter()
    with Listener(settings.run_dir, "up", "bench") as up:
        processes = [
            subprocess.Popen([sys.executable, "-m", "aftersail.worker_process", name], env=environment)
            for name in names
        ]
        try:
            asyncio.run(_ready(up, set(names), processes))
            yield Fleet([process.pid for process in processes], time.perf_counter() - started)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(STOP_TIMEOUT_S)


async def _ready(up: Listener, names: set[str], processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for _ in itertools.repeat(None, START_TIMEOUT_S):
        names -= await up.wait(1.0)
        if not names:
            return
        if any(process.poll() is not None for process in processes):
            raise SetupError("A worker did not start; its log line above says why.")
    raise SetupError(f"{', '.join(sorted(names))} did not start within {START_TIMEOUT_S} s")
