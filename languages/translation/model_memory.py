"""Models in memory: loaded when first asked for, the longest unused one dropped when there is no room."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from core.errors import SetupError
from languages.translation.engine import EngineDown

M = TypeVar("M")


@dataclass
class _Seat(Generic[M]):
    """A place in memory for one model."""

    cost: float
    users: int = 0
    model: M | None = None
    loading: threading.Lock = field(default_factory=threading.Lock)


class ModelMemory(Generic[M]):
    """At most `budget_mb` of models; one in use is never dropped. Thread-safe."""

    def __init__(self, budget_mb: float, timeout: float = 30.0) -> None:
        self._budget = budget_mb
        self._timeout = timeout  # seconds to wait for room
        self._seats: OrderedDict[str, _Seat[M]] = OrderedDict()  # the longest unused first
        self._changed = threading.Condition()

    @contextmanager
    def model(self, key: str, cost_mb: float, load: Callable[[], M]) -> Iterator[M]:
        """The model `key`, loaded by `load` when it is not in memory; it stays there as long as the block runs.

        Raises EngineDown when no room comes free in time, SetupError when there can never be enough.
        """
        seat = self._take(key, cost_mb)
        try:
            with seat.loading:
                if seat.model is None:
                    seat.model = load()
            yield seat.model
        finally:
            self._leave(key, seat)

    def loaded(self) -> dict[str, float]:
        """MB of each model in memory, by key."""
        with self._changed:
            return {key: seat.cost for key, seat in self._seats.items() if seat.model is not None}

    def _take(self, key: str, cost: float) -> _Seat[M]:
        if cost > self._budget:
            raise SetupError(
                f"the model {key} needs about {cost:.0f} MB and translation may use {self._budget:.0f} MB; "
                "raise AFTERSAIL_TRANSLATION_MEMORY_MB"
            )
        deadline = time.monotonic() + self._timeout
        with self._changed:
            while key not in self._seats and not self._has_room(cost):
                if not self._changed.wait(deadline - time.monotonic()):
                    raise EngineDown(
                        f"no memory for the model {key}: all others are in use; "
                        "raise AFTERSAIL_TRANSLATION_MEMORY_MB if this happens often"
                    )
            seat = self._seats.setdefault(key, _Seat(cost))
            self._seats.move_to_end(key)
            seat.users += 1
            return seat

    def _has_room(self, cost: float) -> bool:
        """Whether `cost` fits, after dropping idle models."""
        for key, seat in list(self._seats.items()):
            if self._used() + cost <= self._budget:
                break
            if not seat.users:
                del self._seats[key]
        return self._used() + cost <= self._budget

    def _used(self) -> float:
        return sum(seat.cost for seat in self._seats.values())

    def _leave(self, key: str, seat: _Seat[M]) -> None:
        with self._changed:
            seat.users -= 1
            if seat.model is None and not seat.users:  # it could not be loaded
                self._seats.pop(key, None)
            self._changed.notify_all()
