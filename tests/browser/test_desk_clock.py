"""Clocks in a real browser: they tick, follow the server's time, and take back what a wrong clock said."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.desk_day import a_day
from tests.support.desk_site import DeskSite

pytestmark = pytest.mark.browser

SET_NOW = """async now => {
  const script = document.querySelector('script[src$="/desk.js"]').src;
  (await import(script.replace('desk.js', 'clock.js'))).setNow(now);
}"""


def opened(site: DeskSite, *, online: bool) -> tuple[Page, Locator, float]:
    """The page of a conversation, its clock, and when it runs out. `online`: the server says what time it is."""
    day = a_day(site.world)
    page = site.page("anna")
    if not online:
        page.route("**/stream*", lambda route: route.abort())
    site.open(page, f"/c/{day.mine}")
    chip = page.locator(".pane-thread .clock")
    expect(chip).to_have_attribute("data-state", "open")
    promised = site.world.handoff(day.mine).promised_at
    assert promised is not None
    return page, chip, promised


def test_clocks_turn_by_themselves_and_back(desk_site: DeskSite) -> None:
    page, chip, promised = opened(desk_site, online=False)
    page.evaluate(SET_NOW, promised + 330)
    expect(chip).to_have_attribute("data-state", "broken")
    expect(chip).to_contain_text("Promise broken")
    expect(chip.locator("time")).to_contain_text("−5m")
    page.evaluate(SET_NOW, promised - 3570)  # amid a minute: the page's clock goes on meanwhile
    expect(chip).not_to_have_attribute("data-state", "broken")
    expect(chip).not_to_contain_text("Promise broken")
    expect(chip.locator("time")).to_contain_text("59m")


def test_clocks_follow_the_server(desk_site: DeskSite) -> None:
    page, chip, promised = opened(desk_site, online=True)
    page.evaluate(SET_NOW, promised + 60)
    page.evaluate("dispatchEvent(new Event('online'))")  # the stream begins anew and says what time it is
    expect(chip).to_have_attribute("data-state", "open")
    expect(chip).not_to_contain_text("Promise broken")
    expect(chip.locator("time")).to_contain_text("1h 5")
