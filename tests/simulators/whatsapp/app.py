"""The simulator as an ASGI app."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette

from tests.simulators.common.page import page_routes
from tests.simulators.whatsapp.api import GraphApi
from tests.simulators.whatsapp.config import SimulatorConfig
from tests.simulators.whatsapp.control import Control
from tests.simulators.whatsapp.simulation import Simulation

PAGE = Path(__file__).parent / "page"


def create_app(config: SimulatorConfig) -> Starlette:
    """An app with the vendor's endpoints under /vN.N/, the controls under /sim/ and the page at /.

    `app.state.simulation` is what runs inside; time passes and webhooks go out while the app's lifespan is open.
    """
    simulation = Simulation(config)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await simulation.start()
        try:
            yield
        finally:
            await simulation.stop()

    routes = [*page_routes(PAGE), *Control(simulation).routes(), *GraphApi(simulation).routes()]
    app = Starlette(routes=routes, lifespan=lifespan)
    app.state.simulation = simulation
    return app
