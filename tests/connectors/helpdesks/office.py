"""Our side and a simulated helpdesk, joined by a network that fails on demand and webhooks that a test delivers."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette

from aftersail.channels import Surroundings
from aftersail.gate import open_terms
from aftersail.helpdesk_accounts import open_vendors
from aftersail.helpdesk_texts import AgentWriting, RecordTexts
from aftersail.helpdesks import HelpdeskCourier, open_helpdesk_courier
from connectors.helpdesks.doors import HelpdeskDoors
from connectors.intake.metrics import IntakeMetrics
from connectors.intake.writer import EventWriter
from conversations.handoff_rows import Handoff
from conversations.helpdesk_cases import HelpdeskCase
from conversations.helpdesk_replies import list_cases
from conversations.inbox import Inbox
from conversations.model import Message, Receipt
from languages.translation.engine import PLAIN, DecodeOptions, Hypothesis, Pair
from languages.translation.translator import Translator
from orders.model import Order
from tests.languages.translation.fake_engine import FakeEngine
from tests.simulators.chatwoot import ChatwootSimulator
from tests.simulators.helpdesk_wire import Webhook, Wire
from tests.simulators.zendesk import ZendeskSimulator
from tests.support.desk import DeskWorld, MakeDesk
from tests.support.installation import Installation

MARKETS = ("DE", "JP", "SA", "TH", "TW")
ACCOUNTS = {
    "chatwoot": """
chatwoot:
  - name: outside
    markets: [{markets}]
    language: en
    when_resolved: {when_resolved}
    calls_per_minute: 2500
    api_url: http://chatwoot
    account_id: 3
    inbox_id: 5
    user_id: 45
    access_token: simulated-chatwoot-token
    webhook_secret: simulated-chatwoot-secret
""",
    "zendesk": """
zendesk:
  - name: outside
    markets: [{markets}]
    language: en
    when_resolved: {when_resolved}
    calls_per_minute: 2500
    subdomain: shop
    api_url: http://zendesk
    account_id: 1000001
    user_id: 900
    email: bot@desk.example
    api_token: simulated-zendesk-token
    signing_secret: simulated-zendesk-secret
""",
}
SAYS = {  # what the translation engine knows
    "Wo bleibt mein Paket?": "Where is my parcel?",
    "私の荷物はどこですか？": "Where is my parcel?",
    "أين طردي؟": "Where is my parcel?",
    "พัสดุของฉันอยู่ที่ไหน": "Where is my parcel?",
    "Your parcel is on its way.": "Ihr Paket ist unterwegs.",
}


class KnowingEngine(FakeEngine):
    """Translates the sentences that it knows, and gives others a mark of the target's."""

    def translate(self, sentences: Sequence[str], pair: Pair, options: DecodeOptions = PLAIN) -> list[list[Hypothesis]]:
        self.version(pair)
        return [[Hypothesis(SAYS.get(sentence, f"({sentence})"), -1.0)] for sentence in sentences]


class Killed(BaseException):
    """The process dies here."""


