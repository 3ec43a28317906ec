"""Other companies' helpdesks, put together: the door in the web process, the bridge in the courier process."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import httpx
from prometheus_client import CollectorRegistry

from aftersail.channels import POOL, TIMEOUT, Surroundings
from aftersail.desk_channels import open_channel_desk
from aftersail.gate import open_terms
from aftersail.helpdesk_accounts import VENDORS, open_vendors
from aftersail.helpdesk_texts import AgentWriting, RecordTexts
from aftersail.promises import market_promise
from aftersail.secret import with_secret
from aftersail.translators import open_translator
from connectors.delivery.errors import DeliveryError
from connectors.helpdesks.bridge import Bridge
from connectors.helpdesks.helpdesk import Helpdesk
from connectors.helpdesks.intake import DeskIntake
from connectors.helpdesks.masking import load_masker
from connectors.intake.metrics import IntakeMetrics
from connectors.media.links import MediaLinks
from conversations.helpdesk_cases import HelpdeskCases
from conversations.helpdesk_replies import HelpdeskReplies, waiting_longer
from conversations.inbox import Inbox
from core.settings import Settings
from core.wakeups import COURIER, WEB, Bell
from desk.packet.sources import PacketSources
from glossaries.violations import GateRelease
from knowledge.release_holder import ReleaseHolder
from languages.translation.translator import Translator
from orders.demo_store import open_order_source

Task = Callable[[asyncio.Event], Awaitable[None]]


@dataclass(frozen=True)
class HelpdeskCourier:
    """What carries cases to helpdesks, and their answers back."""

    bridge: Bridge
    intake: DeskIntake
    client: httpx.AsyncClient
    bells: tuple[Bell, Bell]

    async def run(self, stopped: asyncio.Event) -> None:
        """Until `stopped`, or until a part fails, which ends the other too."""
        async with self.client, asyncio.TaskGroup() as group:
            group.create_task(self.bridge.run(self.bells[0].wait, stopped))
            group.create_task(self.intake.run(self.bells[1].wait, stopped))

    def ring(self) -> None:
        """Let both look for what is new."""
        for bell in self.bells:
            bell.ring()


def open_helpdesk_courier(
    around: Surroundings,
    name: str,
    clock: Callable[[], float] = time.time,
    client: httpx.AsyncClient | None = None,
    orders_of: Settings | None = None,
) -> HelpdeskCourier | None:
    """What the courier process runs; None without an accounts file. `orders_of`: settings of the order source where
    they are others. Raises ContentError, SetupError.
    """
    client = client or httpx.AsyncClient(limits=POOL, timeout=TIMEOUT)
    vendors = open_vendors(around.settings, _markets(around.holder), client)
    if not vendors:
        return None
    desks = by_account(vendors)
    engine, settings = around.engine, around.settings
    terms = open_terms(around.holder)
    translator = open_translator(settings, terms)
    promise = market_promise(lambda: around.holder.current().markets)
    texts = _texts(around, terms, translator, clock, orders_of or settings)

    def overdue(desk: str, seconds: float) -> int:
        return waiting_longer(engine, seconds, clock(), desk)

    bridge = Bridge(
        HelpdeskCases(engine, f"{name}-helpdesks", clock, promise), desks, texts, load_masker(), overdue, clock
    )
    intake = DeskIntake(
        inbox=Inbox(engine, f"{name}-helpdesks", clock, only=VENDORS),
        accounts={account: desk.accounts[account] for account, desk in desks.items()},
        replies=HelpdeskReplies(engine, around.gate, clock, promise),
        words=AgentWriting(translator, terms),
        news=lambda conversation_id: [around.notify(role, conversation_id) for role in (WEB, COURIER)],
        metrics=IntakeMetrics(CollectorRegistry()),
        clock=clock,
    )
    return HelpdeskCourier(bridge, intake, client, (Bell(), Bell()))


def _texts(
    around: Surroundings,
    terms: Callable[[], GateRelease],
    translator: Translator,
    clock: Callable[[], float],
    orders_of: Settings,
) -> RecordTexts:
    settings, holder = around.settings, around.holder
    channels = open_channel_desk(settings, around.engine, holder, clock)
    sources = PacketSources(holder.current, terms, open_order_source(orders_of), channels.state, clock)
    return RecordTexts(around.engine, translator, _links(settings), sources, _address(settings))


def by_account(vendors: Mapping[str, Helpdesk]) -> Mapping[str, Helpdesk]:
    """Each account's helpdesk, by our name of it."""
    return {name: desk for desk in vendors.values() for name in desk.accounts}


async def examine_helpdesks(settings: Settings, holder: ReleaseHolder) -> Sequence[tuple[str, str, str]]:
    """(account, what was found, what is wrong) of every account, asked of the vendors; one of the two is empty."""
    found = []
    async with httpx.AsyncClient(timeout=TIMEOUT) as client:
        for name, desk in by_account(open_vendors(settings, _markets(holder), client)).items():
            try:
                found.append((name, await desk.examine(name), ""))
            except DeliveryError as error:
                found.append((name, "", str(error)))
    return found


def _markets(holder: ReleaseHolder) -> frozenset[str]:
    return frozenset(holder.current().markets)


def _address(settings: Settings) -> str:
    return (settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/")


def _links(settings: Settings) -> MediaLinks:
    return MediaLinks(with_secret(settings).secret.get_secret_value(), _address(settings))
