"""The desk, put together: its routes, and what runs beside them."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from prometheus_client import CollectorRegistry
from sqlalchemy.engine import Engine
from starlette.routing import BaseRoute

from aftersail.desk_channels import open_channel_desk
from aftersail.gate import open_terms
from aftersail.promises import market_promise
from aftersail.translators import open_translator
from conversations.outgoing import Gate
from core.settings import Settings
from desk.after.pages import after_pages
from desk.app import desk_routes
from desk.conversation.pages import conversation_pages
from desk.deps import DeskDeps
from desk.live.pages import live_pages
from desk.packet.pages import packet_pages
from desk.people.pages import people_pages
from desk.people.sessions import Sessions
from desk.queue.pages import queue_pages
from desk.web.routing import Page
from desk.writing.pages import writing_pages
from knowledge.release_holder import ReleaseHolder
from orders.demo_store import open_order_source

Task = Callable[[asyncio.Event], Coroutine[Any, Any, None]]  # runs until the event is set


@dataclass(frozen=True)
class DeskParts:
    """What the web process serves and runs for the desk."""

    deps: DeskDeps
    routes: Sequence[BaseRoute]
    tasks: Sequence[Task] = field(default_factory=tuple)
    rung: Callable[[str], None] = lambda _note: None  # a wake-up of the web process came, with its note


def open_desk(
    settings: Settings,
    engine: Engine,
    holder: ReleaseHolder,
    notify: Callable[[str, str], object],
    registry: CollectorRegistry,
    *,
    clock: Callable[[], float] = time.time,
    orders_of: Settings | None = None,
) -> DeskParts:
    """The desk; `orders_of`: settings of the order source where they are others. Raises SetupError."""
    terms = open_terms(holder)
    deps = DeskDeps(
        engine=engine,
        settings=settings,
        release=holder.current,
        gate=Gate(terms),
        terms=terms,
        translator=open_translator(settings, terms),
        orders=open_order_source(orders_of or settings),
        channels=open_channel_desk(settings, engine, holder, clock),
        doorkeeper=Sessions(engine, clock),
        promise=market_promise(lambda: holder.current().markets),
        notify=notify,
        clock=clock,
    )
    return DeskParts(deps, desk_routes(deps, _pages()))


def _pages() -> Sequence[Page]:
    return [
        *people_pages(),
        *queue_pages(),
        *live_pages(),
        *conversation_pages(),
        *writing_pages(),
        *packet_pages(),
        *after_pages(),
    ]
