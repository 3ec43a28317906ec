"""How often a visitor and an address may do something: moving windows, in memory."""

import time
from enum import Enum

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from connectors.webchat.errors import Refused


class Action(Enum):
    """What is counted; the value holds the windows per visitor and per address."""

    SESSION = ((), (RateLimitItemPerMinute(30),))
    MESSAGE = ((RateLimitItemPerSecond(5, 3), RateLimitItemPerMinute(20)), (RateLimitItemPerMinute(120),))
    LOOK = ((RateLimitItemPerMinute(120),), ())  # polling, receipts, menus
    PAGE = ((), (RateLimitItemPerMinute(240),))


class Limits:
    """Counts actions. One object per process."""

    def __init__(self) -> None:
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    def check(self, action: Action, visitor: str, address: str) -> None:
        """Count one action. Raises Refused (too_fast) with the seconds to wait; a refused one is not counted."""
        per_visitor, per_address = action.value
        windows = [(item, ("visitor", action.name, visitor)) for item in per_visitor]
        windows += [(item, ("address", action.name, address)) for item in per_address]
        for item, key in windows:
            if not self._windows.test(item, *key):
                raise Refused("too_fast", f"at most {item}", retry_after=self._wait(item, key))
        for item, key in windows:
            self._windows.hit(item, *key)

    def _wait(self, item: RateLimitItem, key: tuple[str, ...]) -> float:
        # limits reads the wall clock too, so the difference is a duration.
        return max(self._windows.get_window_stats(item, *key).reset_time - time.time(), 0.1)
