"""A conversation in the browser: writing, buttons, links, languages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from conversations.model import Status
from tests.browser.chat_page import ChatPage
from tests.browser.conftest import Site, word
from tests.support.bot import say, take_over

pytestmark = pytest.mark.browser


def conversation_of(chat: ChatPage) -> str:
    return str(chat.page.evaluate("JSON.parse(Object.values(localStorage)[0]).conversation"))


def test_question_and_answer(chat: ChatPage, site: Site) -> None:
    chat.visit("DE").open()
    chat.send("Hallo!")
    reply = chat.wait_reply()
    assert (reply.author, reply.language, reply.direction) == ("bot", "de", "ltr")
    expect(chat.rows.first.locator(".state")).to_have_text(word("de", "delivered"))
    assert chat.texts("customer") == ["Hallo!"]
    expect(chat.typing).to_have_count(0)


def test_messages_on_the_screen_are_marked_read(chat: ChatPage, site: Site) -> None:
    chat.visit("DE").open()
    chat.send("Hallo!")
    chat.wait_reply()
    conversation = conversation_of(chat)
    chat.page.wait_for_timeout(600)  # the widget tells it once for many rows
    assert site.installation.record.history(conversation)[-1].status == Status.READ


def test_typing_is_shown_until_the_answer(chat: ChatPage, site: Site) -> None:
    site.bot.paused.set()
    chat.visit("DE").open()
    chat.send("Hallo!")
    expect(chat.typing).to_be_visible()
    expect(chat.page.locator(".typing")).to_have_attribute("role", "status")
    site.bot.paused.clear()
    chat.wait_reply()
    expect(chat.typing).to_have_count(0)


def test_buttons_work_once(chat: ChatPage) -> None:
    chat.visit("US").open()
    chat.send("buttons")
    assert chat.wait_reply().buttons == ["Where is my order?", "Returns", "Talk to a person"]
    chat.press_button("Returns")
    assert chat.wait_reply().text == 'You chose faq{"id": "return-how"}'
    group = chat.page.get_by_role("group", name="What would you like to know?")
    expect(group.get_by_role("button", disabled=True)).to_have_count(3)
    expect(group.get_by_role("button", name="Returns")).to_have_attribute("aria-pressed", "true")
    expect(chat.input).to_be_focused()


def test_a_button_that_is_gone_is_sent_as_words(chat: ChatPage, site: Site) -> None:
    chat.visit("US").open()
    chat.send("buttons")
    chat.wait_reply()
    site.installation.record.close(conversation_of(chat))
    chat.page.evaluate("""() => {
      const key = Object.keys(localStorage)[0];
      localStorage[key] = JSON.stringify({...JSON.parse(localStorage[key]), conversation: undefined});
    }""")
    chat.page.reload()
    chat.send("buttons")
    chat.wait_reply()
    with site.installation.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE messages SET payload = '{}' WHERE direction = 'out'")
    chat.press_button("Returns")
    assert chat.wait_reply().text == "You wrote: Returns"


def test_arabic_runs_from_right_to_left(chat: ChatPage) -> None:
    chat.visit("SA").open()
    chat.send("ORK-4821936 أين طلبي؟")
    reply = chat.wait_reply()
    assert (reply.language, reply.direction) == ("ar", "rtl")
    assert chat.messages()[0].direction == "rtl"  # the number before it does not turn it round
    panel, width = chat.panel.bounding_box(), 1280
    assert panel is not None
    assert panel["x"] < width / 4
    chat.send("Hello in English")
    assert chat.messages()[-1].direction == "ltr"


def test_each_message_says_its_language(chat: ChatPage) -> None:
    chat.visit("DE").open()
    chat.send("ありがとう")
    assert chat.wait_reply().language == "ja"
    expect(chat.rows.first.locator(".bubble")).to_have_attribute("lang", "ja")


def test_language_menu(chat: ChatPage) -> None:
    chat.visit("DE").open()
    chat.send("Hallo!")
    chat.wait_reply()
    expect(chat.panel).to_have_accessible_name(word("de", "title"))
    chat.choose_language("en")
    expect(chat.panel).to_have_accessible_name(word("en", "title"))
    expect(chat.input).to_have_attribute("placeholder", word("en", "placeholder"))
    expect(chat.rows.first.locator(".state")).to_have_text(word("en", "delivered"))
    chat.page.reload()
    expect(chat.panel).to_have_accessible_name(word("en", "title"))


def test_new_conversation(chat: ChatPage, site: Site) -> None:
    chat.visit("DE").open()
    chat.send("Hallo!")
    chat.wait_reply()
    first = conversation_of(chat)
    chat.start_over()
    expect(chat.rows).to_have_count(0)
    expect(chat.input).to_be_focused()
    chat.send("Hallo noch einmal!")
    chat.wait_reply()
    assert conversation_of(chat) != first
    assert site.installation.record.conversation(first).state == "closed"


def test_a_conversation_that_a_person_closed_stays_on_the_screen(chat: ChatPage, site: Site) -> None:
    chat.visit("DE").open()
    chat.send("Hallo!")
    chat.wait_reply()
    site.installation.record.close(conversation_of(chat))
    chat.send("Danke!")
    chat.wait_reply()
    assert chat.texts("customer") == ["Hallo!", "Danke!"]
    expect(chat.page.locator(".divider")).to_have_count(1)


def test_a_person_takes_over(chat: ChatPage, site: Site) -> None:
    chat.visit("DE").open()
    chat.send("Hallo!")
    chat.wait_reply()
    conversation = conversation_of(chat)
    take_over(site.installation.engine, conversation, "agent:aiko.tanaka")
    with site.installation.engine.begin() as connection:
        say(
            connection,
            conversation,
            "Guten Tag, hier ist ein Mensch.",
            "de",
            author="agent:aiko.tanaka",
            at=site.clock(),
        )
    site.server.wake(conversation)
    assert chat.wait_reply().author == "agent"
    expect(chat.page.locator(".subtitle")).to_have_text(word("de", "with_person"))
    assert "aiko" not in chat.page.content()
    chat.send("Danke!")
    chat.page.wait_for_timeout(300)
    expect(chat.typing).to_have_count(0)


def test_a_closed_window_counts_new_messages(chat: ChatPage, site: Site) -> None:
    chat.visit("DE").open()
    chat.send("Hallo!")
    chat.wait_reply()
    chat.launcher.click()
    with site.installation.engine.begin() as connection:
        say(connection, conversation_of(chat), "Noch etwas.", "de", at=site.clock())
    site.server.wake(conversation_of(chat))
    expect(chat.page.locator(".badge")).to_have_text("1")
    expect(chat.launcher).to_have_accessible_name(f"{word('de', 'open')}. {word('de', 'new_messages')}: 1")
    chat.launcher.click()
    expect(chat.page.locator(".badge")).to_be_hidden()


def test_a_reader_of_old_messages_is_not_torn_away(chat: ChatPage, site: Site) -> None:
    chat.visit("DE").open()
    chat.send("Hallo!")
    chat.wait_reply()
    with site.installation.engine.begin() as connection:
        for number in range(30):
            say(connection, conversation_of(chat), f"Zeile {number}", "de", at=site.clock())
    site.server.wake(conversation_of(chat))
    expect(chat.rows).to_have_count(32)
    chat.page.locator(".scroller").evaluate("box => { box.scrollTop = 0 }")
    chat.page.wait_for_timeout(100)
    with site.installation.engine.begin() as connection:
        say(connection, conversation_of(chat), "Die neueste", "de", at=site.clock())
    site.server.wake(conversation_of(chat))
    jump = chat.page.locator(".jump")
    expect(jump).to_be_visible()
    assert chat.page.locator(".scroller").evaluate("box => box.scrollTop") == 0
    jump.click()
    expect(chat.rows.last).to_be_in_viewport()
    expect(jump).to_be_hidden()


def test_two_tabs_show_the_same_conversation(chat: ChatPage, site: Site) -> None:
    chat.visit("DE").open()
    chat.send("Hallo!")
    chat.wait_reply()
    other = ChatPage(chat.page.context.new_page(), site.server.url).visit("DE").open()
    expect(other.rows).to_have_count(2)
    chat.send("Noch eine Frage")
    expect(other.rows).to_have_count(4)


def test_nothing_is_stored_before_the_chat_is_opened(new_page: Callable[..., Page], site: Site) -> None:
    ChatPage(new_page(), site.server.url).visit("DE")
    with site.installation.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM conversations").scalar() == 0
