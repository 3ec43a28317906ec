"""The composer in a real browser: drafts, translation, marks, sending, ready replies, being overtaken."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from conversations.ownership import Event
from tests.browser.desk_acts import Late
from tests.desk.writing.acts import written
from tests.desk.writing.conftest import packages, translating  # noqa: F401  # fixtures
from tests.support.desk import DeskWorld
from tests.support.desk_site import PHONE, DeskSite, settle, sideways, violations

pytestmark = pytest.mark.browser

TEXT = "Your order ORK-4821936 was shipped."
BAD = "Bitte desinfizieren Sie die Babyflasche."


@pytest.fixture
def site(translating: DeskWorld, browser: Browser) -> Iterator[DeskSite]:  # noqa: F811  # it is the fixture
    """A running desk that translates."""
    site = DeskSite(translating, browser)
    with site.server:
        yield site
        site.close()
    assert site.faults == []


def opened(site: DeskSite, conversation: str, agent: str = "anna", **options: Any) -> Page:
    """The conversation's page with the composer in it; the agent speaks English and German."""
    page = site.page(agent, f"/c/{conversation}", agent={"languages": ["en"]}, **options)
    page.wait_for_selector("[data-composer][data-ready]")
    settle(page)
    return page


def again(page: Page) -> None:
    """Load the page anew."""
    page.reload()
    page.wait_for_selector("[data-composer][data-ready]")
    settle(page)


def test_what_was_translated_and_seen_leaves_by_the_keyboard_alone(site: DeskSite) -> None:
    conversation = site.world.waiting("Wo ist mein Paket?").conversation_id
    page = opened(site, conversation)
    page.get_by_label("Your answer").fill(TEXT)
    translation = page.get_by_label("The customer reads")
    shown = text_of(translation)
    assert "ORK-4821936" in shown
    assert violations(page) == []
    page.get_by_label("Your answer").press("Control+Enter")
    expect(page.get_by_text("Sent.", exact=True)).to_be_visible()
    (message,) = written(site.world, conversation)
    assert message.text == shown
    expect(page.get_by_label("Your answer")).to_be_focused()
    expect(page.get_by_label("Your answer")).to_have_value("")


def test_escape_leaves_the_text_so_that_no_note_is_written_to_the_customer(site: DeskSite) -> None:
    conversation = site.world.waiting("Hilfe").conversation_id
    page = opened(site, conversation)
    page.keyboard.press("r")
    page.keyboard.type("Guten Tag")
    page.keyboard.press("Escape")
    expect(page.locator("#thread")).to_be_focused()
    page.keyboard.press("i")
    page.keyboard.type("Is this one known to us?")
    note = page.get_by_label("New note")
    expect(note).to_have_value("Is this one known to us?")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.get_by_label("Your answer")).to_be_focused()
    expect(page.get_by_label("Your answer")).to_have_value("Guten Tag")
    assert written(site.world, conversation) == []


@pytest.mark.parametrize("width", [1440, 1210, 1024, 390, 320])
def test_send_stands_beside_the_tools_however_narrow_the_page_is(site: DeskSite, width: int) -> None:
    conversation = site.world.waiting("Hilfe").conversation_id
    page = opened(site, conversation, viewport={"width": width, "height": 844})
    tools, send = page.locator(".composer-tools").bounding_box(), page.locator("[data-send]").bounding_box()
    assert tools
    assert send
    assert send["x"] >= tools["x"] + tools["width"]
    assert send["y"] < tools["y"] + tools["height"]
    assert tools["height"] < 2 * send["height"]
    expect(page.get_by_role("button", name="Add pictures or files", exact=True)).to_be_visible()
    assert sideways(page) == 0


def text_of(field: Locator) -> str:
    """The field's text, when there is one."""
    expect(field).not_to_have_value("", timeout=20_000)
    return field.input_value()


