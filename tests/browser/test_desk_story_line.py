"""A whole story: a Japanese customer on LINE, a German-speaking agent, the gate, hand-back, survey."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from rich.console import Console

from aftersail.demo_packages import install_demo_packages
from core.database import reading
from core.schema import ownership_events
from core.schema_desk import surveys
from desk.web.routing import COOKIE
from tests.simulators.line.demo import demo_config as line_demo
from tests.support.channel_people import LinePerson
from tests.support.channel_service import ChannelWorld, channel_world
from tests.support.channel_watch import change, until
from tests.support.desk_people import add_agent, sign_in
from tests.support.installation import Installation

PATIENCE_MS = 30_000  # two processes, two vendors and a browser share the machine
expect.set_options(timeout=PATIENCE_MS)
pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow]

GERMAN = "Guten Tag. Das Paket kommt morgen."
FORBIDDEN, APPROVED = "滅菌器", "消毒器"
BY_HAND = f"こんにちは。お荷物は明日届きます。{FORBIDDEN}も入っています。"
QUESTION = "送料はいくらですか？"


@pytest.fixture(scope="module")
def world(installation: Installation) -> Iterator[ChannelWorld]:
    assert install_demo_packages(installation.settings, Console(stderr=True)) == 4
    with channel_world(installation, line=line_demo()) as running:
        yield running


@pytest.fixture
def greta(world: ChannelWorld, new_page: Callable[..., Page]) -> Page:
    """A German-speaking agent at her desk."""
    engine = world.installation.engine
    add_agent(engine, "greta", time.time(), languages=["de"], markets=["JP"], presence="away")
    token, _ = sign_in(engine, "greta", time.time())
    page = new_page(locale="en-GB", viewport={"width": 1440, "height": 900})
    page.context.add_cookies([{"name": COOKIE, "value": token, "url": world.service.url}])
    return page


def test_from_hand_off_to_survey(world: ChannelWorld, greta: Page) -> None:
    customer = LinePerson(world, "JP", 77)
    told = customer.say("担当者と話したいです")
    assert customer.handoffs(), told.text

    _take_from_the_queue(world, greta, customer)
    _answer_with_the_gate_between(greta, customer)
    _hand_back(greta, customer)
    _close_with_a_survey(world, greta, customer)


def _take_from_the_queue(world: ChannelWorld, greta: Page, customer: LinePerson) -> None:
    greta.goto(f"{world.service.url}/desk/queue?view=waiting")
    greta.locator(f"a[href*='/desk/c/{customer.conversation().id}']").first.click()
    expect(greta.locator("#messages")).to_contain_text("話したいです")
    greta.locator("#do-take").click()
    expect(greta.locator("#do-release")).to_be_visible()
    assert customer.conversation().owner == "agent:greta"


def _answer_with_the_gate_between(greta: Page, customer: LinePerson) -> None:
    written, translation = greta.locator("textarea[data-text]"), greta.locator("textarea[data-translation]")
    written.fill(GERMAN)
    expect(translation).to_have_value(re.compile("[ぁ-ん]"))
    translation.fill(BY_HAND)
    finding = greta.locator(".finding", has_text=FORBIDDEN)
    expect(finding).to_contain_text(FORBIDDEN)
    greta.locator("[data-send]").click()
    expect(greta.locator("[data-alert]")).to_be_visible()
    assert not customer.look().bubbles  # nothing has left
    finding.locator("[data-fix]").first.click()
    expect(translation).to_have_value(BY_HAND.replace(FORBIDDEN, APPROVED))
    expect(finding).to_have_count(0)
    greta.locator("[data-send]").click()
    assert BY_HAND.replace(FORBIDDEN, APPROVED) in customer.wait_for(1).text
    expect(greta.locator("#messages")).to_contain_text(APPROVED)
    expect(written).to_have_value("")


def _hand_back(greta: Page, customer: LinePerson) -> None:
    greta.locator("#ask-hand-back").click()
    greta.locator("#act button[type=submit]").click()
    until(lambda: customer.conversation().owner == "bot", "handed back")
    assert "550" in customer.say(QUESTION).text  # the bot neither stays silent nor hands off again
    assert not customer.handoffs()


def _close_with_a_survey(world: ChannelWorld, greta: Page, customer: LinePerson) -> None:
    greta.reload()
    greta.locator("#do-take").click()
    closed = customer.conversation().id
    greta.locator("#do-close").click()
    until(lambda: customer.conversation().id != closed, "closed")
    _pass_time(world, closed)
    question = customer.wait_for(1)
    assert len(question.choices) == 5
    customer.tap(question.choices[4])

    def is_rated() -> bool:
        with reading(world.installation.engine) as connection:
            mine = sa.select(surveys.c.score).where(surveys.c.conversation_id == closed)
            return connection.execute(mine).scalar() == 5

    until(is_rated, "the survey's answer")
    assert not customer.handoffs()


def _pass_time(world: ChannelWorld, closed: str) -> None:
    """The survey comes some minutes after the end: let it be so long ago."""
    theirs = ownership_events.c.conversation_id == closed
    change(world, sa.update(ownership_events).where(theirs).values(at=ownership_events.c.at - 600))
