"""Moving windows of the `limits` library in the table of tries: they hold across restarts and in every process."""

import time
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from limits.storage.base import MovingWindowSupport, Storage
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from core.database import reading
from core.schema import attempts
from desk.people.sessions import digest_of

KIND = "sign_in"
KEPT_S = 24 * 3600.0  # longer than any window


class AttemptWindows(Storage, MovingWindowSupport):
    """Keys are hashed: the table holds no addresses."""

    STORAGE_SCHEME = None

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time, **options: Any) -> None:
        super().__init__(None, **options)
        self._engine = engine
        self._clock = clock

    @property
    def base_exceptions(self) -> type[Exception]:
        """What can go wrong."""
        return SQLAlchemyError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Whether there was room for it; judged and written in one transaction, so that parallel tries count."""
        now = self._clock()
        with self._engine.begin() as connection:
            if _count(connection, key, now - expiry)[1] + amount > limit:
                return False
            row = {"kind": KIND, "key": digest_of(key), "at": now}
            connection.execute(sa.insert(attempts), [row] * amount)
            connection.execute(sa.delete(attempts).where(attempts.c.kind == KIND, attempts.c.at < now - KEPT_S))
        return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """(the oldest entry in the window, how many there are)."""
        now = self._clock()
        with reading(self._engine) as connection:
            oldest, count = _count(connection, key, now - expiry)
        return oldest or now, count

    def give_back(self, key: str) -> None:
        """The latest entry was no guess."""
        last = sa.select(sa.func.max(attempts.c.id)).where(_of(key)).scalar_subquery()
        with self._engine.begin() as connection:
            connection.execute(sa.delete(attempts).where(attempts.c.id == last))

    def clear(self, key: str) -> None:
        """Forget the key."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(attempts).where(_of(key)))

    def reset(self) -> int:
        """How many entries there were; all are forgotten."""
        with self._engine.begin() as connection:
            return int(connection.execute(sa.delete(attempts).where(attempts.c.kind == KIND)).rowcount)

    def check(self) -> bool:
        """Whether the database answers."""
        with reading(self._engine) as connection:
            return bool(connection.execute(sa.select(sa.literal(1))).scalar_one() == 1)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Fixed windows are not kept. Raises NotImplementedError."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """Fixed windows are not kept. Raises NotImplementedError."""
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        """Fixed windows are not kept. Raises NotImplementedError."""
        raise NotImplementedError


def _of(key: str) -> sa.ColumnElement[bool]:
    return sa.and_(attempts.c.kind == KIND, attempts.c.key == digest_of(key))


def _count(connection: Connection, key: str, since: float) -> tuple[float | None, int]:
    statement = sa.select(sa.func.min(attempts.c.at), sa.func.count()).where(_of(key), attempts.c.at > since)
    oldest, count = connection.execute(statement).one()
    return oldest, int(count)