def test_a_draft_survives_a_reload_and_not_a_sending(site: DeskSite) -> None:
    conversation = site.world.waiting("Hilfe").conversation_id
    page = opened(site, conversation)
    page.get_by_label("You write in").select_option("de")
    page.get_by_label("Your answer").fill("Ihr Paket kommt morgen.")
    again(page)
    expect(page.get_by_label("Your answer")).to_have_value("Ihr Paket kommt morgen.")
    expect(page.get_by_label("You write in")).to_have_value("de")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Sent.", exact=True)).to_be_visible()
    again(page)
    expect(page.get_by_label("Your answer")).to_have_value("")
    expect(page.get_by_label("You write in")).to_have_value("de")  # remembered
    assert [message.text for message in written(site.world, conversation)] == ["Ihr Paket kommt morgen."]


def test_what_is_written_before_the_script_runs_is_kept(site: DeskSite) -> None:
    conversation = site.world.waiting("Hilfe").conversation_id
    page = site.page("anna", agent={"languages": ["en"]})

    def written_early(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("></textarea>", ">Ihr Paket</textarea>", 1))

    page.route("**/composer", written_early)
    site.open(page, f"/c/{conversation}")
    page.wait_for_selector("[data-composer][data-ready]")
    expect(page.get_by_label("Your answer")).to_have_value("Ihr Paket")
    page.unroute("**/composer")
    again(page)
    expect(page.get_by_label("Your answer")).to_have_value("Ihr Paket")


def test_what_must_not_leave_is_marked_in_place_and_put_right_with_one_click(site: DeskSite) -> None:
    conversation = site.world.waiting("Hilfe").conversation_id
    page = opened(site, conversation)
    page.get_by_label("You write in").select_option("de")
    page.get_by_label("Your answer").fill(BAD)
    expect(page.locator(".gate-mark")).to_have_text("desinfizieren")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("[data-alert]")).to_contain_text("Not sent")
    assert written(site.world, conversation) == []
    assert violations(page) == []
    page.get_by_role("button", name="Write “sterilisieren”").click()
    expect(page.get_by_label("Your answer")).to_have_value(BAD.replace("desinfizieren", "sterilisieren"))
    expect(page.locator(".gate-mark")).to_have_count(0)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Sent.", exact=True)).to_be_visible()
    assert len(written(site.world, conversation)) == 1


def test_an_override_wants_a_reason(site: DeskSite) -> None:
    conversation = site.world.waiting("Hilfe").conversation_id
    page = opened(site, conversation)
    page.get_by_label("You write in").select_option("de")
    page.get_by_label("Your answer").fill(BAD)
    page.locator("summary", has_text="Send anyway").click()
    page.get_by_role("button", name="Send anyway").click()
    assert written(site.world, conversation) == []
    page.get_by_label("Why it must leave").fill("The customer quotes it.")
    page.get_by_role("button", name="Send anyway").click()
    expect(page.get_by_text("Sent.", exact=True)).to_be_visible()
    assert len(written(site.world, conversation)) == 1


def test_a_ready_reply_is_found_with_a_slash_and_needs_no_machine(site: DeskSite) -> None:
    conversation = site.world.waiting("Hilfe", market="TH", language="th").conversation_id
    page = opened(site, conversation)
    page.get_by_label("Your answer").press("/")
    search = page.get_by_role("combobox", name="Search ready replies")
    expect(search).to_be_focused()
    search.fill("anything else")
    expect(page.locator(".canned-option")).to_have_count(1)
    search.press("Enter")
    expect(page.get_by_label("Your answer")).to_have_value("มีอะไรให้ช่วยเพิ่มเติมอีกไหมคะ")
    expect(page.get_by_label("You write in")).to_have_value("th")
    expect(page.locator("[data-meaning-text]")).to_have_text("Is there anything else I can do for you?")
    page.get_by_label("Your answer").press("Control+Enter")
    expect(page.get_by_text("Sent.", exact=True)).to_be_visible()
    assert "translation" not in written(site.world, conversation)[0].payload


def test_without_a_translation_the_agent_decides(site: DeskSite) -> None:
    conversation = site.world.waiting("Hilfe", market="TH", language="th").conversation_id
    page = opened(site, conversation)
    page.get_by_label("Your answer").fill(TEXT)
    page.get_by_role("button", name="Send untranslated").click()
    expect(page.get_by_text("Sent.", exact=True)).to_be_visible()
    assert written(site.world, conversation)[0].payload["translation"] == {"from": "en"}


