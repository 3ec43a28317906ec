"""Token buckets: what an account may send a second, and what one person may get."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from aiolimiter import AsyncLimiter
from cachetools import TTLCache

from connectors.channel import Account

MAX_PEOPLE = 50_000
ACCOUNT_PAUSE_S = 0.1
AT_ONCE = 24  # calls of one account: a vendor that hangs may not take every place that the sender has
BUSY_PAUSE_S = 0.5


class Limits:
    """Buckets of all accounts of this process. Use it in one event loop only."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._accounts: dict[str, AsyncLimiter] = {}
        self._people: TTLCache[tuple[str, str], AsyncLimiter] = TTLCache(MAX_PEOPLE, ttl=3600)
        self._paused: dict[str, float] = {}
        self._calling: Counter[str] = Counter()

    @contextmanager
    def calling(self, account: Account) -> Iterator[None]:
        """Count a call while it is being made."""
        self._calling[account.name] += 1
        try:
            yield
        finally:
            self._calling[account.name] -= 1

    async def take(self, account: Account, recipient: str) -> float:
        """0 when a call may be made now, and it is counted; else the time to try again."""
        now = self._clock()
        paused = self._paused.get(account.name, 0.0)
        if paused > now:
            return paused
        if self._calling[account.name] >= AT_ONCE:
            return now + BUSY_PAUSE_S
        person, whole = self._person(account, recipient), self._account(account)
        if person and not person.has_capacity():
            return now + person.time_period / person.max_rate
        if not whole.has_capacity():
            return now + ACCOUNT_PAUSE_S
        if person:
            await person.acquire()
        await whole.acquire()
        return 0.0

    def pause(self, account: Account, until: float) -> None:
        """Make no call of the account before `until`."""
        self._paused[account.name] = until

    def paused(self) -> dict[str, float]:
        """Accounts that wait, and until when."""
        now = self._clock()
        return {name: until for name, until in self._paused.items() if until > now}

    def _account(self, account: Account) -> AsyncLimiter:
        if account.name not in self._accounts:
            self._accounts[account.name] = AsyncLimiter(account.messages_per_second, 1)
        return self._accounts[account.name]

    def _person(self, account: Account, recipient: str) -> AsyncLimiter | None:
        calls, seconds = account.recipient_limit
        if not calls:
            return None
        key: Any = (account.name, recipient)
        limiter = self._people.get(key)  # looked up once: it may expire between two looks
        if limiter is None:
            limiter = self._people[key] = AsyncLimiter(calls, seconds)
        return limiter
