"""The simulator as an ASGI app."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette

from tests.simulators.common.scheduler import Scheduler
from tests.simulators.line.api import Api
from tests.simulators.line.config import SimulatorConfig
from tests.simulators.line.control import Control
from tests.simulators.line.delivery import Delivery
from tests.simulators.line.state import World


class Platform:
    """The parts of a simulator: state, delivery of webhooks, control, app."""

    def __init__(self, config: SimulatorConfig) -> None:
        self.world = World(config)
        self.scheduler = Scheduler(self.world.clock)
        self.delivery = Delivery(self.world, self.scheduler)
        self.control = Control(self.world, self.delivery, self.scheduler)
        routes = [*Api(self.world, self.delivery).routes(), *self.control.routes()]
        self.app = Starlette(routes=routes, lifespan=self._lifespan)

    @contextlib.asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        del app
        runner = asyncio.create_task(self.scheduler.run())
        try:
            yield
        finally:
            runner.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await runner
            await self.delivery.close()


def create_app(config: SimulatorConfig) -> Starlette:
    """A simulator of the LINE Messaging API: the vendor's endpoints, /sim to control it, a page at /."""
    return Platform(config).app
