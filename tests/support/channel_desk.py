"""Intake and sender over a scripted channel, on a real database, with a clock that a test sets."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx
import sqlalchemy as sa
from prometheus_client import CollectorRegistry
from sqlalchemy.engine import Engine
from starlette.applications import Starlette

from connectors.channel import Channel
from connectors.delivery.attempt import Attempts
from connectors.delivery.errors import DeliveryError
from connectors.delivery.limits import Limits
from connectors.delivery.metrics import DeliveryMetrics
from connectors.delivery.sender import Sender
from connectors.events import Event, What
from connectors.intake.apply import Applied, Applier
from connectors.intake.loop import Intake
from connectors.intake.metrics import IntakeMetrics
from connectors.intake.routes import Webhooks
from connectors.intake.statuses import Statuses
from connectors.intake.writer import EventWriter
from conversations import rows
from conversations.contacts import Contacts
from conversations.corrections import Corrections
from conversations.dead_letters import DeadLetters
from conversations.delivery_model import Delivery, select_deliveries, to_delivery
from conversations.delivery_states import DeliveryStates
from conversations.inbox import Inbox
from conversations.media import MediaRecord
from conversations.model import Conversation, Message, Reply
from conversations.notices import Notices
from conversations.originals import Originals
from conversations.outbox import Outbox
from conversations.outgoing import Draft, insert_outgoing
from conversations.record import Record
from conversations.work import TurnResult, WorkQueue
from core.database import reading
from core.schema_channels import deliveries
from tests.support.channel import SIGNATURE, Clock, NoWords, ScriptedChannel, event, make_body, sign
from tests.support.gate import open_gate
from tests.support.records import MarketLanguage

MOST_ROUNDS = 100


@dataclass
class Notebook:
    """connectors.intake.apply.Operator that only remembers."""

    kept: list[tuple[str, str, str]] = field(default_factory=list)

    def notice(self, channel: str, account: str, topic: str, details: Mapping[str, Any], at: float) -> None:
        """Remembered."""
        self.kept.append((channel, account, topic))


class Desk:
    """Everything of one process; `holder` is its name."""

    def __init__(
        self,
        engine: Engine,
        channel: ScriptedChannel | None = None,
        holder: str = "web-1",
        clock: Clock | None = None,
    ) -> None:
        self.engine = engine
        self.clock = clock or Clock()
        self.channel = channel or ScriptedChannel()
        self.channels: dict[str, Channel] = {self.channel.name: self.channel}
        self.registry = CollectorRegistry()
        self.gate = open_gate()
        self.record = Record(engine, MarketLanguage(), self.clock)
        self.inbox = Inbox(engine, holder, self.clock)
        self.contacts = Contacts(engine, self.clock)
        self.states = DeliveryStates(engine, self.clock)
        self.letters = DeadLetters(engine, self.clock)
        self.outbox = Outbox(engine, holder, self.clock)
        self.operator = Notebook()
        self.told: list[tuple[str, str]] = []  # (text of the delivery, code of the error)
        self.received: list[Applied] = []
        self.limits = Limits(self.clock)
        self.metrics = DeliveryMetrics(self.registry)
        self.writer = EventWriter(self.inbox)
        self.intake_metrics = IntakeMetrics(self.registry)
        self.woken = 0
        attempts = Attempts(self.states, self.limits, self._tell, self.metrics, clock=self.clock, rng=Random(1))
        self.sender = Sender(self.outbox, attempts, self.channels, NoWords(), self.clock, Random(1))
        self.intake = self._intake()
        webhooks = Webhooks(self.channels, self.writer, self._wake, self.intake_metrics, self.clock)
        self.app = Starlette(routes=webhooks.routes())

    def _intake(self) -> Intake:
        applier = Applier(
            record=self.record,
            contacts=self.contacts,
            corrections=Corrections(self.engine, self.clock),
            media=MediaRecord(self.engine, self.clock),
            states=self.states,
            statuses=Statuses(self.states, self.record, self._tell, self.clock, Random(1)),
            inbox=self.inbox,
            operator=self.operator,
            originals=Originals(self.engine, Notices(self.engine, self.gate, self.clock)),
            clock=self.clock,
        )
        return Intake(
            self.inbox, applier, self.channels, lambda _, applied: self.received.append(applied), self.intake_metrics
        )

    def _tell(self, _conversation: Conversation, delivery: Delivery, error: DeliveryError) -> None:
        self.told.append((str(delivery.body["text"]), error.code))

    def _wake(self) -> None:
        self.woken += 1

    # --- what comes in ---------------------------------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def door(self) -> AsyncIterator[httpx.AsyncClient]:
        """A client at the vendors' door, with the writer going behind it."""
        writing = asyncio.create_task(self.writer.run())
        try:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://test") as client:
                yield client
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

    async def post(
        self, client: httpx.AsyncClient, *events: Event, secret: str = "secret-of-de", body: bytes | None = None
    ) -> httpx.Response:
        """The answer to a signed webhook."""
        content = make_body(*events) if body is None else body
        headers = {SIGNATURE: sign(secret, content)}
        return await client.post(f"/webhooks/{self.channel.name}", content=content, headers=headers)

    async def deliver(self, *events: Event) -> None:
        """One webhook of the German account, written and applied."""
        async with self.door() as client:
            assert (await self.post(client, *events)).status_code == 200
        await self.apply()

    async def tell(self, what: What, event_id: str, at: float | None = None) -> None:
        """One event that happened just now."""
        await self.deliver(event(what, event_id, self.clock() if at is None else at))

    async def apply(self) -> None:
        """All that can be applied now."""
        for _ in range(MOST_ROUNDS):
            if not await self.intake.apply_waiting():
                return
        raise AssertionError("the intake does not come to an end")

    # --- what goes out ---------------------------------------------------------------------------------------------

    def conversation(self, sender: str = "ann", account: str = "de") -> Conversation:
        """The person's conversation; the person is known from now on."""
        self.contacts.resolve(self.channel.name, account, sender, ())
        self.contacts.wrote(self.channel.name, account, sender, self.clock(), "", {"id": sender})
        return self.record.open_conversation(self.channel.name, sender, "DE", account=account)

    def write(self, conversation: Conversation, *texts: str, author: str = "bot", **payload: Any) -> list[Message]:
        """Messages to send, through the gate, in one transaction."""
        reply = [Reply(text, "de", payload) for text in texts]
        passed = [self.gate.clear(Draft(one, author), conversation.market) for one in reply]
        with self.engine.begin() as connection:
            current = rows.conversation(connection, conversation.id)
            last = current.last_seq + len(passed)
            rows.update(connection, conversation.id, last_seq=last)
            insert_outgoing(connection, current, None, passed, last, self.clock())
            return rows.history(connection, conversation.id, current.last_seq, len(passed))

    def answer(self, *texts: str, worker: str = "worker", **result: Any) -> str:
        """The id of the conversation that waited longest, after the bot's turn."""
        queue = WorkQueue(self.engine, worker, self.gate, self.clock)
        conversation_id = queue.claim()
        assert conversation_id
        waiting = queue.next_message(conversation_id)
        assert waiting
        conversation, message, slots = waiting
        queue.commit(conversation, message, TurnResult([Reply(text, "de") for text in texts], slots, **result))
        queue.release(conversation_id)
        return conversation_id

    async def send(self, rounds: int = 1) -> None:
        """Let the sender try what is due, `rounds` times."""
        for _ in range(rounds):
            await self.sender.send_due()

    async def send_for(self, seconds: float, step: float = 1.0) -> None:
        """Let time pass in steps with the sender going."""
        for _ in range(int(seconds / step)):
            await self.sender.send_due()
            self.clock.pass_s(step)
        await self.sender.send_due()

    # --- what is in the database -----------------------------------------------------------------------------------

    def deliveries(self) -> list[Delivery]:
        """All deliveries, in order of conversation and position."""
        with reading(self.engine) as connection:
            statement = select_deliveries().order_by(deliveries.c.conversation_id, deliveries.c.position)
            return [to_delivery(row) for row in connection.execute(statement)]

    def states_of(self) -> list[str]:
        """The deliveries' states."""
        return [one.state.value for one in self.deliveries()]

    def history(self, conversation: Conversation) -> list[tuple[str, str, str]]:
        """(direction, text, status) of a conversation's messages."""
        return [(one.direction, one.text, one.status) for one in self.record.history(conversation.id)]

    def count(self, table: sa.Table, **where: Any) -> int:
        """Number of rows."""
        statement = sa.select(sa.func.count()).where(*(table.c[name] == value for name, value in where.items()))
        with reading(self.engine) as connection:
            return int(connection.execute(statement.select_from(table)).scalar_one())

    def sample(self, name: str, **labels: str) -> float:
        """A metric's value; 0 when it was never counted."""
        return self.registry.get_sample_value(name, labels) or 0.0
