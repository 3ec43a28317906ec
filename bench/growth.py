"""What more content and longer conversations cost: ten times the answers, ten times the messages.

`python -m bench.growth [--json PATH]`.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from typing import Any

import threadpoolctl  # type: ignore[import-untyped]

from bench.content import read_questions
from bench.customers import Customers
from bench.fleet import Fleet, workers
from bench.grown_release import publish_grown
from bench.installation import temporary_installation
from bench.load import Load, Talk, drive, megabytes
from bench.report import Rows, milliseconds, run
from core import release_pointer
from core.database import open_engine
from core.errors import SetupError
from core.settings import Settings, load_settings, quiet_libraries
from knowledge.embedder import open_embedder
from knowledge.release import load_release

TIMES = 10
SEARCHES = 300
MESSAGES = 160
WARM_UP = 24
SHORT, LONG = 20, 200  # messages of a conversation
MARKET, LANGUAGE = "US", "en"


def measure() -> Rows:
    """Rows for the content as it is and grown, then for the beginning and the end of a long conversation."""
    threadpoolctl.threadpool_limits(limits=1)  # as in the worker
    rows = [_content(times) for times in (1, TIMES)]
    seconds = _long_conversation()
    parts = {f"messages 1 to {SHORT}": seconds[:SHORT], f"messages {LONG - SHORT + 1} to {LONG}": seconds[-SHORT:]}
    return rows + [{"what": f"one conversation, {name}", **_turn(part)} for name, part in parts.items()]


def _content(times: int) -> dict[str, Any]:
    """Search, load and turn with `times` the entries."""
    with temporary_installation(load_settings()) as settings:
        built = {"build_s": round(publish_grown(settings, times), 1)} if times > 1 else {}
        row = {"what": f"entries × {times}", **_searched(settings), **built}
        customers = Customers(settings)
        with workers(settings, 1) as fleet:
            load = asyncio.run(_driven(customers, customers.conversations(), fleet, MESSAGES))
            return {**row, **_turn(load.seconds), "worker_mb": megabytes(fleet.process_ids)}


def _searched(settings: Settings) -> dict[str, Any]:
    """Size, seconds to load, and milliseconds of a search with a real question."""
    engine = open_engine(settings)
    folder = settings.releases_dir / (release_pointer.current(engine) or "")
    engine.dispose()
    started = time.perf_counter()
    index = load_release(folder).index
    load_s = time.perf_counter() - started
    if index is None:
        raise SetupError(f"{folder} has no vectors; run `aftersail publish`")
    questions = read_questions(settings.content_dir)
    chosen = questions[:: max(1, len(questions) // SEARCHES)]
    vectors = open_embedder(settings).encode([one.text for one in chosen], [one.language for one in chosen])
    seconds = []
    for vector in vectors:
        started = time.perf_counter()
        index.search(vector)
        seconds.append(time.perf_counter() - started)
    size = {"entries": len(index.entry_ids), "questions": len(index)}
    return {**size, "load_s": round(load_s, 2), "search_ms": milliseconds(seconds)["median_ms"]}


def _long_conversation() -> Sequence[float]:
    """Seconds of each message of one long conversation. Raises SetupError when a person took over."""
    with temporary_installation(load_settings()) as settings:
        questions = read_questions(settings.content_dir)
        entry = next(one.label for one in questions if one.language == LANGUAGE)
        texts = [one.text for one in questions if (one.language, one.label) == (LANGUAGE, entry)]
        customers = Customers(settings)
        talks = iter([(customers.talker(MARKET), texts * WARM_UP), (customers.talker(MARKET), texts * LONG)])
        with workers(settings, 1) as fleet:
            load = asyncio.run(_driven(customers, talks, fleet, LONG))
        if customers.handed_over:
            raise SetupError("The long conversation went to a person; its questions are no longer understood.")
        return load.seconds


async def _driven(
    customers: Customers, talks: Iterator[tuple[Talk, Sequence[str]]], fleet: Fleet, messages: int
) -> Load:
    async with customers.listening():
        await drive(talks, WARM_UP, 1, fleet.process_ids)
        return await drive(talks, messages, 1, fleet.process_ids)


def _turn(seconds: Sequence[float]) -> dict[str, float]:
    result = milliseconds(seconds)
    return {"turn_ms": result["median_ms"], "turn_p95_ms": result["p95_ms"]}


if __name__ == "__main__":
    quiet_libraries()
    run("Growth", measure)
