"""Wake-ups from other machines: PostgreSQL tells of each changed conversation, and the processes here are woken.

A note may be lost with its connection; every listener also looks by itself now and then.
"""

import threading
from pathlib import Path
from typing import Any, Self

import psycopg
import structlog
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from core.wakeups import WORKER, Notifier

logger = structlog.get_logger(__name__)

CHANNEL = "aftersail"  # of migration 0009; a note is the conversation's id and the name of whoever changed it
LOOK_S = 0.5  # between two looks whether to stop
PAUSE_S = 3.0  # before the next try when the database is away


class Relay:
    """Passes notes of other machines on, in a thread of its own; use it in a `with` statement."""

    def __init__(self, engine: Engine, run_dir: Path) -> None:
        self._engine = engine
        self._notifier = Notifier(run_dir)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        self.listens = threading.Event()  # set while notes reach it

    def __enter__(self) -> Self:
        if self._engine.dialect.name == "postgresql":  # SQLite has one machine
            self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopped.set()
        if self._thread.ident is not None:
            self._thread.join(2 * LOOK_S)
        self._notifier.close()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._listen()
            except (SQLAlchemyError, psycopg.Error) as error:
                logger.warning("relay_away", error=type(error).__name__, remedy="run `aftersail doctor`")
                self._stopped.wait(PAUSE_S)
            finally:
                self.listens.clear()

    def _listen(self) -> None:
        pooled = self._engine.raw_connection()
        driver: psycopg.Connection[Any] | None = pooled.driver_connection
        assert driver is not None  # for mypy
        pooled.detach()  # it is ours from now on
        with driver:
            driver.autocommit = True
            driver.execute(f"LISTEN {CHANNEL}".encode())
            self.listens.set()
            mine = driver.info.parameter_status("application_name")
            while not self._stopped.is_set():
                for note in driver.notifies(timeout=LOOK_S):
                    conversation_id, _, machine = note.payload.partition(" ")
                    if machine != mine:
                        self._wake(conversation_id)

    def _wake(self, conversation_id: str) -> None:
        self._notifier.news(conversation_id)
        self._notifier.wake(WORKER)
