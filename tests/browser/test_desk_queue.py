"""The queue in a real browser: lines come, move and go by themselves, and keys walk through them."""

import re

from playwright.sync_api import Page, expect

from conversations.ownership import Event
from tests.browser.desk_acts import Held, Late
from tests.desk.queue.test_list import many
from tests.support.desk_site import DeskSite, settle

AWAY = {"presence": "away"}
RELOAD = "document.body.dispatchEvent(new CustomEvent('desk:reload'))"
TO_END = "list => list.lastElementChild.scrollIntoView({block: 'end'})"


def test_lines_come_and_go_by_themselves_in_their_order(desk_site: DeskSite) -> None:
    world = desk_site.world
    first = world.waiting("Erste").conversation_id
    page = desk_site.page("anna", "/queue?view=waiting", agent=AWAY)
    settle(page)
    rows = page.locator(".queue-row")
    expect(rows).to_have_count(1)
    page.evaluate("window.stays = true")
    world.clock.now -= 600
    sooner = world.waiting("Zweite").conversation_id
    world.clock.now += 600
    world.parts.deps.news(sooner)
    expect(rows).to_have_count(2)
    expect(rows.first).to_have_id(f"queue-{sooner}")
    expect(page.locator("[data-count=waiting]")).to_have_text("2")
    world.act(first, Event.TAKE, "bea")
    world.parts.deps.news(first)
    expect(rows).to_have_count(1)
    world.act(sooner, Event.TAKE, "bea")  # nobody rings: found by looking
    expect(rows).to_have_count(0)
    expect(page.locator("[data-queue-none]")).to_be_visible()
    assert page.evaluate("window.stays")  # the page was never loaded anew
    assert desk_site.faults == []


def test_a_line_keeps_the_focus_while_it_is_renewed(desk_site: DeskSite) -> None:
    world = desk_site.world
    one = world.waiting("Erste", sender="s1").conversation_id
    page = desk_site.page("anna", "/queue?view=waiting", agent=AWAY)
    settle(page)
    page.keyboard.press("j")
    expect(page.locator(f"#queue-{one} a")).to_be_focused()
    world.write("Noch etwas", sender="s1")
    world.parts.deps.news(one)
    expect(page.locator(f"#queue-{one} .queue-words")).to_have_text("Noch etwas")
    expect(page.locator(f"#queue-{one} a")).to_be_focused()


def test_keys_walk_and_open(desk_site: DeskSite) -> None:
    world = desk_site.world
    ids = [world.waiting(f"Nummer {number}").conversation_id for number in range(3)]
    page = desk_site.page("anna", "/queue?view=waiting", agent=AWAY)
    settle(page)
    order = [row.get_attribute("data-id") for row in page.locator(".queue-row").all()]
    assert set(order) == set(ids)
    for key in ("j", "j", "ArrowDown", "k"):
        page.keyboard.press(key)
    expect(page.locator(f"#queue-{order[1]} a")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/c/{order[1]}")


def test_views_and_filters_change_the_list_and_the_address(desk_site: DeskSite) -> None:
    world = desk_site.world
    world.waiting("Hallo", market="DE")
    english = world.waiting("Hello", market="US", language="en").conversation_id
    page = desk_site.page("anna", "/queue?view=mine", agent=AWAY)
    page.get_by_role("link", name="Waiting").click()
    expect(page.locator(".queue-row")).to_have_count(2)
    page.locator(".queue-filters summary").click()
    page.get_by_label("Market").select_option("US")
    expect(page.locator(".queue-row")).to_have_count(1)
    expect(page.locator(".queue-row")).to_have_id(f"queue-{english}")
    assert "view=waiting" in page.url
    assert "market=US" in page.url
    page.reload()
    expect(page.locator(".queue-row")).to_have_count(1)


def long_list(desk_site: DeskSite) -> Page:
    """A queue of 230 lines, of which 100 are loaded."""
    many(desk_site.world, 230)
    page = desk_site.page("anna", "/queue?view=waiting", agent=AWAY, viewport={"width": 900, "height": 700})
    expect(page.locator(".queue-row")).to_have_count(100)
    return page


def test_more_lines_come_when_the_end_is_reached(desk_site: DeskSite) -> None:
    page = long_list(desk_site)
    rows = page.locator(".queue-row")
    for count in (200, 230):
        page.locator("[data-queue-list]").evaluate(TO_END)
        expect(rows).to_have_count(count)
    assert len(set(rows.evaluate_all("rows => rows.map(row => row.id)"))) == 230


def test_who_reads_further_down_stays_there_when_all_is_loaded_anew(desk_site: DeskSite) -> None:
    page = long_list(desk_site)
    page.locator("[data-queue-list]").evaluate(TO_END)
    rows = page.locator(".queue-row")
    expect(rows).to_have_count(200)
    gone = rows.nth(150)
    gone_id = str(gone.get_attribute("data-id"))
    rows.nth(160).locator("a").focus()
    focused = page.locator(":focus")
    address, top = focused.get_attribute("href"), focused.bounding_box()
    desk_site.world.act(gone_id, Event.TAKE, "bea")
    page.evaluate(RELOAD)
    expect(page.locator(f"#queue-{gone_id}")).to_have_count(0)
    expect(focused).to_have_attribute("href", str(address))
    assert rows.count() == 200
    after = focused.bounding_box()
    assert top is not None
    assert after is not None
    assert abs(top["y"] - after["y"]) < 200  # one line less above it


def test_more_lines_come_although_all_is_loaded_anew_meanwhile(desk_site: DeskSite) -> None:
    page = long_list(desk_site)
    more = Late()
    more.hold(page, "/queue/more")
    page.locator("[data-queue-list]").evaluate(TO_END)
    more.wait(page)
    with page.expect_response(re.compile("/queue/rows")):
        page.evaluate(RELOAD)
    more.let_go()
    rows = page.locator(".queue-row")
    page.locator("[data-queue-list]").evaluate(TO_END)
    expect(rows).to_have_count(200)
    assert len(set(rows.evaluate_all("rows => rows.map(row => row.id)"))) == 200


def test_of_two_views_the_one_chosen_last_is_shown(desk_site: DeskSite) -> None:
    world = desk_site.world
    waiting = world.waiting("Hallo").conversation_id
    world.write("Wo?", sender="s2")
    page = desk_site.page("anna", "/queue?view=mine", agent=AWAY)
    first = Held()
    first.hold(page, "view=bot")
    page.get_by_role("link", name="Bot").click()
    first.wait(page, 1)
    page.get_by_role("link", name="Waiting").click()
    expect(page.locator(".queue-row")).to_have_id(f"queue-{waiting}")
    first.let_go()
    settle(page)
    expect(page.locator(".queue-view[aria-current]")).to_contain_text("Waiting")
    assert "view=waiting" in page.url


def test_news_heard_while_the_list_is_under_way_is_shown_in_it(desk_site: DeskSite) -> None:
    world = desk_site.world
    one = world.waiting("Erste", sender="s1").conversation_id
    page = desk_site.page("anna", "/queue?view=mine", agent=AWAY)
    settle(page)
    rows = Late()
    rows.hold(page, "/queue/rows.*view=waiting")
    page.get_by_role("link", name="Waiting").click()
    rows.wait(page)
    world.write("Noch etwas", sender="s1")
    with page.expect_response(re.compile("/queue/patch")):
        world.parts.deps.news(one)
    rows.let_go()
    expect(page.locator(f"#queue-{one} .queue-words")).to_have_text("Noch etwas")
