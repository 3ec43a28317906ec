"""The courier process: `python -m aftersail.courier NAME`. Applies what vendors told, and sends what is to be sent.

It is a process of its own so that webhooks are answered at once however much there is to carry (decision 0011).
"""

import asyncio
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import structlog
from prometheus_client import CollectorRegistry

from aftersail.assembly_web import open_record
from aftersail.channels import Courier, Surroundings, open_courier
from aftersail.gate import open_terms
from aftersail.helpdesks import HelpdeskCourier, open_helpdesk_courier
from conversations.outgoing import Gate
from core.database import migrate, open_engine
from core.errors import ContentError, SetupError
from core.logs import configure_logs
from core.settings import Settings, load_settings
from core.supervised import holder_of, let_others_go_first, supervisor_is_gone
from core.wakeups import COURIER, Listener, Notifier
from knowledge.release_holder import ReleaseHolder

logger = structlog.get_logger(__name__)

LOOK_EVERY_S = 1.0
THREADS = 2  # more only wait for each other while they hold the write lock: webhooks took twice as long


def main() -> None:
    """Run until SIGTERM or SIGINT; what is being sent is finished first."""
    settings = load_settings()
    configure_logs(settings.log_level)
    let_others_go_first()
    try:
        asyncio.run(_run(settings, sys.argv[1] if len(sys.argv) > 1 else f"{COURIER}-1"))
    except (SetupError, ContentError) as error:
        logger.error("setup", problem=str(error))
        sys.exit(2)


async def _run(settings: Settings, name: str) -> None:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, "courier"))
    couriers = _open(settings, holder_of(name))
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    with Listener(settings.run_dir, COURIER, name) as listener:
        logger.info("courier_ready", name=name)
        Notifier(settings.run_dir).wake("up", name)
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(_listen(listener, couriers, stopped))
            async with asyncio.TaskGroup() as carrying:
                for courier in couriers:
                    carrying.create_task(courier.run(stopped))
            listening.cancel()
    logger.info("courier_stopped", name=name)


def _open(settings: Settings, name: str) -> Sequence[Courier | HelpdeskCourier]:
    engine = open_engine(settings)
    migrate(engine)
    holder = ReleaseHolder(settings, engine, with_vectors=False)
    holder.current()
    gate = Gate(open_terms(holder))
    notifier = Notifier(settings.run_dir)
    around = Surroundings(
        settings, engine, holder, open_record(engine, holder), gate, notifier.wake, CollectorRegistry()
    )
    couriers = [item for item in (open_courier(around, name), open_helpdesk_courier(around, name)) if item]
    if not couriers:
        raise SetupError("there is nothing to carry: neither AFTERSAIL_CHANNELS nor AFTERSAIL_HELPDESKS names a file")
    return couriers


async def _listen(listener: Listener, couriers: Sequence[Courier | HelpdeskCourier], stopped: asyncio.Event) -> None:
    """Ring the couriers' bells at wake-ups, until it is stopped."""
    while not stopped.is_set():
        if supervisor_is_gone():
            stopped.set()
        if await listener.wait(LOOK_EVERY_S):
            for courier in couriers:
                courier.ring()


if __name__ == "__main__":
    main()
