"""The channels with a vendor behind them: opened from the accounts file, with everything that serves them."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from prometheus_client import CollectorRegistry
from pydantic import BaseModel
from sqlalchemy.engine import Engine
from starlette.routing import BaseRoute

from aftersail.account_notices import AccountNotices
from aftersail.delivery_words import ReleaseDeliveryWords
from aftersail.files import open_links
from aftersail.helpdesk_accounts import VENDORS
from aftersail.housekeeping import Housekeeping
from aftersail.late_answers import LateAnswers
from aftersail.undelivered import Undelivered
from connectors.accounts import load_accounts
from connectors.channel import Channel
from connectors.delivery.attempt import Attempts
from connectors.delivery.limits import Limits
from connectors.delivery.metrics import DeliveryMetrics
from connectors.delivery.sender import Sender
from connectors.intake.acknowledge import Acknowledger
from connectors.intake.apply import Applied, Applier
from connectors.intake.loop import Intake
from connectors.intake.metrics import IntakeMetrics
from connectors.intake.routes import Webhooks
from connectors.intake.statuses import Statuses
from connectors.intake.writer import EventWriter
from connectors.line.account import LineAccount
from connectors.line.client import LineChannel
from connectors.media.fetch import MediaFetcher
from connectors.media.limits import load_limits
from connectors.media.store import MediaStore
from connectors.media.stored import ReadFile, StoredFiles, no_file
from connectors.whatsapp.account import WhatsAppAccount
from connectors.whatsapp.channel import WhatsAppChannel
from connectors.whatsapp.template_file import TemplateFile
from conversations.contacts import Contacts
from conversations.corrections import Corrections
from conversations.delivery_states import DeliveryStates
from conversations.inbox import Inbox
from conversations.media import MediaRecord
from conversations.notices import Notices
from conversations.originals import Originals
from conversations.outbox import Outbox
from conversations.outgoing import Gate
from conversations.record import Record
from core.settings import Settings
from core.wakeups import COURIER, Bell, Notifier
from knowledge.release_holder import ReleaseHolder

MODELS: Mapping[str, type[BaseModel]] = {"whatsapp": WhatsAppAccount, "line": LineAccount}
POOL = httpx.Limits(max_connections=200, max_keepalive_connections=50)
TIMEOUT = httpx.Timeout(10.0, connect=5.0, pool=5.0)
Task = Callable[[asyncio.Event], Awaitable[None]]


@dataclass(frozen=True)
class Bells:
    """What wakes the parts."""

    events: Bell
    send: Bell
    media: Bell


@dataclass(frozen=True)
class Doors:
    """Routes, and the writer behind them, which must run."""

    routes: Sequence[BaseRoute]
    writer: EventWriter


@dataclass(frozen=True)
class Courier:
    """What carries messages from and to the vendors."""

    tasks: Sequence[Task]  # each runs until the event is set
    bells: Bells
    client: httpx.AsyncClient

    async def run(self, stopped: asyncio.Event) -> None:
        """Until `stopped`, or until a part fails, which ends the others too."""
        async with self.client, asyncio.TaskGroup() as group:
            for task in self.tasks:
                group.create_task(_as_coroutine(task, stopped))

    def ring(self) -> None:
        """Let every part look for what is new."""
        for bell in (self.bells.events, self.bells.send):
            bell.ring()


@dataclass(frozen=True)
class Surroundings:
    """What channels are opened with."""

    settings: Settings
    engine: Engine
    holder: ReleaseHolder
    record: Record
    gate: Gate
    notify: Callable[[str, str], object]  # (role, conversation id)
    registry: CollectorRegistry


def open_vendor_channels(
    settings: Settings, holder: ReleaseHolder, client: httpx.AsyncClient, read: ReadFile = no_file
) -> Mapping[str, Channel]:
    """Channels with accounts, by name; empty without an accounts file. Raises ContentError or SetupError.

    `read`: gives the files that are sent, in a process that sends.
    """
    if not settings.channels:
        return {}
    markets = frozenset(holder.current().markets)
    accounts = load_accounts(settings.content_dir / settings.channels, MODELS, markets)
    words = ReleaseDeliveryWords(holder.current)
    opened: dict[str, Channel] = {}
    if accounts.get("whatsapp"):
        registry = TemplateFile(settings.templates_file)
        opened["whatsapp"] = WhatsAppChannel(accounts["whatsapp"].values(), client, registry, words.locale, read=read)
    if accounts.get("line"):
        opened["line"] = LineChannel(client, list(accounts["line"].values()))
    return opened


def open_doors(settings: Settings, engine: Engine, holder: ReleaseHolder, registry: CollectorRegistry) -> Doors | None:
    """What the web process serves for the channels: webhooks; None without an accounts file."""
    client = httpx.AsyncClient(limits=POOL, timeout=TIMEOUT)
    channels = open_vendor_channels(settings, holder, client)
    if not channels:
        return None
    writer = EventWriter(Inbox(engine, f"web-{settings.port}"))
    notifier = Notifier(settings.run_dir)
    webhooks = Webhooks(channels, writer, lambda: notifier.wake(COURIER), IntakeMetrics(registry))
    return Doors(webhooks.routes(), writer)


def open_courier(around: Surroundings, name: str) -> Courier | None:
    """What the courier process runs; None without an accounts file."""
    client = httpx.AsyncClient(limits=POOL, timeout=TIMEOUT)
    stored = StoredFiles(MediaRecord(around.engine), MediaStore(around.settings.media_dir))
    channels = open_vendor_channels(around.settings, around.holder, client, stored.read)
    if not channels:
        return None
    bells = Bells(Bell(), Bell(), Bell())
    parts = _Parts(around, channels, bells, name)
    tasks: list[Task] = [
        lambda stopped: parts.intake().run(bells.events.wait, stopped),
        lambda stopped: parts.sender.run(bells.send.wait, stopped),
        lambda stopped: parts.late_answers().run(stopped, bells.send.ring),
        lambda stopped: parts.fetcher.run(bells.media.wait, stopped),
        lambda stopped: parts.housekeeping().run(stopped),
    ]
    return Courier(tasks, bells, client)


class _Parts:
    """The parts of the services, put together."""

    def __init__(self, around: Surroundings, channels: Mapping[str, Channel], bells: Bells, name: str) -> None:
        self._around = around
        self._channels = channels
        self._bells = bells
        self._inbox = Inbox(around.engine, name, but=VENDORS)
        self._metrics = IntakeMetrics(around.registry)
        engine = around.engine
        self._contacts = Contacts(engine)
        self._media = MediaRecord(engine)
        self._store = MediaStore(around.settings.media_dir)
        self._limits = load_limits()
        self.fetcher = MediaFetcher(self._media, self._store, self._limits, channels, self._news)
        self._states = DeliveryStates(engine)
        self._notices = Notices(engine, around.gate)
        self._tell = Undelivered(engine, around.record, self._contacts, self._notices, around.holder, self._news)
        attempts = Attempts(self._states, Limits(time.time), self._tell, DeliveryMetrics(around.registry))
        words = ReleaseDeliveryWords(around.holder.current)
        self.sender = Sender(Outbox(engine, name), attempts, channels, words, link=open_links(around.settings).link)
        self._acknowledger = Acknowledger(self._contacts)

    def intake(self) -> Intake:
        """What applies events."""
        around = self._around
        applier = Applier(
            record=around.record,
            contacts=self._contacts,
            corrections=Corrections(around.engine),
            media=self._media,
            states=self._states,
            statuses=Statuses(self._states, around.record, self._tell),
            inbox=self._inbox,
            operator=AccountNotices(around.engine, self._templates_of()),
            originals=Originals(around.engine, self._notices),
        )
        return Intake(self._inbox, applier, self._channels, self._received, self._metrics)

    def late_answers(self) -> LateAnswers:
        """What tells people that their answer takes longer."""
        around = self._around
        return LateAnswers(self._contacts, around.record, self._notices, around.holder, self._channels)

    def housekeeping(self) -> Housekeeping:
        """What forgets what is old."""
        return Housekeeping(self._inbox, self._contacts, self.fetcher, self._around.settings.media_days)

    def _templates_of(self) -> TemplateFile | None:
        return TemplateFile(self._around.settings.templates_file) if "whatsapp" in self._channels else None

    def _received(self, channel: Channel, applied: Applied) -> None:
        receipt = applied.receipt
        self._bells.send.ring()
        if receipt is None or receipt.duplicate:
            return
        self._around.notify("worker", receipt.conversation.id)
        self._news(receipt.conversation.id)
        self._bells.media.ring()
        self._acknowledger.show(channel, applied)

    def _news(self, conversation_id: str) -> None:
        self._around.notify("web", conversation_id)


async def _as_coroutine(task: Task, stopped: asyncio.Event) -> Any:
    await task(stopped)
