"""Two machines on one PostgreSQL, each with a courier and a worker: nothing is done twice, lost or out of order.

Every part has an engine, an event loop and a name of its own, as in a process; what they share is the database.
"""

import asyncio
import random
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from time import monotonic, time
from uuid import uuid4

import pytest
import sqlalchemy as sa
import structlog
from sqlalchemy.engine import URL, Engine

from connectors.channel import Accepted, Task, Way
from connectors.delivery.errors import TryRecipientLater
from connectors.events import Event, StatusChange
from conversations.model import Reply
from conversations.work import TurnResult, WorkQueue
from core.database import open_engine, reading
from core.errors import LostLease
from core.schema import messages
from core.schema_channels import deliveries
from core.settings import Settings
from tests.support import postgres
from tests.support.channel import Clock, ScriptedChannel, event, said
from tests.support.channel_desk import Desk
from tests.support.gate import open_gate

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(180)]

PEOPLE, EACH, ANSWERS = 16, 6, 2  # messages of each person, answers to each message
PATIENCE_S = 90.0
LOOK_S = 0.02
BUSY = 0.1  # share of calls that the vendor puts off
MACHINES = ("a", "b")


class RealClock(Clock):
    """The clock that processes go by."""

    def __call__(self) -> float:
        """Seconds since 1970."""
        return time()


class Vendor:
    """Takes calls of all machines, slowly, and says of each that it was sent."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rng = random.Random(7)
        self.taken: dict[str, list[str]] = defaultdict(list)  # texts by person
        self.by: Counter[str] = Counter()  # calls by machine
        self.calling: Counter[str] = Counter()  # calls that are being made, by person
        self.at_once = 0  # most calls of one person at the same time
        self.news: list[Event] = []  # not told yet

    def sender(self, machine: str) -> Callable[[Task, Way], object]:
        """What the machine's channel calls."""

        async def send(task: Task, _way: Way) -> Accepted:
            person, text, vendor_id = str(task.address["id"]), str(task.body["text"]), uuid4().hex
            with self._lock:
                pause, is_busy = self._rng.uniform(0, 0.01), self._rng.random() < BUSY
                self.calling[person] += 1
                self.at_once = max(self.at_once, self.calling[person])
            await asyncio.sleep(pause)
            with self._lock:
                self.calling[person] -= 1
                if is_busy:
                    raise TryRecipientLater("429", "busy", retry_after_s=0.05)
                self.taken[person].append(text)
                self.by[machine] += 1
                self.news.append(event(StatusChange(vendor_id, "sent", task.id), f"s{vendor_id}", time()))
            return Accepted((vendor_id,))

        return send

    def tell(self) -> Sequence[Event]:
        """What it has to say since the last call."""
        with self._lock:
            news, self.news = self.news, []
        return news

    def count(self) -> int:
        """Calls that it took."""
        with self._lock:
            return sum(map(len, self.taken.values()))


@pytest.fixture
def url() -> Iterator[URL]:
    url = postgres.new_database()
    yield url
    postgres.drop(url)


@contextmanager
def engine_on(url: URL) -> Iterator[Engine]:
    """An engine like that of a process."""
    engine = open_engine(Settings(_env_file=None, database_url=url.render_as_string(hide_password=False)))
    try:
        yield engine
    finally:
        engine.dispose()


def carry(engine: Engine, machine: str, vendor: Vendor, stopped: threading.Event) -> int:
    """A courier until `stopped`. Number of events that it applied."""

    async def run() -> int:
        channel = ScriptedChannel(reports_delivery=True, on_send=vendor.sender(machine))  # type: ignore[arg-type]
        desk = Desk(engine, channel, f"courier-1@{machine}", RealClock())
        ended = asyncio.Event()

        async def wait(_seconds: float) -> None:
            await asyncio.sleep(LOOK_S)
            if stopped.is_set():
                ended.set()

        async with asyncio.TaskGroup() as group:
            group.create_task(desk.intake.run(wait, ended))
            group.create_task(desk.sender.run(wait, ended))
        return len(desk.received)

    return asyncio.run(run())


