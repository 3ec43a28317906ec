"""The desk on a real web server, for a real browser: pages of people who are signed in."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page
from starlette.applications import Starlette

from connectors.webchat.hub import Hub
from desk.web.routing import COOKIE
from tests.support.desk import DeskWorld
from tests.support.live import LiveServer

WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
SMALL = {"width": 320, "height": 640}  # 1280 pixels at a zoom of 400 %
AXE = Path(__file__).parent.parent / "browser" / "vendor" / "axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SETTLE_MS = 20_000
_UNDER_WAY = ", ".join([
    ".htmx-request", ".htmx-swapping", ".htmx-settling", ".skeleton", "[hx-trigger=load]:empty",
    "[data-composer]:not([data-ready])", "[data-looking]",
])  # fmt: skip
# Calm for some frames: what one part has brought may ask for another.
_SETTLED = """([underWay, most]) => new Promise(done => {
  const end = performance.now() + most;
  let calm = 0;
  const look = () => {
    calm = document.readyState !== 'complete' || document.querySelector(underWay) ? 0 : calm + 1;
    if (calm > 5 || performance.now() > end) done(calm > 5);
    else requestAnimationFrame(look);
  };
  look();
})"""
_RUN = "async tags => (await axe.run(document, {runOnly: {type: 'tag', values: tags}})).violations"


class DeskServer(LiveServer):
    """A web server with what runs beside the desk."""

    def __init__(self, world: DeskWorld) -> None:
        super().__init__(Starlette(routes=list(world.routes)), Hub())
        self._world = world

    def ring(self, note: str) -> None:
        """A wake-up of the web process; lost while the server is down."""
        loop = self._loop
        if loop is not None and loop.is_running():
            loop.call_soon_threadsafe(self._world.parts.rung, note)

    def _run(self) -> None:
        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            stopped = asyncio.Event()
            tasks = [asyncio.create_task(task(stopped)) for task in self._world.parts.tasks]
            await self._server.serve()
            stopped.set()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        asyncio.run(serve())


class DeskSite:
    """A running desk. `world` puts customers and people into it; `page()` opens a browser."""

    def __init__(self, world: DeskWorld, browser: Browser) -> None:
        self.world = world
        self.server = DeskServer(world)
        self.faults: list[str] = []  # script errors and breaches of the page's policy
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        world.on_wake = self._woken

    @property
    def url(self) -> str:
        """Where the desk is."""
        return f"{self.server.url}/desk"

    def page(self, name: str = "anna", path: str = "", *, agent: dict[str, Any] | None = None, **options: Any) -> Page:
        """A page of the agent, who is made with `agent` (role, markets …) if unknown; '' is nobody.

        `path`: opened at once, below /desk. `options`: of the browser's context (viewport, color_scheme, locale …).
        """
        context = self._browser.new_context(**{"viewport": WIDE, "locale": "en-GB", **options})
        context.set_default_timeout(20_000)
        self._contexts.append(context)
        if name:
            client = self.world.client(name, **(agent or {}))
            context.add_cookies([{"name": COOKIE, "value": client.cookies[COOKIE], "url": self.server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda message: self._watch(message.text))
        if path:
            self.open(page, path)
        return page

    def open(self, page: Page, path: str) -> Page:
        """Go to a page below /desk and wait until its scripts run."""
        page.goto(f"{self.url}{path}")
        page.wait_for_selector("html[data-ready=yes]", state="attached")
        return page

    def close(self) -> None:
        """Close every browser window."""
        for context in self._contexts:
            context.close()

    def _woken(self, role: str, note: str) -> None:
        if role == "web":
            self.server.ring(note)

    def _watch(self, text: str) -> None:
        if "Content Security" in text or "Trusted" in text:
            self.faults.append(text)


def violations(page: Page, ignore: Callable[[dict[str, Any]], bool] = lambda _: False) -> list[str]:
    """What axe-core finds wrong on the page: rule, element and why; empty when nothing is."""
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(_RUN, _RULES)
    return [
        f"{one['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
        for one in found
        if not ignore(one)
        for node in one["nodes"]
    ]


def settle(page: Page) -> None:
    """Wait until the parts of the page that it loads by itself are there, and the scripts have done with them."""
    assert page.evaluate(_SETTLED, [_UNDER_WAY, SETTLE_MS]), f"{page.url} does not come to rest"


def sideways(page: Page) -> int:
    """By how many pixels the page scrolls sideways."""
    return int(page.evaluate("document.scrollingElement.scrollWidth - innerWidth"))
