"""Messages in the reader's language: made beside the page, kept for all readers, shown with what is doubtful."""

from collections.abc import Callable
from dataclasses import replace
from threading import Event

import pytest
import sqlalchemy as sa

from conversations.agent_reply import AgentDesk
from conversations.model import Reply
from conversations.outgoing import Draft
from core.schema import messages
from core.schema_desk import message_translations
from desk.conversation.translations import AGAIN_S, Translations, Wish, fulfil
from desk.translated import digest_of
from tests.desk.conversation.conftest import Translating
from tests.desk.conversation.pages import elements, message
from tests.support.desk import DeskWorld

Make = Callable[..., Translating]
PARCEL, ENGLISH = "พัสดุของฉันอยู่ที่ไหน", "Where is my parcel?"


def wait(desk: DeskWorld, number: int) -> None:
    """Until so many translations are kept; the pool tells the web process of each."""
    for _ in range(500):
        with desk.engine.connect() as connection:
            found = connection.execute(sa.select(sa.func.count()).select_from(message_translations)).scalar_one()
        if found >= number:
            return
        pause()
    raise AssertionError(f"not {number} translations after 5 s")


def pause() -> None:
    """A moment for another thread."""
    Event().wait(0.01)


def test_a_translation_comes_after_the_page_and_tells_the_page(desk: DeskWorld, translating: Make) -> None:
    there = translating({PARCEL: ENGLISH}, languages=["en"])
    conversation_id = desk.waiting(PARCEL, market="TH", language="th").conversation_id
    desk.woken.clear()
    first = message(there.client, conversation_id, 1)
    assert first.attributes["data-translation"] in ("waiting", "done")
    wait(desk, 1)
    shown = message(there.client, conversation_id, 1)
    assert shown.attributes["data-version"] != first.attributes["data-version"] or "done" in str(first.attributes)
    html = there.client.get(f"/desk/c/{conversation_id}").text
    [original] = elements(html, class_="bubble-text", data_side="original")
    [other] = elements(html, class_="bubble-translation")
    assert (original.attributes["lang"], other.attributes["lang"]) == ("th", "en")
    assert (other.text, "Machine translation (given)" in shown.text) == (ENGLISH, True)
    assert shown.attributes["data-mode"] == "both"
    assert there.translator.asked == [(PARCEL, "th", "en")]  # once, however often it is looked at
    assert ("web", conversation_id) in desk.woken


def test_who_reads_several_languages_gets_the_first_that_there_is(desk: DeskWorld, translating: Make) -> None:
    there = translating({PARCEL: ENGLISH}, languages=["zh", "en", "de"], interface="zh")
    conversation_id = desk.waiting(PARCEL, market="TH", language="th").conversation_id
    message(there.client, conversation_id, 1)
    wait(desk, 1)
    assert there.translator.asked == [(PARCEL, "th", "en")]
    html = there.client.get(f"/desk/c/{conversation_id}").text
    [other] = elements(html, class_="bubble-translation")
    assert (other.attributes["lang"], other.text) == ("en", ENGLISH)
    assert "没有该语言的翻译包" not in html
    wants = desk.client("anna").get(f"/desk/api/conversations/{conversation_id}/packet").json()["wants"]
    assert (wants["translated"], wants["into"]) == (ENGLISH, "en")


def test_what_the_reader_reads_is_translated_when_they_ask(desk: DeskWorld, translating: Make) -> None:
    there = translating({"Où est mon colis ?": "Wo ist mein Paket?"}, languages=["de", "fr"])
    conversation_id = desk.waiting("Où est mon colis ?", market="FR", language="fr").conversation_id
    shown = message(there.client, conversation_id, 1)
    assert (shown.attributes["data-translation"], shown.attributes["data-mode"]) == ("wanted", "original")
    assert there.translator.asked == []
    there.client.get(f"/desk/c/{conversation_id}/thread?after=1&want=1&shown=1.x")
    wait(desk, 1)
    assert "Wo ist mein Paket?" in message(there.client, conversation_id, 1).text


@pytest.mark.parametrize(
    ("text", "language", "state", "words"),
    [
        ("ไม่เข้าใจ", "th", "failed", "too strange"),
        ("doubtศ", "th", "unsure", "a doubtful text"),
        ("안녕하세요", "ko", "impossible", "No translation package"),
        ("Hello", "en", "none", "Hello"),
        ("12345", "th", "none", "12345"),
    ],
)
def test_why_there_is_none_is_said(
    desk: DeskWorld, translating: Make, text: str, language: str, state: str, words: str
) -> None:
    there = translating({}, languages=["en"])
    conversation_id = desk.waiting(text, language=language).conversation_id
    message(there.client, conversation_id, 1)
    if state in ("failed", "unsure"):
        wait(desk, 1)
    shown = message(there.client, conversation_id, 1)
    assert shown.attributes["data-translation"] == state
    assert words in shown.text


