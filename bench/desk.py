"""How soon a customer's message is on an agent's screen: 200 agents with open streams, 2,000 open conversations.

`python -m bench.desk [--messages N] [--json PATH]`. The web process is the real one; messages are written by this
process, as a worker or the courier does. From before the row is written until the event is there and the changed line
has been fetched. The baseline is Starlette's server-sent events beside it in the same run: it asks nobody anything.
"""

import asyncio
import contextlib
import http.client
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil

from bench.desk_rows import English, add_agents, add_conversations
from bench.installation import temporary_installation
from bench.ports import free_port, wait_listening
from bench.report import arguments, milliseconds, show
from conversations.model import Inbound
from conversations.record import Record
from core.database import open_engine
from core.settings import Settings, load_settings, quiet_libraries
from core.wakeups import Notifier
from desk.web.routing import COOKIE

AGENTS, CONVERSATIONS, MESSAGES, PAGES = 200, 2_000, 60, 20
GAP_S = 0.25  # between two messages
WAIT_S = 20.0
Ring = Callable[[int], str]  # makes message n known; the mark by which its event is told from others


class Streams:
    """Open streams, and when each of them said what."""

    def __init__(self) -> None:
        self._writers: list[asyncio.StreamWriter] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._heard: dict[str, list[float]] = {}

    async def open(self, port: int, path: str, cookies: Sequence[str]) -> None:
        """One for each cookie; all have begun."""
        for cookie in cookies:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(_get(path, cookie))
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), WAIT_S)
            assert b" 200 " in head.split(b"\r\n")[0], head
            self._writers.append(writer)
            self._tasks.append(asyncio.create_task(self._listen(reader)))

    async def heard(self, mark: str, count: int) -> list[float]:
        """When `count` streams heard of it."""
        deadline = time.perf_counter() + WAIT_S
        while len(self._heard.get(mark, ())) < count:
            if time.perf_counter() > deadline:
                ended = sum(task.done() for task in self._tasks)
                heard = len(self._heard.get(mark, ()))
                raise TimeoutError(f"{heard} of {count} streams heard of {mark}; {ended} have ended")
            await asyncio.sleep(0.0005)
        return self._heard[mark]

    async def close(self) -> None:
        """Close all."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.close()

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        known: set[str] = set()
        while line := await reader.readline():
            if not line.startswith(b"data: "):
                continue
            for mark in json.loads(line[6:]).get("ids", ()):
                if mark not in known:
                    known.add(mark)
                    self._heard.setdefault(mark, []).append(time.perf_counter())


async def drive(port: int, path: str, part: str, cookies: Sequence[str], ring: Ring, count: int) -> dict[str, Any]:
    """Ring `count` times; how soon one agent's line is there, and how soon all have heard."""
    streams = Streams()
    await streams.open(port, path, cookies)
    await asyncio.sleep(2.0)
    shown, everybody = [], []
    for number in range(count):
        started = time.perf_counter()
        mark = await asyncio.to_thread(ring, number)
        await streams.heard(mark, 1)
        await asyncio.to_thread(fetch, port, part.format(id=mark), cookies[number % len(cookies)])
        shown.append(time.perf_counter() - started)
        everybody.append(max(await streams.heard(mark, len(cookies))) - started)
        await asyncio.sleep(GAP_S)
    await streams.close()
    all_heard = milliseconds(everybody)
    return {**milliseconds(shown), "all_median_ms": all_heard["median_ms"], "all_p95_ms": all_heard["p95_ms"]}


def _get(path: str, cookie: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "host: 127.0.0.1", f"cookie: {cookie}", "", ""]).encode()


def fetch(port: int, path: str, cookie: str, method: str = "GET", body: bytes = b"") -> bytes:
    """The answer's body. Raises AssertionError unless it is 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT_S)
    connection.request(method, path, body, {"cookie": cookie, "hx-request": "true"})
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    assert answer.status == 200, (path, answer.status, text[:300])
    return text


def measure(count: int) -> list[dict[str, Any]]:
    """A row for the baseline, one for the desk."""
    bare = _bare(count)
    with temporary_installation(load_settings()) as settings:
        ours = _ours(settings, count)
    return [{"server": "bare: Starlette and sse-starlette", **bare}, {"server": "aftersail desk", **ours}]


def _bare(count: int) -> dict[str, Any]:
    port, numbers = free_port(), itertools.count()

    def ring(_: int) -> str:
        mark = f"m{next(numbers)}"
        fetch(port, "/ring", "", "POST", json.dumps({"ids": [mark]}).encode())
        return mark

    with _process([sys.executable, "-m", "bench.desk_stub", str(port)], port, {}) as process:
        row = asyncio.run(drive(port, "/stream", "/part?{id}", [""] * AGENTS, ring, count))
        return row | {"memory_mb": process.memory_info().rss >> 20}


def _ours(settings: Settings, count: int) -> dict[str, Any]:
    engine, port = open_engine(settings), free_port()
    cookies = [f"{COOKIE}={token}" for token in add_agents(engine, AGENTS)]
    people = add_conversations(engine, CONVERSATIONS)
    record, notifier = Record(engine, English()), Notifier(settings.run_dir)

    def ring(number: int) -> str:
        sender, market = people[number * 37 % len(people)]
        stored = record.receive(Inbound("webchat", sender, market, "And when does it arrive?", f"bench-{number}"))
        notifier.news(stored.conversation.id)
        return stored.conversation.id

    environment = {"AFTERSAIL_DATA_DIR": str(settings.data_dir), "AFTERSAIL_DATABASE_URL": ""}
    environment |= {"AFTERSAIL_PORT": str(port), "AFTERSAIL_LOG_LEVEL": "ERROR"}
    with _process([sys.executable, "-m", "aftersail.web"], port, environment) as process:
        fetch(port, "/desk/queue?view=people", cookies[0])
        before = process.memory_info().rss >> 20
        row = asyncio.run(drive(port, "/desk/stream", "/desk/queue/patch?view=people&ids={id}", cookies, ring, count))
        pages = []
        for number in range(PAGES):
            started = time.perf_counter()
            fetch(port, "/desk/queue?view=people", cookies[number])
            pages.append(time.perf_counter() - started)
        page = milliseconds(pages)
        memory = {"memory_mb": process.memory_info().rss >> 20, "memory_before_mb": before}
        return {**row, **memory, "page_median_ms": page["median_ms"], "page_p95_ms": page["p95_ms"]}


@contextlib.contextmanager
def _process(command: Sequence[str], port: int, environment: dict[str, str]) -> Iterator[psutil.Process]:
    running = subprocess.Popen(command, env={**os.environ, **environment}, cwd=Path.cwd())
    try:
        wait_listening(port)
        yield psutil.Process(running.pid)
    finally:
        running.terminate()
        running.wait(20)


if __name__ == "__main__":
    quiet_libraries()
    given = arguments(__doc__, messages=MESSAGES)
    found = measure(given.messages)
    show("Desk", found, given.json)
