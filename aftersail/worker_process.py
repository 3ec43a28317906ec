"""The worker process: `python -m aftersail.worker_process NAME`."""

import asyncio
import gc
import signal
import sys

import structlog
from prometheus_client import CollectorRegistry

from core.errors import SetupError
from core.logs import configure_logs
from core.settings import Settings, load_settings, quiet_libraries
from core.supervised import holder_of, let_others_go_first, supervisor_is_gone
from core.wakeups import Listener, Notifier

logger = structlog.get_logger(__name__)


def main() -> None:
    """Run until SIGTERM or SIGINT; the turn in progress is finished first."""
    settings = load_settings()
    configure_logs(settings.log_level)
    quiet_libraries()
    let_others_go_first()
    try:
        asyncio.run(_run(settings, sys.argv[1] if len(sys.argv) > 1 else "worker-1"))
    except SetupError as error:
        logger.error("setup", problem=str(error))
        sys.exit(2)


async def _run(settings: Settings, name: str) -> None:
    from aftersail.assembly import open_bot, open_worker  # rasa takes seconds to import; a wrong setting shows at once

    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    parts = open_bot(settings)
    worker = open_worker(settings, parts, holder_of(name), CollectorRegistry())
    gc.collect()
    gc.freeze()  # the model lives as long as the process: do not walk it at each collection
    with Listener(settings.run_dir, "worker", name) as listener:
        Notifier(settings.run_dir).wake("up", name)
        logger.info("worker_ready", name=name, release=parts.holder.current().id)

        async def wait(timeout_s: float) -> None:
            if supervisor_is_gone():
                stopped.set()
            else:
                await listener.wait(timeout_s)

        await worker.run(wait, stopped)
    logger.info("worker_stopped", name=name)


if __name__ == "__main__":
    main()