def test_what_failed_is_tried_again_later(desk: DeskWorld, translating: Make) -> None:
    there = translating({}, languages=["en"])
    conversation_id = desk.waiting(PARCEL, language="th").conversation_id
    message(there.client, conversation_id, 1)
    wait(desk, 1)
    there.translator.known = {PARCEL: ENGLISH}
    assert message(there.client, conversation_id, 1).attributes["data-translation"] == "failed"
    desk.clock.now += AGAIN_S + 1
    message(there.client, conversation_id, 1)
    for _ in range(500):
        if message(there.client, conversation_id, 1).attributes["data-translation"] == "done":
            return
        pause()
    raise AssertionError("it was not tried again")


def test_an_edited_message_loses_its_translation(desk: DeskWorld, translating: Make) -> None:
    there = translating({PARCEL: ENGLISH}, languages=["en"])
    conversation_id = desk.waiting(PARCEL, language="th").conversation_id
    message(there.client, conversation_id, 1)
    wait(desk, 1)
    with desk.engine.begin() as connection:
        connection.execute(sa.update(messages).values(text="ยกเลิก", payload={"edits": [PARCEL]}))
    shown = message(there.client, conversation_id, 1)
    assert ENGLISH not in shown.text
    assert "edited" in shown.text
    assert PARCEL in shown.text  # what it said before, of one click's distance


def test_words_that_were_taken_back_meanwhile_are_not_kept(desk: DeskWorld, translating: Make) -> None:
    there = translating({PARCEL: ENGLISH})
    conversation_id = desk.waiting(PARCEL, language="th").conversation_id
    [stored] = desk.messages(conversation_id)

    def erase() -> None:
        with desk.engine.begin() as connection:
            connection.execute(sa.update(messages).values(text="", payload={"retracted": 1.0}))

    there.translator.blocked = erase
    wish = Wish(stored.id, conversation_id, "TH", "en", digest_of(stored))
    fulfil(desk.engine, there.translator, wish, desk.clock)  # type: ignore[arg-type]  # as far as it is used
    with desk.engine.connect() as connection:
        assert connection.execute(sa.select(message_translations)).all() == []
    shown = message(there.client, conversation_id, 1)
    assert "took this message back" in shown.text


def test_what_an_agent_wrote_in_their_language_needs_no_machine(desk: DeskWorld, translating: Make) -> None:
    there = translating({}, languages=["en"])
    conversation_id = desk.waiting(PARCEL, market="TH", language="th").conversation_id
    payload = {"translation": {"from": "en", "original": "It comes tomorrow."}}
    draft = Draft(Reply("พรุ่งนี้ถึง", "th", payload), "agent:anna", override="test")
    AgentDesk(desk.engine, desk.gate, desk.clock).send(conversation_id, draft)
    shown = message(there.client, conversation_id, 2)
    assert "It comes tomorrow." in shown.text
    assert "machine" not in shown.text


def test_the_pool_is_bounded_and_asks_for_nothing_twice(desk: DeskWorld, translating: Make) -> None:
    there = translating({}, languages=["en"])
    conversation_id = desk.waiting(PARCEL, language="th").conversation_id
    [stored] = desk.messages(conversation_id)
    pool = Translations(workers=0, most=2)
    different = [replace(stored, id=f"m{number}") for number in range(5)]
    assert len(pool.ask(there.deps, different, "TH", "en")) == 2
    assert pool.ask(there.deps, different[:2], "TH", "en") == {"m0", "m1"}


def test_an_engine_that_fails_harms_neither_page_nor_pool(desk: DeskWorld, translating: Make) -> None:
    there = translating({PARCEL: ENGLISH}, languages=["en"])
    conversation_id = desk.waiting(PARCEL, language="th").conversation_id
    [stored] = desk.messages(conversation_id)
    failures = [RuntimeError("the model is broken")]

    def fail() -> None:
        if failures:
            raise failures.pop()

    there.translator.blocked = fail
    pool = Translations(workers=1)
    pool.ask(there.deps, [stored], "TH", "en")
    pool.wait()
    pool.ask(there.deps, [stored], "TH", "en")
    pool.wait()
    wait(desk, 1)
