"""The page of a conversation in a real browser: news, languages, lost connections, two agents at once."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, Route, expect

from conversations.media import MediaRecord
from conversations.model import Kind
from core.schema_channels import media
from tests.support.desk import DeskWorld
from tests.support.desk_site import PHONE, WIDE, DeskSite, settle, sideways, violations
from tests.support.pictures import picture

NEAR_END = "t => t.scrollHeight - t.scrollTop - t.clientHeight < 80"


def write(site: DeskSite, text: str, **given: str) -> str:
    """A customer writes, and the web process hears of it; the conversation."""
    conversation_id = site.world.write(text, **{"sender": "kim", **given}).conversation.id  # type: ignore[arg-type]
    site.server.ring(conversation_id)
    return conversation_id


def many(site: DeskSite, count: int) -> str:
    """A long conversation."""
    return [write(site, f"Nachricht {number}") for number in range(1, count + 1)][-1]


def opened(site: DeskSite, conversation_id: str, name: str = "anna", **options: object) -> Page:
    """The agent's page of the conversation, loaded."""
    page = site.page(name, f"/c/{conversation_id}", **options)  # type: ignore[arg-type]
    settle(page)
    return page


def test_a_message_appears_by_itself_and_is_announced(desk_site: DeskSite) -> None:
    page = opened(desk_site, write(desk_site, "Hallo"))
    write(desk_site, "Ist da jemand?")
    expect(page.locator("#m-2")).to_contain_text("Ist da jemand?")
    expect(page.locator("#announcer")).to_contain_text("Customer: Ist da jemand?")
    expect(page.locator("#seen")).to_have_value("2")
    expect(page.locator("#m-1")).to_have_count(1)


def test_who_reads_further_up_stays_there(desk_site: DeskSite) -> None:
    page = opened(desk_site, many(desk_site, 60))
    thread = page.locator("#thread")
    assert thread.evaluate(NEAR_END)
    thread.evaluate("t => { t.scrollTop = 200; }")
    write(desk_site, "Noch etwas")
    jump = page.locator("#jump")
    expect(jump).to_be_visible()
    assert thread.evaluate("t => t.scrollTop") == 200
    expect(page.locator("#seen")).to_have_value("60")  # what is below was not read
    jump.click()
    expect(jump).to_be_hidden()
    assert thread.evaluate(NEAR_END)
    expect(page.locator("#seen")).to_have_value("61")


def test_pictures_that_come_late_do_not_hide_the_last_messages(desk_site: DeskSite) -> None:
    """They have their place before they are there, and what grows is not the reader going up."""
    conversation_id = many(desk_site, 5)
    record = MediaRecord(desk_site.world.engine, desk_site.world.clock)
    for _ in range(3):
        stored = desk_site.world.write("", sender="kim", kind=Kind.MEDIA, payload={"content": "image"}).message
        record.expect(stored.id, "line", "jp", {})
    with desk_site.world.engine.begin() as connection:
        connection.execute(sa.update(media).values(state="kept", mime="image/png", size=3))
    for number in range(4):
        write(desk_site, f"Danach {number}")
    page = desk_site.page("anna")
    held: list[Route] = []
    page.route("**/media/*", lambda route: held.append(route))
    desk_site.open(page, f"/c/{conversation_id}")
    settle(page)
    pictures = page.locator(".bubble-media img")
    before = [picture.bounding_box() for picture in pictures.all()]
    assert len(held) == len(before) == 3
    for route in held:
        route.fulfill(body=picture("PNG", (1_200, 1_600)), content_type="image/png")
    page.wait_for_function("[...document.querySelectorAll('.bubble-media img')].every((one) => one.naturalWidth)")
    assert [picture.bounding_box() for picture in pictures.all()] == before
    thread = page.locator("#thread")
    assert thread.evaluate(NEAR_END)
    # As a browser without such boxes: it grows, and a scroll of our own is told of only then.
    thread.evaluate("t => { t.style.overflowAnchor = 'none'; }")
    thread.evaluate("t => { t.querySelector('img').style.blockSize = '900px'; t.dispatchEvent(new Event('scroll')); }")
    page.wait_for_timeout(100)
    assert thread.evaluate(NEAR_END)


def test_older_messages_come_on_demand_and_nothing_jumps(desk_site: DeskSite) -> None:
    page = opened(desk_site, many(desk_site, 130))
    expect(page.locator("#messages > .message")).to_have_count(100)
    page.locator("#earlier").scroll_into_view_if_needed()
    top = page.locator("#m-31").bounding_box()
    page.locator("#earlier").click()
    expect(page.locator("#messages > .message")).to_have_count(130)
    expect(page.locator("#earlier")).to_be_hidden()
    after = page.locator("#m-31").bounding_box()
    assert top is not None
    assert after is not None
    assert abs(top["y"] - after["y"]) < 60  # the day above it may go
    expect(page.locator(".day")).to_have_count(1)


