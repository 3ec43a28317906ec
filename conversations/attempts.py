"""Counts tries, so that nobody can guess a proof."""

import time
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from core.database import reading
from core.schema import attempts

WINDOW_S = 24 * 3600.0


class AttemptLog:
    """Tries of the last 24 hours, by kind and key."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock

    def add(self, kind: str, *keys: str) -> None:
        """Write down one try under each key."""
        now = self._clock()
        with self._engine.begin() as connection:
            connection.execute(sa.insert(attempts), [{"kind": kind, "key": key, "at": now} for key in keys])

    def count(self, kind: str, key: str) -> int:
        """Number of tries under `key` in the last 24 hours."""
        since = self._clock() - WINDOW_S
        statement = sa.select(sa.func.count()).where(
            attempts.c.kind == kind, attempts.c.key == key, attempts.c.at >= since
        )
        with reading(self._engine) as connection:
            return int(connection.execute(statement).scalar_one())