def test_who_is_overtaken_is_told_and_keeps_the_draft(site: DeskSite) -> None:
    conversation = site.world.waiting("Hilfe").conversation_id
    page = opened(site, conversation)
    page.get_by_label("You write in").select_option("de")
    page.get_by_label("Your answer").fill("Ihr Paket kommt morgen.")
    site.world.add_agent("bert")
    site.world.act(conversation, Event.TAKE, "bert", lead=True)
    page.get_by_label("Your answer").press("Control+Enter")
    expect(page.get_by_text("Bert has this conversation.")).to_be_visible()
    assert written(site.world, conversation) == []
    site.world.act(conversation, Event.RELEASE, "bert")
    again(page)
    expect(page.get_by_label("Your answer")).to_have_value("Ihr Paket kommt morgen.")


def replaced(page: Page) -> None:
    """Until the composer is another one than the page had."""
    page.wait_for_selector("[data-composer][data-ready]:not([data-first])")


def test_who_writes_while_the_composer_is_replaced_loses_nothing(site: DeskSite) -> None:
    site.world.add_agent("anna", languages=["en"], presence="away")  # nothing is given to her
    conversation = site.world.waiting("Hilfe").conversation_id
    page = opened(site, conversation)
    page.get_by_label("You write in").select_option("de")
    field = page.get_by_label("Your answer")
    field.press_sequentially("Ihr kommt")
    for _ in range(6):
        field.press("ArrowLeft")
    page.evaluate("document.querySelector('[data-composer]').dataset.first = 'yes'")
    late = Late()
    late.hold(page, "/composer$")
    site.world.act(conversation, Event.TAKE, "anna")  # in another window
    site.world.parts.deps.news(conversation)
    late.wait(page)
    page.keyboard.type(" Paket")
    late.let_go()
    replaced(page)
    page.keyboard.type(" x")  # in the middle, where it was
    expect(field).to_have_value("Ihr Paket x kommt")
    expect(field).to_be_focused()
    expect(page.get_by_label("You write in")).to_have_value("de")


def test_what_is_typed_on_when_another_has_taken_it_is_no_shortcut(site: DeskSite) -> None:
    site.world.add_agent("anna", languages=["en"], presence="away")
    conversation = site.world.waiting("Hilfe").conversation_id
    other = site.world.waiting("Noch jemand", sender="s2").conversation_id
    page = opened(site, conversation)
    field = page.get_by_label("Your answer")
    field.press_sequentially("Ihr")
    page.evaluate("document.querySelector('[data-composer]').dataset.first = 'yes'")
    site.world.add_agent("bert", presence="away")
    site.world.act(conversation, Event.TAKE, "bert")
    site.world.parts.deps.news(conversation)
    replaced(page)
    page.keyboard.type(" net")  # n takes the next one from the queue
    expect(page.get_by_text("Bert has this conversation.")).to_be_visible()
    page.locator("#thread").focus()  # what is pressed now is meant
    page.keyboard.press("n")
    page.wait_for_url(f"**/{other}")
    assert site.world.conversation(conversation).owner == "agent:bert"


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("width", ["wide", "phone"])
def test_it_fits_every_screen(site: DeskSite, tmp_path: Path, look: str, width: str) -> None:
    conversation = site.world.waiting("أين طلبي؟", market="SA", language="ar").conversation_id
    options: dict[str, Any] = {"color_scheme": look, **({"viewport": PHONE} if width == "phone" else {})}
    page = opened(site, conversation, **options)
    page.get_by_label("You write in").select_option("ar")
    page.get_by_label("Your answer").fill("يطهّر PureSteam 2 الرضاعات في ثماني دقائق.")
    expect(page.locator(".gate-mark")).to_have_count(1)
    assert page.get_by_label("Your answer").get_attribute("dir") == "rtl"
    assert sideways(page) <= 0
    assert violations(page) == []
    page.screenshot(path=tmp_path / f"{width}-{look}.png")
