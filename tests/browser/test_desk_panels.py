"""Order, steps and compensation beside a conversation: they hear of what happens, and lose nothing that is typed."""

import re

import pytest
from playwright.sync_api import Page, expect

from conversations.ownership import Event
from orders.demo_store import DemoOrderStore
from tests.browser.desk_acts import opened
from tests.support.desk import DeskWorld
from tests.support.desk_site import DeskSite, settle

pytestmark = pytest.mark.browser


def order_of(world: DeskWorld) -> str:
    store = world.parts.deps.orders
    assert isinstance(store, DemoOrderStore)
    return store.demo_orders("DE")[0].number


def mine(site: DeskSite) -> tuple[str, Page]:
    """A customer of anna's, on her page."""
    conversation_id = site.world.waiting("Hilfe", sender="s1").conversation_id
    site.world.act(conversation_id, Event.TAKE, "anna")
    return conversation_id, opened(site, conversation_id)


def ask_for(page: Page, amount: str) -> None:
    form = page.locator("#compensation-panel form").last
    form.get_by_label(re.compile("^Amount")).fill(amount)
    form.get_by_role("button", name="Give, or ask a lead").click()


def test_an_order_number_that_the_customer_writes_is_shown_at_once(desk_site: DeskSite) -> None:
    world = desk_site.world
    conversation_id, page = mine(desk_site)
    panel = page.locator("#orders-panel")
    expect(panel).to_contain_text("No order is known yet")
    page.get_by_label("Another order number").fill("ORK-1")
    world.write(f"Es geht um {order_of(world)}", sender="s1")
    world.parts.deps.news(conversation_id)
    expect(panel).to_contain_text(order_of(world))
    expect(page.get_by_label("Another order number")).to_have_value("ORK-1")
    expect(page.get_by_label("Another order number")).to_be_focused()


def test_what_a_lead_grants_changes_the_agents_panel_and_keeps_what_they_type(desk_site: DeskSite) -> None:
    conversation_id, page = mine(desk_site)
    ask_for(page, "95")
    panel = page.locator("#compensation-panel")
    expect(panel).to_contain_text("Asked of a lead")
    panel.locator("summary").last.click()
    page.locator("#comp-amount").fill("7")
    page.locator("#comp-kind").select_option(index=1)
    key = page.locator("#compensation-panel [name=key]").input_value()
    lead = opened(desk_site, conversation_id, "lena", role="lead")
    lead.locator("#compensation-panel").get_by_role("button", name="Grant", exact=True).click()
    expect(panel).to_contain_text("Granted")
    expect(panel).not_to_contain_text("Asked of a lead")
    expect(page.locator("#comp-amount")).to_have_value("7")
    expect(page.locator("#comp-amount")).to_be_visible()
    assert page.locator("#comp-kind").evaluate("one => one.selectedIndex") == 1
    assert page.locator("#compensation-panel [name=key]").input_value() == key  # else pressed again it is given twice


def test_steps_that_another_ticks_are_ticked_and_the_chosen_kind_stays(desk_site: DeskSite) -> None:
    conversation_id, page = mine(desk_site)
    lead = opened(desk_site, conversation_id, "lena", role="lead")
    page.locator("#steps-type").select_option("damaged")
    expect(page.locator("#steps-chosen")).to_have_value("damaged")
    lead.locator("#steps-type").select_option("damaged")
    expect(lead.locator("#steps-chosen")).to_have_value("damaged")
    lead.locator("#steps-panel input[type=checkbox]").first.check()
    desk_site.world.parts.deps.news(conversation_id)
    expect(page.locator("#steps-panel input[type=checkbox]").first).to_be_checked()
    expect(page.locator("#steps-type")).to_have_value("damaged")


def test_the_page_opens_without_a_complaint_of_its_scripts(desk_site: DeskSite) -> None:
    conversation_id = desk_site.world.waiting("Hilfe").conversation_id
    page = desk_site.page("anna")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    desk_site.open(page, f"/c/{conversation_id}")
    settle(page)
    expect(page.locator("#steps-panel")).to_be_visible()
    assert said == []
