"""Kills processes of a running service, as power cuts and the kernel do."""

import asyncio
import random
import time

from aftersail.supervisor import DEATHS_WINDOW_S, MAX_DEATHS
from tests.support.service import Service

MIN_KILLS = 6
PAUSES_S = (6.0, 14.0)  # between two kills


class Killer:
    """Kills web and worker with SIGKILL at random, until it is told to stop and has killed enough."""

    def __init__(
        self,
        service: Service,
        seed: int,
        least: int = MIN_KILLS,
        pauses_s: tuple[float, float] = PAUSES_S,
        parts: tuple[str, ...] = ("web", "worker"),
    ) -> None:
        self._service = service
        self._least = least
        self._pauses_s = pauses_s
        self._random = random.Random(seed)
        self._done = asyncio.Event()
        self._times: dict[str, list[float]] = {part: [] for part in parts}

    @property
    def killed(self) -> dict[str, int]:
        """How often each part was killed."""
        return {part: len(times) for part, times in self._times.items()}

    def stop(self) -> None:
        """No more than the kills that are still missing."""
        self._done.set()

    async def run(self) -> None:
        """Kill now and then. Raises AssertionError when the service is gone."""
        while not self._done.is_set() or sum(self.killed.values()) < self._least:
            await asyncio.sleep(self._random.uniform(*self._pauses_s))
            assert self._service.is_up(), self._service.log_end()
            part = self._random.choice([name for name in self._times if self._may_die(name)])
            if self._service.kill(part):
                self._times[part].append(time.monotonic())

    def _may_die(self, part: str) -> bool:
        recent = [at for at in self._times[part] if at > time.monotonic() - DEATHS_WINDOW_S]
        return len(recent) < MAX_DEATHS - 1  # the supervisor gives up at so many
