"""Suggested answers: the bot's own search, loaded when first asked for."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest

from conversations.agent_reply import AgentDesk
from conversations.model import Message, Reply
from conversations.outgoing import Draft
from conversations.ownership import Event
from core.errors import SetupError
from desk.web.words import load_words
from desk.writing.suggester import Parts, Readiness, Suggester
from desk.writing.suggestions import answered, asked
from desk.writing.suggestions_source import Source, source_of
from knowledge.entries import FaqEntry, FaqText, Variant
from tests.support.desk import DeskWorld, MakeDesk

# market, language, what the customer asks, the entry that answers it
QUESTIONS = [
    ("DE", "de", "Wie lange habe ich Zeit für eine Rücksendung?", "returns-window"),
    ("JP", "ja", "哺乳瓶の消毒方法を教えてください", "sterilise-bottle"),
    ("BR", "pt", "quais formas de pagamento vocês aceitam?", "payment-methods"),
]


def until(ready: Callable[[], bool]) -> None:
    """Wait for it, 60 seconds at most."""
    end = time.monotonic() + 60
    while not ready():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.model
def test_the_answers_of_the_knowledge_base_are_found(make_desk: MakeDesk) -> None:
    desk = make_desk(desk_suggestions=True)
    client = desk.client("anna", languages=["en"])
    suggester: Any = desk.parts.deps.extras["suggester"]
    for market, language, question, entry in QUESTIONS:
        conversation = desk.waiting(question, market=market, language=language).conversation_id
        address = f"/desk/c/{conversation}/suggestions"
        if suggester.readiness() is not Readiness.READY:
            assert "Getting ready" in client.get(address).text
            until(lambda: suggester.readiness() is Readiness.READY)
        page = client.get(address).text
        assert entry in page
        assert f'data-language="{language}"' in page
        assert 'lang="en"' in page  # the agent's own beside


def test_switched_off_it_shows_what_the_bot_has_offered(desk: DeskWorld) -> None:
    conversation = desk.waiting("Rückgabe?").conversation_id
    page = desk.client("anna").get(f"/desk/c/{conversation}/suggestions").text
    assert "switched off" in page
    row: Any = SimpleNamespace
    history: list[Message] = [
        row(payload={"response": "faq:customs-held", "buttons": [{"payload": "faq:tracking"}]}),
        row(payload={"response": "faq:returns-window"}),
        row(payload={"response": "faq:customs-held"}),
    ]
    assert list(answered(history)) == ["customs-held", "returns-window", "tracking"]


@pytest.mark.parametrize("interface", ["en", "zh"])
def test_the_source_of_an_answer_is_told_in_place(desk: DeskWorld, interface: str) -> None:
    conversation = desk.waiting("Rückgabe?").conversation_id
    desk.client("anna", interface=interface)
    desk.act(conversation, Event.TAKE, "anna")
    release, words = desk.holder.current(), load_words()[interface]
    market = release.markets["DE"]
    answer = release.words.answer(release.entries["returns-window"], market, "de")
    reply = Reply(answer.text, "de", {"response": "faq:returns-window"}, release.id)
    AgentDesk(desk.engine, desk.gate, desk.clock).send(conversation, Draft(reply, "agent:anna"))
    page = unescape(desk.client("anna").get(f"/desk/c/{conversation}/suggestions").text)
    entry = release.entries["returns-window"].texts["de"]
    for part in (words("writing.source.title"), answer.title, entry.questions[0], release.id, release.manifest.author):
        assert part in page
    assert datetime.fromtimestamp(release.manifest.created_at, UTC).strftime("%Y-%m-%dT%H:%M") in page


def test_a_source_says_where_its_words_hold() -> None:
    text = FaqText("de", "T", ("1", "2", "3", "4", "5", "6"), "A", (Variant("no_flag", "B"), Variant("eu", "C")))
    market: Any = SimpleNamespace(code="DE", flag=lambda name: name == "eu")
    release: Any = SimpleNamespace(id="r1", manifest=SimpleNamespace(created_at=5.0, author="edda"))
    found = source_of(release, FaqEntry("x", {"de": text}, frozenset({"FR", "DE"})), market, "de")
    assert found == Source(("1", "2", "3", "4", "5"), ["DE", "FR"], "eu", "r1", 5.0, "edda")
    assert source_of(release, FaqEntry("x", {"de": text}), market, "de").markets == []


def test_it_searches_with_what_was_not_answered_yet(desk: DeskWorld) -> None:
    handoff = desk.waiting("Erste Frage", sender="v-3")
    desk.answer(handoff.conversation_id, "anna", "Ihr Paket kommt morgen.", "de")
    assert asked(desk.messages(handoff.conversation_id)) == "Erste Frage"
    desk.write("Zweite Frage", sender="v-3")
    desk.write("Dritte Frage", sender="v-3")
    assert asked(desk.messages(handoff.conversation_id)) == "Zweite Frage\nDritte Frage"


@pytest.mark.parametrize(
    ("market", "language", "matter", "person"),
    [
        ("JP", "ja", "掃除機が動きません", "担当者と話したいです"),
        ("DE", "de", "Mein Staubsauger ist kaputt", "Ich möchte mit einem Menschen sprechen"),
        ("SA", "ar", "أين طردي؟", "أريد التحدث مع موظف"),
    ],
)
def test_a_wish_for_a_person_is_no_question_to_the_knowledge_base(
    make_desk: MakeDesk, market: str, language: str, matter: str, person: str
) -> None:
    desk = make_desk()
    searched: list[str] = []

    class Searching(Suggester):
        def readiness(self) -> Readiness:
            return Readiness.READY

        def find(self, text: str, market: str, language: str) -> list[tuple[str, float]]:
            searched.append(text)
            return [("returns-window", 0.6), ("tracking", 0.12)]

    desk.parts.deps.extras["suggester"] = Searching(None)  # type: ignore[index]  # the test's own
    given = {"market": market, "language": language, "sender": "one"}
    conversation = desk.waiting(matter, **given).conversation_id
    desk.answer(conversation, "anna", "…", language)
    desk.write(person, **given)  # type: ignore[arg-type]
    page = desk.client("anna").get(f"/desk/c/{conversation}/suggestions").text
    assert searched == [matter]
    assert ("returns-window" in page, "12 %" in page) == (True, False)


def test_a_search_that_cannot_be_loaded_says_so_and_is_tried_again() -> None:
    now, tries = [0.0], threading.Event()

    def fail() -> Parts:
        tries.set()
        raise SetupError("the models are not built")

    suggester = Suggester(fail, lambda: now[0])
    assert suggester.readiness() is Readiness.LOADING
    until(lambda: suggester.readiness() is Readiness.FAILED)
    assert suggester.find("text", "DE", "de") == ()
    tries.clear()
    now[0] = 61.0
    assert suggester.readiness() is Readiness.LOADING
    until(tries.is_set)
