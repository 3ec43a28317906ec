"""Counts tries, so that nobody can guess a proof."""

import time
from collections.abc import Callable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

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
        with self._engine.begin() as connection:
            write_tries(connection, kind, keys, self._clock())

    def count(self, kind: str, key: str) -> int:
        """Number of tries under `key` in the last 24 hours."""
        with reading(self._engine) as connection:
            return tries_of(connection, kind, [key], self._clock()).get(key, 0)


def write_tries(connection: Connection, kind: str, keys: Sequence[str], now: float) -> None:
    """Write down one try under each key; one that is named twice counts twice."""
    connection.execute(sa.insert(attempts), [{"kind": kind, "key": key, "at": now} for key in keys])


def tries_of(connection: Connection, kind: str, keys: Sequence[str], now: float) -> Mapping[str, int]:
    """Number of tries in the 24 hours before `now`, by key; a key without any is missing."""
    mine = (attempts.c.kind == kind, attempts.c.key.in_(keys), attempts.c.at >= now - WINDOW_S)
    statement = sa.select(attempts.c.key, sa.func.count()).where(*mine).group_by(attempts.c.key)
    return {key: int(count) for key, count in connection.execute(statement)}
