"""A clock that runs with the real time and can be moved forward."""

import time
from collections.abc import Callable


class SimulatedClock:
    """The simulator's time: Unix seconds, the real time plus an offset."""

    def __init__(self, offset_s: float = 0.0, source: Callable[[], float] = time.time) -> None:
        self.offset_s = offset_s
        self._source = source

    def now(self) -> float:
        """The simulated time in Unix seconds."""
        return self._source() + self.offset_s

    def advance(self, seconds: float) -> float:
        """The time after a move of `seconds`. Raises ValueError for a move back."""
        if seconds < 0:
            raise ValueError("the clock only moves forward")
        self.offset_s += seconds
        return self.now()
