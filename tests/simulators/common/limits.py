"""Lengths and rates as the vendors count them."""

from collections import deque


def utf16_length(text: str) -> int:
    """UTF-16 units in a text: 2 for an emoji outside the basic plane, 1 for most letters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class RollingWindow:
    """At most `limit` events in any `window_s` seconds."""

    def __init__(self, limit: int, window_s: float) -> None:
        self.limit = limit
        self.window_s = window_s
        self._times: deque[float] = deque()

    def take(self, now: float) -> bool:
        """True when this event fits; one that does not fit is not counted."""
        while self._times and self._times[0] <= now - self.window_s:
            self._times.popleft()
        if len(self._times) >= self.limit:
            return False
        self._times.append(now)
        return True


class BorrowingBucket:
    """One event per `every_s`, with a burst of `burst` borrowed from the future: a bucket that refills slowly."""

    def __init__(self, burst: int, every_s: float) -> None:
        self.burst = burst
        self.every_s = every_s
        self._tokens = float(burst)
        self._at: float | None = None

    def take(self, now: float) -> bool:
        """True when this event fits; one that does not fit is not counted."""
        if self._at is not None:
            self._tokens = min(float(self.burst), self._tokens + max(0.0, now - self._at) / self.every_s)
        self._at = now
        if self._tokens < 1 - 1e-9:
            return False
        self._tokens -= 1
        return True
