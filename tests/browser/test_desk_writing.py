"""What stands around an answer: typing, length, drafts that change hands, being signed out, where messages lie."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from conversations.ownership import Event
from core.schema_desk import agent_sessions
from tests.browser.chat_page import ChatPage
from tests.browser.desk_acts import Held, opened, texts, write
from tests.support.desk import DeskWorld
from tests.support.desk_customer import BothSite, newest
from tests.support.desk_site import DeskSite, settle

pytestmark = pytest.mark.browser

GERMAN = {"languages": ["de"]}
HALF = "Ihr Paket liegt"
MOST = 5_000
COVERED = """toast => {
  const box = toast.getBoundingClientRect();
  const is = one => { const {left, right, top, bottom} = one.getBoundingClientRect();
    return left < box.right && right > box.left && top < box.bottom && bottom > box.top; };
  return ['#composer', '#side', '#conversation-head'].filter(name => is(document.querySelector(name)));
}"""


@pytest.fixture
def both(desk: DeskWorld, browser: Browser) -> Iterator[BothSite]:
    """A running desk with a web chat beside it."""
    site = BothSite(desk, browser)
    with site.server:
        yield site
        site.close()
    assert site.faults == []


def waiting(world: DeskWorld, **given: str) -> str:
    """A customer who waits for a person; the conversation's id."""
    return world.waiting("Wo ist mein Paket?", **given).conversation_id


def field(page: Page) -> Locator:
    """Where the answer is written."""
    return page.get_by_label("Your answer")


def send(page: Page) -> Locator:
    """The button."""
    return page.get_by_role("button", name="Send", exact=True)


def test_a_ready_text_of_the_page_is_put_in_once(desk_site: DeskSite) -> None:
    page = opened(desk_site, waiting(desk_site.world), **GERMAN)
    page.locator("#steps-type").select_option("damaged")
    button = page.locator("#side button[data-insert]").first
    words = str(button.get_attribute("data-insert"))
    button.click()
    expect(field(page)).to_have_value(words)


def test_the_customer_sees_that_the_agent_types_until_they_stop(both: BothSite) -> None:
    world = both.world
    customer = ChatPage(both.page("", locale="de-DE"), both.server.url)
    world.languages.next = "de"
    customer.visit("DE").open().send("Hallo!")
    expect(customer.rows.filter(has_text="Hallo!")).to_contain_text("Gesendet")
    one = newest(world).id
    world.add_agent("anna", display_name="Anna Berg", presence="away", **GERMAN)
    world.act(one, Event.TAKE, "anna")
    world.parts.deps.news(one)
    expect(customer.typing).to_have_count(0)  # the bot's
    page = opened(both, one)
    lead = opened(both, one, "lea", role="lead")
    field(page).press_sequentially("Guten")
    expect(customer.typing).to_be_visible()
    expect(lead.locator("#typing")).to_contain_text("Anna Berg is writing an answer")
    expect(customer.typing).to_have_count(0, timeout=9_000)  # nothing more is written
    field(page).press_sequentially(" Tag")
    expect(customer.typing).to_be_visible()
    field(page).fill("")
    expect(customer.typing).to_have_count(0, timeout=3_000)
    assert "Anna" not in customer.page.content()


def test_a_note_is_no_typing(desk_site: DeskSite) -> None:
    page = opened(desk_site, waiting(desk_site.world), **GERMAN)
    page.get_by_label("New note").press_sequentially("Nur wir")
    assert not [note for _, note in desk_site.world.woken if note.startswith("typing:")]


@pytest.mark.parametrize("height", [900, 620])
def test_a_text_that_is_too_long_is_kept_whole_and_cannot_be_sent(desk_site: DeskSite, height: int) -> None:
    one = waiting(desk_site.world)
    page = opened(desk_site, one, **GERMAN)
    page.set_viewport_size({"width": 1280, "height": height})
    field(page).fill("Wagen 🚚 " * 800)  # 8 × 800 without the last space; Chromium is slow to put in many lines
    expect(page.get_by_text("Too long by 1,399: at most 5000 characters can be sent.")).to_be_visible()
    expect(send(page)).to_be_disabled()
    assert len(field(page).input_value()) > MOST
    field(page).press("Control+Enter")
    expect(page.locator("[data-alert]")).to_contain_text("Too long by")
    assert texts(desk_site.world, one) == []
    write(page, "Zeile\n" * 40 + "Zeile " * 700)
    page.locator("details[data-shown] summary").click()
    expect(send(page)).to_be_in_viewport(ratio=1)
    send(page).click()
    expect(page.get_by_text("Sent.", exact=True)).to_be_visible()


