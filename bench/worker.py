"""Our own path: record a message, a worker process claims and answers it, the answer is committed.

`python -m bench.worker [--messages N] [--json PATH]`. Real worker processes on a database of their own; this process
plays the web process: it decides the language, writes the rows and waits for the wake-ups.
"""

import asyncio
import contextlib
import itertools
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from aftersail.assembly_web import open_record
from bench.installation import temporary_installation
from bench.load import Talk, drive, megabytes
from bench.mix import Script, scripts
from bench.report import arguments, show
from conversations.model import Inbound
from conversations.record import Record
from core.database import open_engine
from core.errors import SetupError
from core.settings import Settings, load_settings, quiet_libraries
from core.wakeups import Listener, Notifier
from knowledge.release_holder import ReleaseHolder
from orders.demo_store import DemoOrderStore, open_order_source

AT_ONCE = (1, 16)
WORKERS = (1, 2)
WARM_UP = 24
MESSAGES = 300
START_TIMEOUT_S = 240
STOP_TIMEOUT_S = 20
ANSWER_TIMEOUT_S = 60
LOOK_EVERY_S = 0.5


def measure(messages: int) -> list[dict[str, Any]]:
    """A row for each number of workers and of conversations at once."""
    with temporary_installation(load_settings()) as settings:
        holder = ReleaseHolder(settings, open_engine(settings), with_vectors=False)
        store = open_order_source(settings)
        if not isinstance(store, DemoOrderStore):
            raise SetupError("The measurement needs the demo orders; leave AFTERSAIL_ORDERS unset.")
        customers = Customers(settings, open_record(open_engine(settings), holder))
        talks = scripts(settings, holder.current().markets, store)
        return [row for count in WORKERS for row in _with_workers(customers, talks, messages, count)]


class Customers:
    """Writes messages as the web process does, and hears when they are answered."""

    def __init__(self, settings: Settings, record: Record) -> None:
        self.settings = settings
        self.answered = 0
        self._record = record
        self._notifier = Notifier(settings.run_dir)
        self._news: dict[str, asyncio.Event] = {}

    def talker(self, script: Script) -> Talk:
        """Sends the messages of one customer, who starts anew once a person has taken over."""
        sender = [uuid4().hex]

        async def talk(text: str) -> None:
            receipt = self._record.receive(Inbound("webchat", sender[0], script.market, text, uuid4().hex))
            conversation_id = receipt.conversation.id
            news = self._news.setdefault(conversation_id, asyncio.Event())
            self._notifier.wake("worker")
            await asyncio.wait_for(self._answer(news, receipt.message.id), ANSWER_TIMEOUT_S)
            after = self._record.conversation(conversation_id)
            self.answered += after.last_seq > receipt.message.seq
            if after.owner != "bot":
                sender[0] = uuid4().hex

        return talk

    async def listen(self) -> None:
        """Pass wake-ups on, until cancelled."""
        with Listener(self.settings.run_dir, "web", "bench") as listener:
            while True:
                for conversation_id in await listener.wait(LOOK_EVERY_S) or list(self._news):
                    self._news[conversation_id].set()

    async def _answer(self, news: asyncio.Event, message_id: str) -> None:
        while self._record.message(message_id).status == "received":
            await news.wait()
            news.clear()


def _with_workers(customers: Customers, talks: Iterator[Script], messages: int, count: int) -> list[dict[str, Any]]:
    with _workers(customers.settings, count) as (process_ids, start_s):
        rows = asyncio.run(_rows(customers, talks, messages, process_ids))
        memory = megabytes(process_ids)
    name = f"aftersail, {count} worker{'s' if count > 1 else ''}"
    return [{"server": name, **row, "memory_mb": memory, "start_s": round(start_s, 1)} for row in rows]


async def _rows(
    customers: Customers, talks: Iterator[Script], messages: int, process_ids: list[int]
) -> list[dict[str, Any]]:
    conversations = ((customers.talker(script), script.texts) for script in talks)
    listening = asyncio.create_task(customers.listen())
    await asyncio.sleep(0)
    await drive(conversations, WARM_UP, 2, process_ids)
    rows = []
    for at_once in AT_ONCE:
        customers.answered = 0
        load = await drive(conversations, messages, at_once, process_ids)
        rows.append({"at once": at_once, **load.row(), "answered": round(customers.answered / messages, 3)})
    listening.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await listening
    return rows


@contextlib.contextmanager
def _workers(settings: Settings, count: int) -> Iterator[tuple[list[int], float]]:
    """Process ids of ready workers, and the seconds until all were ready."""
    environment = {**os.environ, "AFTERSAIL_DATA_DIR": str(settings.data_dir), "AFTERSAIL_DATABASE_URL": ""}
    names = [f"worker-{number}" for number in range(1, count + 1)]
    started = time.perf_counter()
    with Listener(settings.run_dir, "up", "bench") as up:
        processes = [
            subprocess.Popen([sys.executable, "-m", "aftersail.worker_process", name], env=environment)
            for name in names
        ]
        try:
            asyncio.run(_ready(up, set(names), processes))
            yield [process.pid for process in processes], time.perf_counter() - started
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(STOP_TIMEOUT_S)


async def _ready(up: Listener, names: set[str], processes: list[subprocess.Popen[bytes]]) -> None:
    for _ in itertools.repeat(None, START_TIMEOUT_S):
        names -= await up.wait(1.0)
        if not names:
            return
        if any(process.poll() is not None for process in processes):
            raise SetupError("A worker did not start; its log line above says why.")
    raise SetupError(f"{', '.join(sorted(names))} did not start within {START_TIMEOUT_S} s")


if __name__ == "__main__":
    quiet_libraries()
    given = arguments(__doc__, messages=MESSAGES)
    show("Worker", measure(given.messages), given.json)
