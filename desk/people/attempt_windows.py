"""Moving windows in the table of tries: they hold across restarts and in every process.

The limits library's own strategy asks a storage for fixed windows too, which nobody needs here; its items are used.
"""

import time
from collections.abc import Callable

import sqlalchemy as sa
from limits import RateLimitItem
from sqlalchemy.engine import Connection, Engine

from core.database import reading
from core.schema import attempts
from desk.people.sessions import digest_of

KIND = "sign_in"
KEPT_S = 24 * 3600.0  # longer than any window
Window = tuple[RateLimitItem, tuple[str, ...]]  # how many in which time, and of whom


class AttemptWindows:
    """Keys are hashed: the table holds no addresses."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock

    def hit(self, window: Window) -> bool:
        """Whether there was room for one more; judged and written in one transaction, so that parallel tries count."""
        now = self._clock()
        with self._engine.begin() as connection:
            if _count(connection, window, now)[1] >= window[0].amount:
                return False
            connection.execute(sa.insert(attempts).values(kind=KIND, key=_key(window), at=now))
            connection.execute(sa.delete(attempts).where(attempts.c.kind == KIND, attempts.c.at < now - KEPT_S))
        return True

    def wait_s(self, window: Window) -> float:
        """Seconds until there is room again; 0: there is."""
        item, now = window[0], self._clock()
        with reading(self._engine) as connection:
            oldest, count = _count(connection, window, now)
        return max((oldest or now) + item.get_expiry() - now, 1.0) if count >= item.amount else 0.0

    def give_back(self, window: Window) -> None:
        """The latest entry was no guess."""
        last = sa.select(sa.func.max(attempts.c.id)).where(_of(window)).scalar_subquery()
        with self._engine.begin() as connection:
            connection.execute(sa.delete(attempts).where(attempts.c.id == last))

    def clear(self, window: Window) -> None:
        """Forget its entries."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(attempts).where(_of(window)))


def _key(window: Window) -> str:
    item, key = window
    return digest_of(item.key_for(*key))


def _of(window: Window) -> sa.ColumnElement[bool]:
    return sa.and_(attempts.c.kind == KIND, attempts.c.key == _key(window))


def _count(connection: Connection, window: Window, now: float) -> tuple[float | None, int]:
    """(the oldest entry in the window, how many there are)."""
    within = attempts.c.at > now - window[0].get_expiry()
    statement = sa.select(sa.func.min(attempts.c.at), sa.func.count()).where(_of(window), within)
    oldest, count = connection.execute(statement).one()
    return oldest, int(count)