def test_what_was_begun_stays_to_be_read_when_a_lead_takes_over(desk_site: DeskSite) -> None:
    world = desk_site.world
    one = waiting(world)
    world.add_agent("anna", presence="away", **GERMAN)
    world.act(one, Event.TAKE, "anna")
    page = opened(desk_site, one)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    write(page, HALF)
    world.add_agent("lea", role="lead", display_name="Lea Sommer")
    world.act(one, Event.TAKE, "lea", lead=True)
    world.parts.deps.news(one)
    expect(page.locator(".toast")).to_contain_text("Lea Sommer has taken this conversation over.")
    kept = page.get_by_label("Your draft, not sent")
    expect(kept).to_have_value(HALF)
    expect(kept).not_to_be_editable()
    page.get_by_role("button", name="Copy").click()
    expect(page.locator(".toast").last).to_contain_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == HALF
    page.get_by_role("button", name="Keep as note").click()
    expect(page.locator("#side-notes")).to_contain_text(HALF)
    expect(kept).to_be_hidden()
    page.reload()
    settle(page)
    expect(kept).to_be_hidden()


def test_closing_asks_and_the_draft_is_there_when_it_is_opened_again(desk_site: DeskSite) -> None:
    world = desk_site.world
    one = waiting(world)
    world.add_agent("anna", presence="away", **GERMAN)
    world.act(one, Event.TAKE, "anna")
    world.write("Hallo? Ist da jemand?", sender=world.conversation(one).sender)
    page = opened(desk_site, one)
    write(page, HALF)
    page.locator("#thread").focus()
    page.keyboard.press("x")
    dialog = page.locator("#act")
    expect(dialog).to_contain_text("2 messages are unanswered")
    expect(dialog).to_contain_text("Your draft is kept")
    dialog.get_by_role("button", name="Cancel").click()
    assert world.conversation(one).state == "open"
    page.locator("#do-close").click()
    dialog.get_by_role("button", name="Close all the same").click()
    expect(page.locator("#do-reopen")).to_be_visible()
    expect(dialog).to_be_hidden()
    expect(page.get_by_label("Your draft, not sent")).to_have_value(HALF)
    page.locator("#do-reopen").click()
    page.wait_for_url(re.compile(f"/c/(?!{one})"))
    expect(field(page)).to_have_value(HALF)
    assert page.evaluate("Object.keys(localStorage).filter(name => name.includes('draft:')).length") == 1


def test_closing_what_is_answered_takes_one_press(desk_site: DeskSite) -> None:
    world = desk_site.world
    one = waiting(world)
    world.add_agent("anna", presence="away", **GERMAN)
    world.act(one, Event.TAKE, "anna")
    world.answer(one, "anna", "Es ist da.", "de")
    page = opened(desk_site, one)
    page.locator("#do-close").click()
    expect(page.locator("#do-reopen")).to_be_visible()


def test_what_another_window_sent_is_no_draft_here(desk_site: DeskSite) -> None:
    one = waiting(desk_site.world)
    first = opened(desk_site, one, **GERMAN)
    write(first, HALF)
    other = first.context.new_page()
    desk_site.open(other, f"/c/{one}")
    expect(field(other)).to_have_value(HALF)
    write(other, f"{HALF} bereit.")
    expect(field(first)).to_have_value(f"{HALF} bereit.")
    send(other).click()
    expect(other.get_by_text("Sent.", exact=True)).to_be_visible()
    expect(field(first)).to_have_value("")


def test_who_is_signed_out_is_told_so_and_comes_back_to_the_draft(desk_site: DeskSite) -> None:
    world = desk_site.world
    one = waiting(world)
    page = opened(desk_site, one, **GERMAN)
    write(page, HALF)
    with world.engine.begin() as connection:
        connection.execute(agent_sessions.delete())
    send(page).click()
    expect(page.locator("[data-alert]")).to_have_text("Not sent: you have been signed out. Your text is kept here.")
    expect(page.get_by_role("link", name="Sign in again")).to_have_attribute(
        "href", f"/desk/sign-in?next=/desk/c/{one}"
    )
    assert texts(world, one) == []
    expect(field(page)).to_have_value(HALF)


def test_a_slow_sending_is_said_and_sent_goes_when_the_customer_writes_on(desk_site: DeskSite) -> None:
    world = desk_site.world
    one = waiting(world)
    page = opened(desk_site, one, **GERMAN)
    write(page, HALF)
    held = Held()
    held.hold(page, "/reply$")
    send(page).click()
    expect(page.get_by_text("Sending …")).to_be_visible()
    held.let_go()
    sent = page.get_by_text("Sent.", exact=True)
    expect(sent).to_be_visible()
    world.write("Danke!", sender=world.conversation(one).sender)
    world.parts.deps.news(one)
    expect(sent).to_have_count(0, timeout=5_000)


def test_the_placeholder_runs_as_its_own_language_does(desk_site: DeskSite) -> None:
    one = desk_site.world.waiting("أين طلبي؟", market="SA", language="ar").conversation_id
    page = opened(desk_site, one, languages=["en", "ar"])
    expect(field(page)).to_have_attribute("dir", "rtl")
    look = "getComputedStyle(document.querySelector('[data-text]'), '::placeholder').unicodeBidi"
    assert page.evaluate(look) == "plaintext"


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_news_lie_over_nothing_that_one_works_with(desk_site: DeskSite, width: int) -> None:
    page = opened(desk_site, waiting(desk_site.world))
    page.set_viewport_size({"width": width, "height": 860})
    page.locator("#do-take").click()
    toast = page.locator(".toast")
    expect(toast).to_be_visible()
    assert toast.evaluate(COVERED) == []
