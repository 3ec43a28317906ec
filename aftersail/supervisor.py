"""`aftersail up`: starts web and workers, keeps them alive, stops them together."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from conversations.work import LEASE_S, free_leases
from core.database import open_listening
from core.errors import SetupError
from core.relay import Relay
from core.settings import Settings
from core.supervised import VARIABLE, holder_of

LOOK_EVERY_S = 0.1
STOP_AFTER_S = 15.0
MAX_DEATHS = 5  # of one process within DEATHS_WINDOW_S, then all stop
DEATHS_WINDOW_S = 60.0
METRICS_DIR = "metrics"


@dataclass
class Child:
    """A process that is kept alive."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=MAX_DEATHS))


class Supervisor:
    """Keeps a web process and workers running."""

    def __init__(self, settings: Settings, engine: Engine, say: Callable[[str], None]) -> None:
        self._settings = settings
        self._engine = engine
        self._say = say
        self._stopping = False
        names = [f"worker-{number}" for number in range(1, settings.workers + 1)]
        self._children = [
            Child("web", [sys.executable, "-m", "aftersail.web"]),
            *(
                [Child("courier", [sys.executable, "-m", "aftersail.courier", "courier-1"])]
                if settings.channels or settings.helpdesks
                else []
            ),
            *(Child(name, [sys.executable, "-m", "aftersail.worker_process", name]) for name in names),
        ]

    def run(self) -> int:
        """Exit status: 0 after a stop on request, 1 when a process keeps dying. Raises SetupError before starting."""
        check_port(self._settings)
        self._environment = _environment(self._settings)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask_to_stop)
        try:
            with Relay(open_listening(self._settings, self._engine), self._settings.run_dir):
                for child in self._children:
                    self._free(child)
                    self._start(child)
                return self._watch()
        finally:
            self._stop_all()

    def _ask_to_stop(self, _number: int, _frame: object) -> None:
        self._stopping = True

    def _watch(self) -> int:
        while not self._stopping:
            for child in self._children:
                if child.process and child.process.poll() is not None and not self._revive(child):
                    return 1
            time.sleep(LOOK_EVERY_S)
        return 0

    def _revive(self, child: Child) -> bool:
        status = child.process.returncode if child.process else 0
        if status == 2:
            self._say(f"{child.name} cannot start; its last log line says why. `aftersail doctor` helps.")
            return False
        now = time.monotonic()
        child.deaths.append(now)
        if len(child.deaths) == MAX_DEATHS and now - child.deaths[0] < DEATHS_WINDOW_S:
            self._say(f"{child.name} died {MAX_DEATHS} times in a minute; stopping. `aftersail doctor` helps.")
            return False
        self._say(f"{child.name} died (status {status}); starting it again, {self._free(child)}.")
        self._start(child)
        return True

    def _free(self, child: Child) -> str:
        """What became of the conversations that the process held."""
        try:
            return f"{free_leases(self._engine, holder_of(child.name))} conversation(s) freed"
        except DBAPIError as error:  # a busy database is no reason to stop: the leases end by themselves
            return f"its conversations are free in {LEASE_S:g} s ({error.orig})"

    def _start(self, child: Child) -> None:
        command = child.command  # our own modules, nothing from outside
        child.process = subprocess.Popen(command, env=self._environment, start_new_session=True)  # noqa: S603

    def _stop_all(self) -> None:
        running = [child.process for child in self._children if child.process and child.process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_AFTER_S
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def check_port(settings: Settings) -> None:
    """Raises SetupError when the web process could not listen."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SetupError(
                f"Cannot listen on {settings.host}:{settings.port} ({error.strerror}). "
                "Stop the program that uses it, or set AFTERSAIL_PORT to another port."
            ) from error


def _environment(settings: Settings) -> dict[str, str]:
    metrics = settings.run_dir / METRICS_DIR
    shutil.rmtree(metrics, ignore_errors=True)
    try:
        Path(metrics).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(f"{metrics}: {error.strerror}; make the data folder writable") from error
    return {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(metrics), VARIABLE: str(os.getpid())}
