"""Machine translations on the customer's screen: marked, with the original one tap away."""

import time
from typing import Any

import pytest
from playwright.sync_api import expect

from conversations import rows
from conversations.model import Message
from core.database import reading
from tests.browser.chat_page import ChatPage
from tests.browser.conftest import Site, word
from tests.browser.test_talk import conversation_of
from tests.support.bot import say, take_over

pytestmark = pytest.mark.browser

ORIGINAL = "Ihr Paket liegt in der Packstation. Sendungsnummer 00340434161094042557."
ARABIC = "طردك في خزانة الطرود. رقم التتبع 00340434161094042557."


def agent_says(site: Site, conversation: str, text: str, language: str, translation: dict[str, Any]) -> Message:
    """A message of a person, stored as the desk stores it."""
    engine = site.installation.engine
    take_over(engine, conversation, "agent:ines")
    with engine.begin() as connection:
        said = say(connection, conversation, text, language, {"translation": translation}, "agent:ines", at=time.time())
    site.server.wake(conversation)
    with reading(engine) as connection:
        return rows.message(connection, said.id)


def test_a_translation_is_marked_and_turns_to_the_original_and_back(chat: ChatPage, site: Site) -> None:
    chat.visit("SA", "ar").open()
    chat.send("مرحبا")
    chat.wait_reply()
    translation = {"from": "de", "original": ORIGINAL, "engine": "argos"}
    agent_says(site, conversation_of(chat), ARABIC, "ar", translation)
    reply = chat.wait_reply()
    assert (reply.author, reply.text, reply.language, reply.direction) == ("agent", ARABIC, "ar", "rtl")
    assert word("ar", "machine_translation") in reply.source
    chat.page.get_by_role("button", name=word("ar", "show_original")).click()
    shown = chat.messages()[-1]
    assert (shown.text, shown.language, shown.direction) == (ORIGINAL, "de", "ltr")
    back = chat.page.get_by_role("button", name=word("ar", "show_translation"))
    expect(back).to_have_attribute("aria-pressed", "true")
    back.click()
    assert chat.messages()[-1].text == ARABIC


def test_what_could_not_be_translated_says_so(chat: ChatPage, site: Site) -> None:
    chat.visit("SA", "ar").open()
    chat.send("مرحبا")
    chat.wait_reply()
    agent_says(site, conversation_of(chat), ORIGINAL, "de", {"from": "de"})
    reply = chat.wait_reply()
    assert word("ar", "not_translated") in reply.source
    expect(chat.page.get_by_role("button", name=word("ar", "show_original"))).to_have_count(0)


def test_what_a_person_has_corrected_is_not_called_a_machines(chat: ChatPage, site: Site) -> None:
    chat.visit("SA", "ar").open()
    chat.send("مرحبا")
    chat.wait_reply()
    translation = {"from": "de", "original": ORIGINAL, "engine": "", "edited": True}
    agent_says(site, conversation_of(chat), ARABIC, "ar", translation)
    reply = chat.wait_reply()
    assert word("ar", "checked_translation") in reply.source
    assert word("ar", "machine_translation") not in reply.source
    chat.page.get_by_role("button", name=word("ar", "show_original")).click()
    assert chat.messages()[-1].text == ORIGINAL


def test_our_own_words_carry_no_mark(chat: ChatPage) -> None:
    chat.visit("DE").open()
    chat.send("Hallo!")
    chat.wait_reply()
    expect(chat.page.locator(".translation")).to_have_count(0)


def test_the_mark_follows_the_language_of_the_window(chat: ChatPage, site: Site) -> None:
    chat.visit("DE").open()
    chat.send("Hallo!")
    chat.wait_reply()
    agent_says(site, conversation_of(chat), "Guten Tag", "de", {"from": "en", "original": "Hello", "engine": "argos"})
    chat.wait_reply()
    chat.choose_language("en")
    expect(chat.page.locator(".translation")).to_contain_text(word("en", "machine_translation"))
