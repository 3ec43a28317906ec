"""Customers who write, wait for the answer and write again: one at a time or many at once."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import psutil

Talk = Callable[[str], Awaitable[object]]  # sends one message and comes back when it is answered


@dataclass(frozen=True)
class Load:
    """Seconds that each message took, seconds from the first message to the last answer, processor seconds spent."""

    seconds: Sequence[float]
    wall: float
    cpu: float

    def row(self) -> dict[str, Any]:
        """Throughput and latency."""
        median, p95, p99 = (float(value) for value in np.percentile(np.array(self.seconds) * 1000, (50, 95, 99)))
        return {
            "messages": len(self.seconds),
            "msg_per_s": round(len(self.seconds) / self.wall, 1),
            "median_ms": round(median, 1),
            "p95_ms": round(p95, 1),
            "p99_ms": round(p99, 1),
            "cpu_ms": round(self.cpu * 1000 / len(self.seconds), 1),
        }


async def drive(
    conversations: Iterable[tuple[Talk, Sequence[str]]], messages: int, at_once: int, servers: Sequence[int]
) -> Load:
    """Send `messages` messages; `at_once` customers write at the same time, each waiting for its answers.

    `servers`: ids of the processes whose processor time counts.
    """
    waiting = iter(conversations)
    budget = iter(range(messages))
    seconds: list[float] = []
    spent, started = _cpu_seconds(servers), time.perf_counter()
    await asyncio.gather(*(_customer(waiting, budget, seconds) for _ in range(at_once)))
    return Load(seconds, time.perf_counter() - started, _cpu_seconds(servers) - spent)


async def _customer(waiting: Iterator[tuple[Talk, Sequence[str]]], budget: Iterator[int], seconds: list[float]) -> None:
    for talk, texts in waiting:
        for text in texts:
            if next(budget, None) is None:
                return
            started = time.perf_counter()
            await talk(text)
            seconds.append(time.perf_counter() - started)


def megabytes(servers: Sequence[int]) -> int:
    """The largest resident memory of the processes."""
    return max(int(psutil.Process(server).memory_info().rss) for server in servers) >> 20


def _cpu_seconds(servers: Sequence[int]) -> float:
    times = [psutil.Process(server).cpu_times() for server in servers]
    return sum(float(time.user + time.system) for time in times)
