"""Wake-ups from other machines: PostgreSQL tells of each changed conversation, and the processes here are woken.

A note may be lost with its connection; every listener also looks by itself now and then.
"""

import threading
from contextlib import closing
from pathlib import Path
from time import monotonic
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
HEAR_S = 5.0  # within which a note of our own must come
DEAF_PAUSE_S = 600.0  # before the next try when it did not
DEAF = (
    "no note comes through AFTERSAIL_DATABASE_URL, as through a pooler that pools by transaction: "
    "set AFTERSAIL_DATABASE_LISTEN_URL to an address past it; until then other machines notice changes later"
)


class _Deaf(Exception):
    """What listens hears nothing."""


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
            except _Deaf:
                logger.error("relay_deaf", remedy=DEAF)
                self._stopped.wait(DEAF_PAUSE_S)
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
            mine = driver.info.parameter_status("application_name")
            self._knock(f" {mine}")
            heard_by = monotonic() + HEAR_S
            while not self._stopped.is_set():
                for note in driver.notifies(timeout=LOOK_S):
                    self.listens.set()
                    conversation_id, _, machine = note.payload.partition(" ")
                    if conversation_id and machine != mine:
                        self._wake(conversation_id)
                if not self.listens.is_set() and monotonic() > heard_by:
                    driver.execute(b"UNLISTEN *")
                    raise _Deaf

    def _knock(self, note: str) -> None:
        """A note to ourselves, from another connection: behind some poolers a session hears itself only."""
        with closing(self._engine.raw_connection()) as pooled:
            driver: psycopg.Connection[Any] | None = pooled.driver_connection
            assert driver is not None  # for mypy
            driver.execute("SELECT pg_notify(%s, %s)", (CHANNEL, note))

    def _wake(self, conversation_id: str) -> None:
        self._notifier.news(conversation_id)
        self._notifier.wake(WORKER)
