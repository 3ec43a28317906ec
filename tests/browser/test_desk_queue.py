"""The queue in a real browser: lines come, move and go by themselves, and keys walk through them."""

from playwright.sync_api import expect

from conversations.ownership import Event
from tests.desk.queue.test_list import many
from tests.support.desk_site import DeskSite, settle


def test_lines_come_and_go_by_themselves_in_their_order(desk_site: DeskSite) -> None:
    world = desk_site.world
    first = world.waiting("Erste").conversation_id
    page = desk_site.page("anna", "/queue?view=waiting", agent={"presence": "away"})
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
    page = desk_site.page("anna", "/queue?view=waiting", agent={"presence": "away"})
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
    page = desk_site.page("anna", "/queue?view=waiting", agent={"presence": "away"})
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
    page = desk_site.page("anna", "/queue?view=mine", agent={"presence": "away"})
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


def test_more_lines_come_when_the_end_is_reached(desk_site: DeskSite) -> None:
    many(desk_site.world, 230)
    desk_site.world.clock.now += 60  # nothing of it is news
    page = desk_site.page(
        "anna", "/queue?view=waiting", agent={"presence": "away"}, viewport={"width": 900, "height": 700}
    )
    rows = page.locator(".queue-row")
    expect(rows).to_have_count(100)
    for count in (200, 230):
        page.locator("[data-queue-list]").evaluate("list => list.lastElementChild.scrollIntoView({block: 'end'})")
        expect(rows).to_have_count(count)
    assert len(set(rows.evaluate_all("rows => rows.map(row => row.id)"))) == 230
