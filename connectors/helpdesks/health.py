"""How a helpdesk has answered lately: its limiter and its circuit breaker."""

from aiolimiter import AsyncLimiter

from connectors.delivery.errors import AccountDown

BREAK_AFTER = 3  # failures one after the other
BREAK_S = 15.0
DOWN_S = 60.0  # how long a helpdesk rests that a person must mend


class Health:
    """Of one helpdesk, in one event loop."""

    def __init__(self, calls_per_minute: int) -> None:
        self.limiter = AsyncLimiter(calls_per_minute, 60.0)
        self.rests_until = 0.0
        self._failures = 0

    def well(self) -> None:
        """It answered."""
        self._failures = 0

    def failed(self, error: Exception, asked_s: float | None, now: float) -> None:
        """It did not: after a few times, or when it asks for it, nothing is asked of it for a while."""
        self._failures += 1
        if isinstance(error, AccountDown):
            self.rests_until = now + DOWN_S
        elif asked_s is not None:
            self.rests_until = now + asked_s
        elif self._failures >= BREAK_AFTER:
            self.rests_until = now + BREAK_S
