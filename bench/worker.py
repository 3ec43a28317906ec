"""Our own path: record a message, a worker process claims and answers it, the answer is committed.

`python -m bench.worker [--messages N] [--json PATH]`. Real worker processes on a database of their own; this process
plays the web process: it decides the language, writes the rows and waits for the wake-ups.
"""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

from bench.customers import Customers
from bench.fleet import Fleet, workers
from bench.installation import temporary_installation
from bench.load import Talk, drive, megabytes
from bench.report import arguments, show
from core.settings import Settings, load_settings, quiet_libraries

AT_ONCE = (1, 16)
WORKERS = (1, 2)
WARM_UP = 24
MESSAGES = 300


def measure(messages: int) -> list[dict[str, Any]]:
    """A row for each number of workers and of conversations at once."""
    with temporary_installation(load_settings()) as settings:
        customers = Customers(settings)
        talks = customers.conversations()
        return [row for count in WORKERS for row in _with_workers(settings, customers, talks, messages, count)]


def _with_workers(
    settings: Settings, customers: Customers, talks: Iterator[tuple[Talk, Sequence[str]]], messages: int, count: int
) -> list[dict[str, Any]]:
    with workers(settings, count) as fleet:
        rows = asyncio.run(_rows(customers, talks, messages, fleet))
        memory = megabytes(fleet.process_ids)
    name = f"aftersail, {count} worker{'s' if count > 1 else ''}"
    return [{"server": name, **row, "memory_mb": memory, "start_s": round(fleet.start_s, 1)} for row in rows]


async def _rows(
    customers: Customers, talks: Iterator[tuple[Talk, Sequence[str]]], messages: int, fleet: Fleet
) -> list[dict[str, Any]]:
    rows = []
    async with customers.listening():
        await drive(talks, WARM_UP, len(fleet.process_ids), fleet.process_ids)
        for at_once in AT_ONCE:
            customers.answered = 0
            load = await drive(talks, messages, at_once, fleet.process_ids)
            rows.append({"at once": at_once, **load.row(), "answered": round(customers.answered / messages, 3)})
    return rows


if __name__ == "__main__":
    quiet_libraries()
    given = arguments(__doc__, messages=MESSAGES)
    show("Worker", measure(given.messages), given.json)
