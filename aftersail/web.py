"""The web process: `python -m aftersail.web`. Takes messages in, writes them down, shows what comes back."""

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from urllib.parse import urlsplit

import structlog
import uvicorn
from prometheus_client import CollectorRegistry
from sqlalchemy.engine import Engine
from starlette.applications import Starlette

from aftersail.assembly_web import demo_shop, open_record
from aftersail.channels import Doors, open_doors
from aftersail.closing import Closing, load_closing_hours
from aftersail.desk import DeskParts, open_desk
from aftersail.files import open_links
from aftersail.health import health_routes
from aftersail.helpdesk_doors import open_helpdesk_doors
from aftersail.secret import with_secret
from aftersail.shop_window import ReleaseWords
from connectors.webchat.deps import WebchatDeps
from connectors.webchat.hub import Hub
from connectors.webchat.routes import webchat_routes
from core.database import migrate, open_engine
from core.errors import ContentError, SetupError
from core.logs import configure_logs
from core.settings import Settings, load_settings
from core.supervised import supervisor_is_gone
from core.wakeups import Listener, Notifier
from knowledge.release_holder import ReleaseHolder

logger = structlog.get_logger(__name__)

LOOK_EVERY_S = 1.0  # sockets look for rows at least so often: a wake-up may be lost
SHUTDOWN_S = 5


def build_app(settings: Settings, engine: Engine, clock: Callable[[], float] = time.time) -> Starlette:
    """The ASGI app. Raises SetupError when it cannot work."""
    holder = ReleaseHolder(settings, engine, with_vectors=False)
    holder.current()
    hub = Hub()
    notifier = Notifier(settings.run_dir)
    doors = open_doors(settings, engine, holder, CollectorRegistry())
    helpdesks = open_helpdesk_doors(settings, engine, holder, CollectorRegistry())
    desk = open_desk(
        settings, engine, holder, lambda role, note: _wake(notifier, role, note), CollectorRegistry(), clock=clock
    )
    links = open_links(settings)
    deps = WebchatDeps(
        record=open_record(engine, holder),
        notify=lambda role, conversation_id: _wake(notifier, role, conversation_id),
        words=ReleaseWords(holder.current),
        demo=demo_shop(settings, holder),
        settings=settings,
        clock=clock,
        link=lambda media_id: urlsplit(links.link(media_id)).path,
        hub=hub,
    )
    routes = [*health_routes(settings, engine, holder, notifier, hub), *webchat_routes(deps)]
    open_to_vendors = [item for item in (doors, helpdesks) if item]
    routes += [*desk.routes, *(route for item in open_to_vendors for route in item.routes)]
    closing = Closing(engine, load_closing_hours(), notifier.news, clock)
    return Starlette(routes=routes, lifespan=lambda _: _running(settings, hub, open_to_vendors, closing, desk))


def _wake(notifier: Notifier, role: str, conversation_id: str) -> None:
    notifier.wake(role, conversation_id)


@contextlib.asynccontextmanager
async def _running(
    settings: Settings, hub: Hub, doors: Sequence[Doors], closing: Closing, desk: DeskParts
) -> AsyncIterator[None]:
    with Listener(settings.run_dir, "web", str(settings.port)) as listener:
        stopped = asyncio.Event()
        tasks = [asyncio.create_task(_ring(listener, hub, desk)), asyncio.create_task(closing.run())]
        tasks += [asyncio.create_task(task(stopped)) for task in desk.tasks]
        tasks += [asyncio.create_task(item.writer.run()) for item in doors]
        for task in tasks:
            task.add_done_callback(_stop_if_failed)
        try:
            yield
        finally:
            stopped.set()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def _stop_if_failed(task: asyncio.Task[None]) -> None:
    """A part that ends by an error takes the process with it: its supervisor starts a whole one."""
    if not task.cancelled() and task.exception():
        logger.critical("part_failed", exc_info=task.exception())
        signal.raise_signal(signal.SIGTERM)


async def _ring(listener: Listener, hub: Hub, desk: DeskParts) -> None:
    """Wake whoever has news, for as long as the process lives."""
    while True:
        if supervisor_is_gone():
            signal.raise_signal(signal.SIGTERM)
        notes = await listener.wait(LOOK_EVERY_S)
        for note in notes:
            hub.hear(note)
            desk.rung(note)
        if not notes:
            hub.wake_all()


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    settings = load_settings()
    configure_logs(settings.log_level)
    try:
        settings = with_secret(settings)
        engine = open_engine(settings)
        migrate(engine)
        app = build_app(settings, engine)
    except (SetupError, ContentError) as error:
        logger.error("setup", problem=str(error))
        sys.exit(2)
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        ws="wsproto",
        ws_max_size=65_536,
        timeout_graceful_shutdown=SHUTDOWN_S,
        server_header=False,
        proxy_headers=False,  # the web chat believes X-Forwarded-For of trusted proxies only
    )


if __name__ == "__main__":
    main()
