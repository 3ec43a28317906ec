"""The desk's routes, put together."""

from collections.abc import Sequence

from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount

from desk.deps import DeskDeps
from desk.web.assets import Assets
from desk.web.headers import DeskHeaders
from desk.web.render import Pages
from desk.web.routing import Door, Page


def desk_routes(deps: DeskDeps, pages: Sequence[Page]) -> list[BaseRoute]:
    """Everything below /desk."""
    assets = Assets()
    door = Door(deps, Pages(assets))
    return [Mount("/desk", routes=[assets.route(), *door.routes(pages)], middleware=[Middleware(DeskHeaders)])]