def work(engine: Engine, machine: str, stopped: threading.Event) -> Counter[str]:
    """A worker until `stopped`. How often it finished the turn of each message."""
    queue = WorkQueue(engine, f"worker-1@{machine}", open_gate(), RealClock())
    finished: Counter[str] = Counter()
    while not stopped.is_set():
        conversation_id = queue.claim()
        if conversation_id is None:
            stopped.wait(LOOK_S)
            continue
        left = 1
        while left and (waiting := queue.next_message(conversation_id)):
            conversation, message, slots = waiting
            replies = [Reply(f"{message.text}.{number}", "de") for number in range(ANSWERS)]
            try:
                left = queue.commit(conversation, message, TurnResult(replies, slots))
            except LostLease:
                break
            finished[message.id] += 1
        queue.release(conversation_id)
    return finished


async def customers(engine: Engine, vendor: Vendor) -> None:
    """Everybody's messages and the vendor's news come to the door, each twice; until all is answered."""
    web = Desk(engine, ScriptedChannel(), "web", RealClock())
    written = [(number, person) for number in range(EACH) for person in range(PEOPLE)]
    deadline = monotonic() + PATIENCE_S
    async with web.door() as client:
        while vendor.count() < PEOPLE * EACH * ANSWERS or vendor.news:
            assert monotonic() < deadline, f"{vendor.count()} calls were taken"
            now, written = written[:PEOPLE], written[PEOPLE:]
            events = [
                event(said(f"{number}", f"m{person}-{number}", f"p{person}"), f"e{person}-{number}", time())
                for number, person in now
            ]
            for body in [[*events, *vendor.tell()]] * 2:
                if body:
                    assert (await web.post(client, *body)).status_code == 200
            await asyncio.sleep(LOOK_S)


def texts(person_messages: Sequence[str]) -> list[str]:
    return [f"{text}.{number}" for text in person_messages for number in range(ANSWERS)]


def test_everything_is_done_once_and_in_order(url: URL) -> None:
    vendor, stopped = Vendor(), threading.Event()
    with ExitStack() as stack, ThreadPoolExecutor(2 * len(MACHINES)) as pool, structlog.testing.capture_logs() as logs:
        engines = [stack.enter_context(engine_on(url)) for _ in range(2 * len(MACHINES) + 1)]
        couriers = [pool.submit(carry, engines.pop(), machine, vendor, stopped) for machine in MACHINES]
        workers = [pool.submit(work, engines.pop(), machine, stopped) for machine in MACHINES]
        try:
            asyncio.run(customers(engines[0], vendor))
        finally:
            stopped.set()
        applied = [courier.result(30) for courier in couriers]
        turns = [worker.result(30) for worker in workers]
        written = [str(number) for number in range(EACH)]
        assert vendor.taken == {f"p{person}": texts(written) for person in range(PEOPLE)}
        assert vendor.at_once == 1
        assert set((turns[0] + turns[1]).values()) == {1}
        assert len(turns[0] + turns[1]) == PEOPLE * EACH
        _judge_record(engines[0], written)
        # Both machines had their share, or nothing was tried here.
        assert min(*applied, *map(len, turns), *(vendor.by[machine] for machine in MACHINES)) > 0
    assert not [line for line in logs if line["log_level"] in ("error", "critical")]


def _judge_record(engine: Engine, written: Sequence[str]) -> None:
    """What the record says: every message once, in order, sent."""
    by_person: Mapping[str, list[tuple[str, str]]] = defaultdict(list)
    with reading(engine) as connection:
        for row in connection.execute(sa.select(messages).order_by(messages.c.conversation_id, messages.c.seq)):
            by_person[row.conversation_id].append((row.direction, row.text))
        states = set(connection.execute(sa.select(deliveries.c.state, deliveries.c.repeated)).tuples())
    assert len(by_person) == PEOPLE
    for said_and_told in by_person.values():
        assert [text for direction, text in said_and_told if direction == "in"] == written
        assert [text for direction, text in said_and_told if direction == "out"] == texts(written)
    assert states <= {("sent", 0), ("accepted", 0)}
