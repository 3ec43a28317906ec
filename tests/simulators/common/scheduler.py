"""Runs callbacks at simulated times."""

import asyncio
import heapq
import itertools
from collections.abc import Callable

from tests.simulators.common.clock import SimulatedClock


class Scheduler:
    """A queue of callbacks by simulated time; those of one time run in the order they came in."""

    def __init__(self, clock: SimulatedClock) -> None:
        self._clock = clock
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._count = itertools.count()
        self._wake = asyncio.Event()

    def __len__(self) -> int:
        return len(self._queue)

    def at(self, time: float, callback: Callable[[], None]) -> None:
        """Run this at a simulated time, or soon when that has passed."""
        heapq.heappush(self._queue, (time, next(self._count), callback))
        self._wake.set()

    def wake(self) -> None:
        """Look at the clock again; it was moved."""
        self._wake.set()

    def run_due(self) -> int:
        """How many callbacks ran: all that are due by now."""
        ran = 0
        while self._queue and self._queue[0][0] <= self._clock.now():
            heapq.heappop(self._queue)[2]()
            ran += 1
        return ran

    async def run(self) -> None:
        """Run callbacks as they become due, until cancelled."""
        while True:
            self._wake.clear()
            self.run_due()
            pause = self._queue[0][0] - self._clock.now() if self._queue else 60.0
            try:
                await asyncio.wait_for(self._wake.wait(), timeout=max(0.001, min(pause, 60.0)))
            except TimeoutError:
                continue
