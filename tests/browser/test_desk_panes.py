"""The parts of a conversation's page: their widths, the details in and out of sight, their keys."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk_day import a_day
from tests.support.desk_site import PHONE, DeskSite, settle, violations

pytestmark = pytest.mark.browser
DRAWERS = [{"width": 1024, "height": 768}, {"width": 800, "height": 900}]
PANELS = {
    "1": "At a glance",
    "2": "Suggested answers",
    "4": "Orders",
    "5": "What to do",
    "6": "Compensation",
    "7": "Notes",
}


def conversation(site: DeskSite, **options: object) -> Page:
    page = site.page("anna", f"/c/{a_day(site.world).mine}", **options)
    settle(page)
    return page


def test_panes_are_drawn_and_kept(desk_site: DeskSite) -> None:
    page = conversation(desk_site)
    queue = page.locator("#pane-queue")
    before = queue.bounding_box()
    grip = page.locator("[data-grip=queue]")
    grip.focus()
    page.keyboard.press("ArrowRight")
    after = queue.bounding_box()
    assert before
    assert after
    assert after["width"] == before["width"] + 24
    assert grip.get_attribute("aria-valuenow") == str(round(after["width"]))
    page.reload()
    kept = queue.bounding_box()
    assert kept
    assert kept["width"] == after["width"]


def test_a_phone_shows_one_part_at_a_time(desk_site: DeskSite) -> None:
    page = conversation(desk_site, viewport=PHONE)
    expect(page.locator("#thread")).to_be_visible()
    expect(page.locator("#side")).to_be_hidden()
    page.locator("[data-pane-go=side]").click()
    expect(page.locator("#side")).to_be_visible()
    expect(page.locator("#thread")).to_be_hidden()
    page.locator("[data-pane-go=queue]").click()
    expect(page.locator("#pane-queue")).to_be_visible()
    expect(page.locator("[data-pane-go=queue]")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("viewport", DRAWERS, ids=["1024", "800"])
def test_between_phone_and_wide_the_details_are_a_drawer(desk_site: DeskSite, viewport: dict[str, int]) -> None:
    page = conversation(desk_site, viewport=viewport, has_touch=True)
    side, button = page.locator("#pane-side"), page.get_by_role("button", name="Details", exact=True)
    expect(side).to_be_hidden()
    expect(button).to_have_attribute("aria-expanded", "false")
    box = button.bounding_box()
    assert box
    assert box["height"] >= 24
    button.tap()
    for panel in PANELS.values():
        expect(side.get_by_role("heading", name=panel, exact=True)).to_be_attached()
    expect(side).to_be_in_viewport(ratio=1)
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(side.get_by_role("button", name="Close", exact=True).first).to_be_focused()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(side).to_be_hidden()
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("d")
    expect(side).to_be_visible()
    side.get_by_role("button", name="Close", exact=True).first.click()
    expect(side).to_be_hidden()
    expect(button).to_be_focused()


def test_the_drawer_stays_open_when_the_header_is_renewed(desk_site: DeskSite) -> None:
    page = conversation(desk_site, viewport=DRAWERS[0])
    page.keyboard.press("d")
    with page.expect_response(re.compile("/header$")):
        page.evaluate("document.body.dispatchEvent(new CustomEvent('conversation:changed'))")
    settle(page)
    expect(page.locator("#pane-side")).to_be_visible()
    expect(page.locator("[data-pane-toggle]")).to_have_attribute("aria-expanded", "true")


def test_on_a_wide_screen_the_details_fold_away_and_stay_so(desk_site: DeskSite) -> None:
    page = conversation(desk_site)
    side = page.locator("#pane-side")
    page.keyboard.press("d")
    expect(side).to_be_hidden()
    page.reload()
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    expect(side).to_be_hidden()
    page.keyboard.press("4")
    expect(side).to_be_visible()


@pytest.mark.parametrize("viewport", [DRAWERS[0], PHONE], ids=["drawer", "phone"])
def test_a_number_goes_to_each_panel(desk_site: DeskSite, viewport: dict[str, int]) -> None:
    page = conversation(desk_site, viewport=viewport)
    for key, title in PANELS.items():
        page.keyboard.press(key)
        expect(page.locator("#side .panel:focus-within, #side .panel:focus")).to_contain_text(title)
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_in_viewport()


def test_every_key_is_listed_and_none_stands_for_two_things(desk_site: DeskSite) -> None:
    page = conversation(desk_site)
    keys = page.evaluate("[...document.querySelectorAll('[data-shortcut]')].map(one => one.dataset.shortcut)")
    assert sorted(set(keys)) == sorted(keys)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    for name, keys in {"Send": "CtrlEnter", "Ready replies": "/", "Details": "D", "Orders": "4"}.items():
        expect(dialog.locator(".shortcut").filter(has_text=re.compile(f"^{name}"))).to_have_text(f"{name}{keys}")


def test_a_phone_shows_both_clocks(desk_site: DeskSite) -> None:
    page = conversation(desk_site, viewport={"width": 375, "height": 740})
    for clock in ("#promise-clock", "#channel-clock"):
        box = page.locator(clock).bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 375


def test_actions_stay_in_one_row_and_a_time_is_never_alone(desk_site: DeskSite) -> None:
    page = conversation(desk_site, viewport={"width": 1210, "height": 800})
    tops = page.locator(".conversation-actions .button").evaluate_all("all => all.map(one => one.offsetTop)")
    assert max(tops) - min(tops) < 12


def test_every_list_of_the_queue_is_in_sight(desk_site: DeskSite) -> None:
    page = conversation(desk_site)
    views = page.locator(".queue-view")
    expect(views).to_have_count(6)
    for view in views.all():
        expect(view).to_be_in_viewport(ratio=1)
