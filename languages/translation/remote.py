"""Calls to a translation service: tried again with growing pauses, and left alone for a while when it stays away."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from languages.translation.engine import EngineDown

T = TypeVar("T")
LONGEST_PAUSE = 8.0  # seconds between two attempts, whatever the service asks for


@dataclass(frozen=True)
class RemoteOptions:
    """How long and how often a service is asked."""

    timeout: float = 10.0  # seconds to connect, and again to answer
    attempts: int = 3
    first_pause: float = 0.3  # seconds before the second attempt; doubled before each further one
    failures: int = 5  # calls in a row without an answer, after which the service is left alone
    rest: float = 30.0  # seconds it is left alone


class Transient(Exception):
    """The service may answer the next time; `retry_after` is the pause in seconds that it has asked for."""

    def __init__(self, problem: str, retry_after: float | None = None) -> None:
        super().__init__(problem)
        self.retry_after = retry_after


class Remote:
    """One service as this process sees it. Thread-safe."""

    def __init__(
        self,
        name: str,
        options: RemoteOptions = RemoteOptions(),
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name = name
        self._options = options
        self._sleep = sleep
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_until = 0.0

    def call(self, work: Callable[[], T]) -> T:
        """What `work` returns. `work` raises Transient for what is worth another attempt; other errors pass through.

        Raises EngineDown after the last attempt, and at once while the service is left alone.
        """
        self._check()
        for attempt in range(1, self._options.attempts + 1):
            try:
                result = work()
            except Transient as problem:
                if attempt == self._options.attempts:
                    self._failed()
                    raise EngineDown(f"{self._name} does not answer: {problem}") from problem
                self._sleep(self._pause(attempt, problem.retry_after))
            else:
                self._answered()
                return result
        raise AssertionError("at least one attempt is made")

    def _pause(self, attempt: int, asked: float | None) -> float:
        pause: float = self._options.first_pause * 2 ** (attempt - 1) * random.uniform(0.5, 1.5)  # noqa: S311 - jitter
        return min(LONGEST_PAUSE, max(pause, asked or 0.0))

    def _check(self) -> None:
        with self._lock:
            left = self._closed_until - self._clock()
        if left > 0:
            raise EngineDown(f"{self._name} did not answer several times; it is asked again in {left:.0f} s")

    def _failed(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= self._options.failures:
                # One more failure after the rest is enough for the next rest.
                self._closed_until = self._clock() + self._options.rest

    def _answered(self) -> None:
        with self._lock:
            self._failures = 0
            self._closed_until = 0.0
