"""The web part of a channel_office.Office: doors, intake and sender over the channels that it is given."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import httpx
from prometheus_client import CollectorRegistry
from sqlalchemy.engine import Engine
from starlette.applications import Starlette

from connectors.channel import Channel
from connectors.delivery.attempt import Attempts, Tell
from connectors.delivery.limits import Limits
from connectors.delivery.metrics import DeliveryMetrics
from connectors.delivery.sender import Sender
from connectors.intake.apply import Applied, Applier
from connectors.intake.loop import Intake
from connectors.intake.metrics import IntakeMetrics
from connectors.intake.routes import Webhooks
from connectors.intake.statuses import Statuses
from connectors.intake.writer import EventWriter
from conversations.contacts import Contacts
from conversations.corrections import Corrections
from conversations.delivery_states import DeliveryStates
from conversations.inbox import Inbox
from conversations.media import MediaRecord
from conversations.notices import Notices
from conversations.originals import Originals
from conversations.outbox import Outbox
from conversations.record import Record
from core.wakeups import Bell
from tests.support.channel import NoWords
from tests.support.channel_desk import Notebook
from tests.support.gate import open_gate

LOOK_S = 0.02
DRAIN_S = 10.0


class Web:
    """One life of the web part."""

    def __init__(
        self, engine: Engine, record: Record, tell: Tell, channels: Mapping[str, Channel], client: httpx.AsyncClient
    ) -> None:
        registry = CollectorRegistry()
        self._client = client
        self._events, self._send = Bell(), Bell()
        inbox = Inbox(engine, "web-1")
        self._writer = EventWriter(inbox)
        metrics = IntakeMetrics(registry)
        self._webhooks = Webhooks(channels, self._writer, self._events.ring, metrics)
        states = DeliveryStates(engine)
        applier = Applier(
            record=record,
            contacts=Contacts(engine),
            corrections=Corrections(engine),
            media=MediaRecord(engine),
            states=states,
            statuses=Statuses(states, record, tell),
            inbox=inbox,
            operator=Notebook(),
            originals=Originals(engine, Notices(engine, open_gate())),
        )
        self._intake = Intake(inbox, applier, channels, self._received, metrics)
        attempts = Attempts(states, Limits(time.time), tell, DeliveryMetrics(registry))
        self._sender = Sender(Outbox(engine, "web-1"), attempts, channels, NoWords())

    def app(self, more: Sequence[Any]) -> Starlette:
        """The ASGI app."""
        return Starlette(routes=[*self._webhooks.routes(), *more], lifespan=self._running)

    def _received(self, channel: Channel, applied: Applied) -> None:
        self._send.ring()

    @contextlib.asynccontextmanager
    async def _running(self, app: Starlette) -> AsyncIterator[None]:
        stopped = asyncio.Event()
        async with self._client:
            parts = [self._intake.run(self._events.wait, stopped), self._sender.run(self._look, stopped)]
            tasks = [asyncio.create_task(part) for part in (self._writer.run(), *parts)]
            try:
                yield
            finally:
                stopped.set()
                await asyncio.wait(tasks[1:], timeout=DRAIN_S)
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self, timeout_s: float) -> None:
        """The worker's wake-up is a process's affair; here the sender looks often."""
        await self._send.wait(min(timeout_s, LOOK_S))
