"""A real Chromium, a real server, and a stand-in bot behind it."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chat_page import ChatPage
from tests.desk.conftest import desk, desk_holder, desk_installation, make_desk  # noqa: F401  # fixtures
from tests.support.bot import StandInBot
from tests.support.desk import DeskWorld
from tests.support.desk_site import DeskSite
from tests.support.installation import cannot_run
from tests.support.live import LiveServer
from tests.support.webchat import Installation, StandInWords, install

ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-features=LocalNetworkAccessChecks",  # a made-up seller's page talks to loopback
]
PATIENCE_MS = 20_000  # two cores may have much else to do
SELLER = "http://seller.test"


def word(language: str, name: str, **values: str) -> str:
    """A word of the widget as the replies files have it."""
    return StandInWords().strings("DE", language, f"widget_{name}")[f"widget_{name}"].format(**values)


class MovableClock:
    """The real time, moved by `offset` seconds."""

    def __init__(self) -> None:
        self.offset = 0.0

    def __call__(self) -> float:
        return time.time() + self.offset


@dataclass
class Site:
    """A running web chat."""

    installation: Installation
    server: LiveServer
    bot: StandInBot
    clock: MovableClock


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        cannot_run("needs chromium: apt-get install chromium")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    clock = MovableClock()
    installation = install(tmp_path, clock, allowed_origins=SELLER)
    server = LiveServer(installation.app, installation.hub)
    bot = StandInBot(installation.engine, server.wake, clock)
    with server, bot:
        yield Site(installation, server, bot, clock)


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Makes pages in contexts of their own; a script error or a breach of the page's policy fails the test."""
    contexts = []
    faults: list[str] = []

    def watch(text: str) -> None:
        if "Content Security" in text or "Trusted" in text:
            faults.append(text)

    def make(**options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 860}, "locale": "de-DE", **options})
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: watch(message.text))
        return page

    yield make
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def desk_site(desk: DeskWorld, browser: Browser) -> Iterator[DeskSite]:  # noqa: F811  # it is the fixture
    """A running desk; a script error or a breach of a page's policy fails the test."""
    site = DeskSite(desk, browser)
    with site.server:
        yield site
        site.close()
    assert site.faults == []


@pytest.fixture
def chat(new_page: Callable[..., Page], site: Site) -> ChatPage:
    return ChatPage(new_page(), site.server.url)
