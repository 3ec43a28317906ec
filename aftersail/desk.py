"""The desk, put together: its routes, and what runs beside them."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry
from sqlalchemy.engine import Engine
from starlette.routing import BaseRoute

from aftersail.check_in import CheckIns, open_check_ins
from aftersail.desk_channels import open_channel_desk
from aftersail.desk_suggestions import open_suggester
from aftersail.files import file_routes, open_file_desk, tidy_files
from aftersail.gate import open_terms
from aftersail.helpdesk_accounts import helpdesk_markets
from aftersail.lasting import Task, lasting
from aftersail.promise_watch import open_promise_watch
from aftersail.promises import market_promise
from aftersail.routing import open_assigner
from aftersail.surveys import open_surveys
from aftersail.translators import open_translator
from conversations.notices import Notices
from conversations.outgoing import Gate
from core.settings import Settings
from desk.after.pages import after_pages
from desk.app import desk_routes
from desk.conversation.pages import conversation_pages
from desk.deps import DeskDeps
from desk.live.live import Live
from desk.live.notes import read_typing
from desk.live.pages import live_pages
from desk.packet.pages import packet_pages
from desk.people.pages import people_pages
from desk.people.sessions import Sessions
from desk.queue.assigning import Assigner
from desk.queue.pages import queue_pages
from desk.queue.rows import WindowLeft
from desk.web.routing import Page
from desk.writing.files import EXTRA as FILES
from desk.writing.pages import writing_pages
from desk.writing.suggestions import EXTRA as SUGGESTER
from knowledge.release_holder import ReleaseHolder
from orders.demo_store import open_order_source


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
    channels = open_channel_desk(settings, engine, holder, clock)
    deps = DeskDeps(
        engine=engine,
        settings=settings,
        release=holder.current,
        gate=Gate(terms),
        terms=terms,
        translator=open_translator(settings, terms),
        orders=open_order_source(orders_of or settings),
        channels=channels,
        doorkeeper=Sessions(engine, clock),
        promise=market_promise(lambda: holder.current().markets),
        notify=notify,
        clock=clock,
        extras={
            SUGGESTER: open_suggester(orders_of or settings, holder, settings.desk_suggestions),
            FILES: open_file_desk(settings, engine, clock),
        },
    )
    live = Live(engine, clock)
    outside = helpdesk_markets(settings, frozenset(holder.current().markets))
    assigner = open_assigner(engine, lambda: holder.current().markets, deps.promise, deps.news, clock, outside)
    notices = Notices(engine, deps.gate, clock)
    surveys = open_surveys(engine, holder.current, notices, channels, deps.news, registry, clock)
    check_ins = open_check_ins(deps, notices)
    pages = _pages(live, channels.window_left)
    tasks: Mapping[str, Task] = {
        "quotas": channels.keep_quotas,
        "live": live.run,
        "routing": assigner.run,
        "promises": open_promise_watch(deps).run,
        "check_ins": check_ins.run,
        "surveys": surveys.run,
        "files": tidy_files(settings, engine, clock).run,
    }
    kept = [lasting(task, name) for name, task in tasks.items()]
    return DeskParts(
        deps, [*file_routes(settings, engine), *desk_routes(deps, pages)], kept, _ring(live, assigner, check_ins)
    )


def _ring(live: Live, assigner: Assigner, check_ins: CheckIns) -> Callable[[str], None]:
    """Passes a wake-up of the web process on."""

    def rung(note: str) -> None:
        live.rung(note)
        check_ins.rung(note)
        if read_typing(note) is None:
            assigner.rung()

    return rung


def _pages(live: Live, window_left: WindowLeft) -> Sequence[Page]:
    return [
        *people_pages(),
        *queue_pages(window_left),
        *live_pages(live),
        *conversation_pages(),
        *writing_pages(),
        *packet_pages(),
        *after_pages(),
    ]