class Office:
    """One helpdesk of one vendor with everything on our side."""

    def __init__(
        self, vendor: str, make_desk: MakeDesk, folder: Path, installation: Installation, when_resolved: str = "close"
    ) -> None:
        file = folder / "helpdesks.yml"
        file.write_text(ACCOUNTS[vendor].format(markets=", ".join(MARKETS), when_resolved=when_resolved))
        self.vendor = vendor
        self.installation = installation
        self.world: DeskWorld = make_desk(helpdesks=str(file))
        self.clock = self.world.clock
        simulators = {"chatwoot": ChatwootSimulator, "zendesk": ZendeskSimulator}
        self.there: Any = simulators[vendor](self.clock)
        self.wire = Wire(self.there.app)
        self.courier = self.start("courier-1")
        self._door = httpx.AsyncClient()

    def start(self, name: str) -> HelpdeskCourier:
        """A courier process."""
        world = self.world
        client = httpx.AsyncClient(transport=self.wire)
        around = Surroundings(
            world.settings, world.engine, world.holder, world.record, world.gate, self._notify, CollectorRegistry()
        )
        courier = open_helpdesk_courier(around, name, self.clock, client, self.installation.settings)
        assert courier is not None
        terms = open_terms(world.holder)
        pairs = [(one, "en") for one in ("de", "ja", "ar", "th", "zh-Hant")]
        pairs += [("en", "de"), ("en", "ja")]
        translator = Translator([KnowingEngine(*pairs)], terms)
        texts = courier.bridge.texts
        assert isinstance(texts, RecordTexts)
        courier.bridge.texts = replace(texts, translator=translator)
        return replace(courier, intake=replace(courier.intake, words=AgentWriting(translator, terms)))

    def _notify(self, role: str, note: str) -> None:
        self.world.woken.append((role, note))

    @asynccontextmanager
    async def opened(self) -> AsyncIterator["Office"]:
        """The door, in this event loop."""
        world = self.world
        vendors = open_vendors(world.settings, frozenset(MARKETS), httpx.AsyncClient())
        writer = EventWriter(Inbox(world.engine, "web", self.clock))
        doors = HelpdeskDoors(vendors, writer, lambda: None, IntakeMetrics(CollectorRegistry()), self.clock)
        transport = httpx.ASGITransport(Starlette(routes=doors.routes()))
        writing = asyncio.create_task(writer.run())
        async with httpx.AsyncClient(transport=transport, base_url="http://us") as self._door:
            yield self
        writing.cancel()

    @asynccontextmanager
    async def case(self, text: str = "Wo bleibt mein Paket?", **options: str) -> AsyncIterator[Handoff]:
        """A hand-off that has become a case there, with the door open; `options` as DeskWorld.waiting takes them."""
        handoff = self.world.waiting(text, **options)
        async with self.opened():
            await self.settle()
            yield handoff

    def customer_writes(self, handoff: Handoff, text: str, **options: Any) -> Receipt:
        """The customer of a hand-off writes again."""
        sender = self.world.conversation(handoff.conversation_id).sender
        return self.world.write(text, sender=sender, **options)

    # --- time and deliveries -------------------------------------------------------------------------------------

    async def post(self, webhook: Webhook, vendor: str = "") -> int:
        """Status with which our door answers."""
        path = f"/webhooks/helpdesks/{vendor or self.vendor}"
        return (await self._door.post(path, content=webhook.body, headers=dict(webhook.headers))).status_code

    def take(self) -> list[Webhook]:
        """The webhooks that are on their way, which are the test's to deliver."""
        waiting = list(self.there.webhooks)
        self.there.webhooks.clear()
        return waiting

    async def deliver(self, shuffle: Callable[[list[Webhook]], list[Webhook]] = list) -> None:
        """Every webhook that is on its way."""
        for webhook in shuffle(self.take()):
            assert await self.post(webhook) == 200

    async def settle(self, rounds: int = 6) -> None:
        """Let time pass and everybody work until nothing is left to do."""
        for _ in range(rounds):
            await self.courier.bridge.serve_due()
            await self.deliver()
            self.clock.now += 21
            await self.courier.intake.apply_waiting()

    def order(self, market: str, state: str) -> Order:
        """A demo order."""
        return self.installation.order(market, state)

    # --- what stands there, and here -----------------------------------------------------------------------------

    @property
    def cases(self) -> list[str]:
        """Cases at the vendor's."""
        return [str(number) for number in (self.there.conversations if self._is_chatwoot else self._tickets)]

    def notes(self, case: str) -> list[str]:
        """Private notes of the case."""
        return self._texts(case, lambda item: item["private"] if self._is_chatwoot else not item["is_public"])

    def said(self, case: str) -> list[str]:
        """What the customer said in the case."""
        if self._is_chatwoot:
            return self._texts(case, lambda item: item["message_type"] == 0)
        return self._texts(case, lambda item: item["is_public"] and not item["author"]["is_staff"])

    def state(self, case: str) -> str:
        """resolved or open."""
        status = (self.there.conversations if self._is_chatwoot else self.there.tickets)[int(case)]["status"]
        return "resolved" if status in ("resolved", "solved", "closed") else "open"

    def row(self) -> HelpdeskCase:
        """Our newest row."""
        return list_cases(self.world.engine, include_closed=True)[0]

    def answers(self, handoff: Handoff) -> list[Message]:
        """What agents there have sent to the customer."""
        return [item for item in self.world.messages(handoff.conversation_id) if item.author.startswith("agent:")]

    @property
    def _is_chatwoot(self) -> bool:
        return self.vendor == "chatwoot"

    @property
    def _tickets(self) -> Any:
        return getattr(self.there, "tickets", {})

    def _texts(self, case: str, wanted: Callable[[Any], bool]) -> list[str]:
        listed = (self.there.messages if self._is_chatwoot else self.there.comments)[int(case)]
        return [item["content" if self._is_chatwoot else "body"] for item in listed if wanted(item)]
