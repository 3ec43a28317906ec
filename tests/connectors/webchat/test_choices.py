"""Buttons, languages and new conversations over HTTP."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from conversations import ownership
from conversations.ownership import Action, Event
from tests.connectors.webchat.conftest import VisitorAtWork, bot, only, open_session
from tests.support.bot import say, take_over
from tests.support.webchat import Clock, Installation


@pytest.fixture
def offer(visitor: VisitorAtWork, chat: Installation, clock: Clock) -> dict[str, Any]:
    visitor.write("buttons")
    bot(chat, clock).answer_waiting()
    offered: dict[str, Any] = only(visitor.poll().json()["frames"], "message")[-1]
    return offered


def test_a_button_sends_our_own_payload(visitor: VisitorAtWork, chat: Installation, offer: dict[str, Any]) -> None:
    body = {"id": "press-001", "message": offer["id"], "index": 1, "payload": "forged"}
    assert visitor.post("buttons", body).json()["seq"] == 3
    stored = chat.record.history(visitor.conversation)[-1]
    assert (stored.kind, stored.text, stored.payload["payload"]) == ("button", "Returns", 'faq{"id": "return-how"}')


@pytest.mark.parametrize("change", [{"index": 3}, {"message": "0" * 32}, {"message": "1"}])
def test_a_button_that_was_never_offered(visitor: VisitorAtWork, offer: dict[str, Any], change: dict[str, Any]) -> None:
    answer = visitor.post("buttons", {"id": "press-001", "message": offer["id"], "index": 0, **change})
    assert (answer.status_code, answer.json()["code"]) == (404, "old_button")


def test_a_button_of_somebody_else(client: TestClient, visitor: VisitorAtWork, offer: dict[str, Any]) -> None:
    body = {"id": "press-001", "message": offer["id"], "index": 0}
    answer = open_session(client).post("buttons", body, conversation=visitor.conversation)
    assert answer.json()["code"] == "old_button"


# --- language and conversations --------------------------------------------------------------


def test_a_chosen_language_stays(client: TestClient, visitor: VisitorAtWork, chat: Installation) -> None:
    answer = visitor.post("language", {"code": "en"}).json()
    assert (answer["type"], answer["language"], answer["strings"]["widget_send"]) == ("language", "en", "Send")
    assert chat.record.conversation(visitor.conversation).language_state["chosen"] == "en"
    again = open_session(client, token=answer["token"], language="de")
    assert again.session["language"] == "en"
    fresh = again.post("conversations", {}).json()["conversation"]
    again.write("hello")
    fresh = again.post("conversations", {}).json()["conversation"]
    assert chat.record.conversation(fresh).language_state["chosen"] == "en"


@pytest.mark.parametrize("code", ["ja", "xx"])
def test_a_language_that_the_market_does_not_offer(visitor: VisitorAtWork, code: str) -> None:
    answer = visitor.post("language", {"code": code})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_language")


def test_a_new_conversation(visitor: VisitorAtWork, chat: Installation) -> None:
    visitor.write("hello")
    fresh = visitor.post("conversations", {}).json()
    assert fresh["conversation"] != visitor.conversation
    assert chat.record.conversation(visitor.conversation).state == "closed"
    assert visitor.poll().json()["frames"] == [{"type": "owner", "owner": "bot"}]


def test_an_untouched_conversation_is_kept(visitor: VisitorAtWork) -> None:
    assert visitor.post("conversations", {}).json()["conversation"] == visitor.conversation


def test_the_last_words_of_a_closed_conversation_are_not_lost(
    client: TestClient, visitor: VisitorAtWork, chat: Installation, clock: Clock
) -> None:
    visitor.write("hello")
    take_over(chat.engine, visitor.conversation, "agent:aiko")
    with chat.engine.begin() as connection:
        say(connection, visitor.conversation, "All done.", author="agent:aiko", at=clock.now)
    ownership.act(chat.engine, visitor.conversation, Action(Event.CLOSE, "agent:aiko"), clock.now)
    assert (
        only(visitor.poll(0, conversation=visitor.conversation).json()["frames"], "message")[-1]["text"] == "All done."
    )
    again = open_session(client, token=visitor.token, conversation=visitor.conversation)
    assert again.session["history"][-1]["text"] == "All done."
    assert visitor.write("thanks", "message-2").json()["conversation"] != visitor.conversation
