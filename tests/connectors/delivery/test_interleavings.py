"""Random histories of one conversation: nothing is lost, and nothing goes twice whose outcome was known."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import ClassVar, Literal

import pytest
import sqlalchemy as sa
import structlog
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy.engine import Engine

from connectors.channel import Accepted, Task, Way
from connectors.delivery import errors
from connectors.events import StatusChange
from conversations.outbox import HOLD_S
from core.tables import metadata
from tests.support.channel import Clock, ScriptedChannel, said
from tests.support.channel_desk import Desk
from tests.support.records import new_engine

Outcome = Literal["taken", "busy", "silent, taken", "silent, lost", "dies before", "dies after", "refused", "hold"]
OUTCOMES: tuple[Outcome, ...] = (
    "taken",
    "busy",
    "silent, taken",
    "silent, lost",
    "dies before",
    "dies after",
    "refused",
    "hold",
)
PROOF_S = 30.0
UNKNOWN = {"silent, taken", "silent, lost", "dies before", "dies after"}


class Vendor:
    """What the vendor really took, whatever it said."""

    def __init__(self) -> None:
        self.script: list[Outcome] = []
        self.taken: list[tuple[str, str]] = []  # (text, id), in order
        self.doubtful: set[str] = set()  # texts of which a try ended without a known outcome
        self.stopped: set[str] = set()  # texts that were refused or held: they may come later than others
        self.trackers: dict[str, str] = {}

    async def send(self, task: Task, way: Way) -> Accepted:
        """The outcome that comes next."""
        text = str(task.body["text"])
        outcome = self.script.pop(0) if self.script else "taken"
        if outcome in UNKNOWN:
            self.doubtful.add(text)
        if outcome in ("refused", "hold"):
            self.stopped.add(text)
        if outcome in ("taken", "silent, taken", "dies after"):
            self.taken.append((text, f"v{len(self.taken) + 1}"))
            self.trackers[self.taken[-1][1]] = task.id
        if outcome == "taken":
            return Accepted((self.taken[-1][1],))
        if outcome.startswith("dies"):
            raise asyncio.CancelledError
        raise {
            "busy": errors.TryRecipientLater("429", "busy"),
            "refused": errors.Refused("131", "refused"),
            "hold": errors.Hold("window_closed", "closed"),
        }.get(outcome, errors.Uncertain("timeout", "silence"))


class Interleavings(RuleBasedStateMachine):
    """One person, one vendor, senders that die."""

    engine: ClassVar[Engine]  # one for all histories: making the tables takes longer than a history

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.written = 0
        self.events = 0
        self.vendor = Vendor()
        self.clock = Clock()
        self.logs = structlog.testing.capture_logs()
        self.logs.__enter__()

    @initialize()
    def begin(self) -> None:
        """An empty database."""
        with self.engine.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(sa.delete(table))
        self.channel = ScriptedChannel(reports_delivery=True, proof_wait_s=PROOF_S, on_send=self.vendor.send)
        self.desk = Desk(self.engine, self.channel, clock=self.clock)
        self.ann = self.desk.conversation()

    @rule(count=st.integers(1, 3))
    def write(self, count: int) -> None:
        """The bot's turn."""
        texts = [f"{self.written + number:03}" for number in range(count)]
        self.written += count
        self.desk.write(self.ann, *texts)

    @rule(script=st.lists(st.sampled_from(OUTCOMES), max_size=4))
    def serve(self, script: list[Outcome]) -> None:
        """The sender's turn; it may die in it."""
        self.vendor.script = list(script)
        self.turn()
        self.vendor.script = []

    @rule(name=st.sampled_from(["web-1", "web-2"]), freed=st.booleans())
    def start(self, name: str, freed: bool) -> None:
        """Another process takes over."""
        self.desk = Desk(self.engine, self.channel, name, self.clock)
        if freed:
            self.desk.outbox.free()

    @rule(seconds=st.sampled_from([0.5, 2.0, PROOF_S, HOLD_S, 400.0]))
    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.clock.pass_s(seconds)

    @precondition(lambda self: self.vendor.taken)
    @rule(pick=st.integers(0, 100), status=st.sampled_from(["sent", "delivered", "read"]))
    def status(self, pick: int, status: Literal["sent", "delivered", "read"]) -> None:
        """The vendor says how far a message came."""
        _, vendor_id = self.vendor.taken[pick % len(self.vendor.taken)]
        self.tell(StatusChange(vendor_id, status, self.vendor.trackers[vendor_id]))

    @rule()
    def customer_writes(self) -> None:
        """What was held goes now."""
        self.tell(said("hello", f"m{self.events}"))

    @rule(pick=st.integers(0, 100))
    def resend(self, pick: int) -> None:
        """A person sends a dead letter again."""
        letters = self.desk.letters.list()
        if letters:
            self.desk.letters.resend(letters[pick % len(letters)].delivery.id)

    @invariant()
    def nothing_goes_twice_whose_outcome_was_known(self) -> None:
        """Only a doubtful try may be repeated."""
        twice = {text for text, times in Counter(text for text, _ in self.vendor.taken).items() if times > 1}
        assert twice <= self.vendor.doubtful

    @invariant()
    def order_is_kept(self) -> None:
        """Of those that no vendor and no person stopped."""
        first = list(dict.fromkeys(text for text, _ in self.vendor.taken if text not in self.vendor.stopped))
        assert first == sorted(first)

    def teardown(self) -> None:
        """In the end all is sent, or stands on the list of those that are not."""
        try:
            if self.written:
                self.settle()
        finally:
            self.logs.__exit__(None, None, None)
            self.runner.close()

    def settle(self) -> None:
        for _ in range(self.written + 5):
            self.clock.pass_s(400.0)
            self.turn()
        letters = {letter.text for letter in self.desk.letters.list()}
        every = {f"{number:03}" for number in range(self.written)}
        assert every - letters <= {text for text, _ in self.vendor.taken}
        assert letters <= self.vendor.stopped
        self.nothing_goes_twice_whose_outcome_was_known()
        self.order_is_kept()
        texts = {row.text: row.status for row in self.desk.record.history(self.ann.id) if row.direction == "out"}
        assert {status for text, status in texts.items() if text not in letters} <= {"sent", "delivered", "read"}

    def turn(self) -> None:
        try:
            self.runner.run(self.desk.send())
        except asyncio.CancelledError:
            self.desk = Desk(self.engine, self.channel, "web-1", self.clock)

    def tell(self, what: StatusChange | object) -> None:
        self.events += 1
        self.runner.run(self.desk.tell(what, f"e{self.events}", self.clock()))  # type: ignore[arg-type]


Interleavings.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestInterleavings = Interleavings.TestCase


@pytest.fixture(scope="module", autouse=True)
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The database of all histories."""
    Interleavings.engine = new_engine(tmp_path_factory.mktemp("interleavings"))
    yield
    Interleavings.engine.dispose()