def test_languages_are_chosen_for_one_message_and_for_all(desk_site: DeskSite) -> None:
    conversation_id = write(desk_site, "السلام عليكم", market="SA", language="ar")
    write(desk_site, "أين طلبي؟", market="SA", language="ar")
    page = opened(desk_site, conversation_id, agent={"languages": ["en"]})
    first, second = page.locator("#m-1"), page.locator("#m-2")
    text = first.locator(".bubble-text")
    expect(text).to_have_attribute("lang", "ar")
    assert text.evaluate("e => getComputedStyle(e).direction") == "rtl"
    expect(first.locator("[data-translation]")).to_be_visible()  # both: there is none, and why
    first.get_by_role("button", name="Original").click()
    expect(first.locator(".bubble-why")).to_be_hidden()
    expect(second.locator(".bubble-why")).to_be_visible()
    page.locator("[data-mode-all=original]").click()
    expect(second.locator(".bubble-why")).to_be_hidden()
    write(desk_site, "شكرا", market="SA", language="ar")
    expect(page.locator("#m-3 .bubble-why")).to_be_hidden()
    page.locator("#thread").focus()
    page.keyboard.press("l")
    page.keyboard.press("l")
    expect(page.locator("#m-3 .bubble-why")).to_be_visible()


def test_a_lost_connection_is_said_and_healed(desk_site: DeskSite) -> None:
    page = opened(desk_site, write(desk_site, "Hallo"))
    desk_site.server.stop()
    expect(page.locator("#thread-state")).to_contain_text("No connection", timeout=15_000)
    write(desk_site, "Während der Störung")
    desk_site.server.start()
    expect(page.locator("#m-2")).to_contain_text("Während der Störung", timeout=30_000)
    expect(page.locator("#thread-state")).to_have_text("Up to date.")
    expect(page.locator("#m-1")).to_have_count(1)


def test_two_agents_take_and_the_second_sees_who_was_first(desk_site: DeskSite) -> None:
    conversation_id = write(desk_site, "Hallo")
    anna = opened(desk_site, conversation_id)
    anna.route("**/stream*", lambda route: route.abort())  # news is late
    desk_site.open(anna, f"/c/{conversation_id}")
    ben = opened(desk_site, conversation_id, "ben", agent={"display_name": "Ben Vogt"})
    ben.keyboard.press("t")
    expect(ben.locator("#conversation-head")).to_contain_text("with you")
    anna.locator("#do-take").click()
    expect(anna.locator(".toast").last).to_contain_text("Ben Vogt has it now")
    expect(anna.locator("#conversation-head")).to_contain_text("with Ben Vogt")
    expect(anna.locator("#do-take")).to_have_count(0)
    expect(anna.locator(".event").last).to_contain_text("Ben Vogt took it over from the bot")


def test_a_note_with_a_mention(desk_site: DeskSite) -> None:
    desk_site.world.add_agent("ben", display_name="Ben Vogt")
    page = opened(desk_site, write(desk_site, "Hallo"))
    page.locator("#thread").focus()
    page.keyboard.press("i")
    field = page.locator("#note-text")
    expect(field).to_be_focused()
    field.press_sequentially("Bitte @vo")
    expect(page.locator(".mention")).to_have_count(1)
    field.press("Enter")
    expect(field).to_have_value("Bitte @ben ")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator("#messages [data-author=note]")).to_contain_text("Bitte @ben")
    expect(page.locator("#panel-notes .notes")).to_contain_text("Bitte @ben")
    expect(page.locator("#note-text")).to_have_value("")


def test_typing_is_shown_and_goes_by_itself(desk_site: DeskSite) -> None:
    conversation_id = write(desk_site, "Hallo")
    page = opened(desk_site, conversation_id)
    desk_site.server.ring(f"typing:{conversation_id}:customer:1")
    expect(page.locator("#typing")).to_contain_text("The customer is writing")
    expect(page.locator("#typing")).to_be_hidden(timeout=8_000)
    desk_site.server.ring(f"typing:{conversation_id}:customer:1")
    expect(page.locator("#typing")).to_be_visible()
    write(desk_site, "Da bin ich")
    expect(page.locator("#m-2")).to_be_visible()
    expect(page.locator("#typing")).to_be_hidden(timeout=2_000)  # here it is


def test_handing_back_by_the_keyboard_alone(desk_site: DeskSite, desk: DeskWorld) -> None:
    conversation_id = write(desk_site, "Hallo")
    page = opened(desk_site, conversation_id)
    page.keyboard.press("t")
    expect(page.locator("#conversation-head")).to_contain_text("with you")
    expect(page.locator("#thread")).to_be_focused()  # the button that was pressed is gone
    page.keyboard.press("b")
    dialog = page.locator("#act")
    expect(dialog.get_by_role("radio").first).to_be_focused()
    dialog.get_by_role("radio", name="Declined").check()
    dialog.locator("textarea").fill("Frist vorbei")
    dialog.get_by_role("button", name="Back to the bot").press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator("#conversation-head")).to_contain_text("Bot")
    expect(page.locator(".event").last).to_contain_text("handed it back")
    assert desk.conversation(conversation_id).owner == "bot"


def test_a_term_explains_itself_to_the_keyboard(desk_site: DeskSite) -> None:
    page = opened(desk_site, write(desk_site, "Wo bleibt die Rückerstattung?"), agent={"languages": ["en"]})
    term = page.locator(".term").first
    term.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".term-note:popover-open")).to_contain_text("refund")
    page.keyboard.press("Escape")
    expect(page.locator(".term-note:popover-open")).to_have_count(0)


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_for_everybody(desk_site: DeskSite, viewport: dict[str, int], scheme: str) -> None:
    conversation_id = write(desk_site, "أين طلبي؟", market="SA", language="ar")
    page = opened(desk_site, conversation_id, viewport=viewport, color_scheme=scheme)
    page.locator("#do-take").click()
    expect(page.locator("#do-release")).to_be_visible()
    assert violations(page) == []
    assert sideways(page) <= 0
