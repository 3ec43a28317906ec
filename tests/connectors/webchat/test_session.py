"""Opening a session: markets, languages, identity, reloads."""

from typing import Any
from uuid import uuid4

import jwt
import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from conversations import ownership
from conversations.ownership import Action, Event
from conversations.surveys import ANSWERED, ASKED, DAY_S, OPEN_S, SKIPPED, rating_payload
from core.schema import conversations
from core.schema_desk import surveys
from tests.connectors.webchat.conftest import VisitorAtWork, only, open_session
from tests.support.bot import say, take_over
from tests.support.webchat import IDENTITY_SECRET, Clock, Installation


@pytest.mark.parametrize(
    ("body", "language", "direction"),
    [
        ({"market": "DE"}, "de", "ltr"),
        ({"market": "de", "language": "en"}, "en", "ltr"),
        ({"market": "SA"}, "ar", "rtl"),
        ({"market": "SA", "browser_languages": ["fr", "en-GB"]}, "en", "ltr"),
        ({"market": "TW", "page_locale": "zh-TW"}, "zh-Hant", "ltr"),
        ({"market": "JP", "language": "xx"}, "ja", "ltr"),
    ],
)
def test_session(client: TestClient, body: dict[str, Any], language: str, direction: str) -> None:
    session = client.post("/webchat/session", json=body).json()
    assert (session["language"], session["dir"], session["limit"]) == (language, direction, 5000)
    assert session["strings"]["widget_send"]
    assert session["greeting"]
    assert language in [item["code"] for item in session["languages"]]
    assert "history" not in session


def test_unknown_market(client: TestClient) -> None:
    answer = client.post("/webchat/session", json={"market": "XX"})
    assert answer.status_code == 404
    assert answer.json() == {"type": "error", "code": "unknown_market", "message": "there is no market 'XX'"}


def test_a_reload_finds_its_conversation_and_history(client: TestClient, visitor: VisitorAtWork) -> None:
    visitor.write("hello")
    again = open_session(client, token=visitor.token, conversation=visitor.conversation)
    assert again.conversation == visitor.conversation
    assert [frame["text"] for frame in again.session["history"]] == ["hello"]


def test_hints_of_the_page_reach_the_record(client: TestClient, chat: Installation) -> None:
    visitor = open_session(client, page_locale="de-AT", browser_languages=["de"], time_zone="Europe/Vienna")
    hints = chat.record.conversation(visitor.conversation).hints
    assert (hints.page_locale, hints.browser_languages, hints.time_zone) == ("de-AT", ("de",), "Europe/Vienna")


def identity(subject: str, **claims: Any) -> str:
    return jwt.encode({"sub": subject, "exp": 1_760_000_600, **claims}, IDENTITY_SECRET, "HS256")


def test_a_proved_customer_reaches_the_record(client: TestClient, chat: Installation) -> None:
    visitor = open_session(client, identity=identity("c-1"))
    assert chat.record.conversation(visitor.conversation).hints.customer_ref == "c-1"


def test_logging_in_keeps_the_conversation(client: TestClient, visitor: VisitorAtWork, chat: Installation) -> None:
    known = open_session(client, token=visitor.token, identity=identity("c-1"))
    assert known.conversation == visitor.conversation
    assert chat.record.conversation(visitor.conversation).hints.customer_ref == "c-1"


@pytest.mark.parametrize("next_identity", ["", identity("c-2")])
def test_the_next_person_at_the_computer_gets_another_conversation(client: TestClient, next_identity: str) -> None:
    first = open_session(client, identity=identity("c-1"))
    first.write("my secret")
    following = open_session(client, token=first.token, identity=next_identity, conversation=first.conversation)
    assert following.conversation != first.conversation
    assert following.session["history"] == []


def test_another_market_is_another_conversation(client: TestClient, visitor: VisitorAtWork) -> None:
    assert open_session(client, market="JP", token=visitor.token).conversation != visitor.conversation


def test_wrong_identity(client: TestClient) -> None:
    answer = client.post("/webchat/session", json={"market": "DE", "identity": identity("c-1", market="JP")})
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_identity")


@pytest.mark.parametrize("closed", [False, True])
def test_nobody_else_can_see_a_conversation(
    client: TestClient, visitor: VisitorAtWork, chat: Installation, closed: bool
) -> None:
    visitor.write("my secret")
    if closed:
        chat.record.close(visitor.conversation)
    stranger = open_session(client)
    answer = stranger.poll(conversation=visitor.conversation).json()
    assert answer["conversation"] == stranger.conversation
    assert only(answer["frames"], "message") == []
    again = open_session(client, token=stranger.token, conversation=visitor.conversation)
    assert again.session["history"] == []


# --- a conversation that is over, and its survey --------------------------------------------------------------------

HOUR_S = 3600.0


def close(chat: Installation, visitor: VisitorAtWork, clock: Clock) -> None:
    """A person answers and closes."""
    visitor.write("hello")
    take_over(chat.engine, visitor.conversation, "agent:aiko")
    with chat.engine.begin() as connection:
        say(connection, visitor.conversation, "All done.", author="agent:aiko", at=clock.now)
    ownership.act(chat.engine, visitor.conversation, Action(Event.CLOSE, "agent:aiko"), clock.now)


def survey(chat: Installation, visitor: VisitorAtWork, clock: Clock, **values: Any) -> None:
    """The customer is asked how it was."""
    row = {"id": uuid4().hex, "conversation_id": visitor.conversation, "state": ASKED, "market": "DE"}
    row |= {"language": "de", "channel": "webchat", "created_at": clock.now, "asked_at": clock.now, **values}
    buttons = [{"title": str(score), "payload": rating_payload(row["id"], score)} for score in range(1, 6)]
    payload = {"buttons": buttons, "survey": row["id"]}
    with chat.engine.begin() as connection:
        connection.execute(sa.insert(surveys).values(**row))
        say(connection, visitor.conversation, "How was it?", author="system", at=clock.now, payload=payload)


def scores(chat: Installation) -> list[Any]:
    with chat.engine.connect() as connection:
        return list(connection.execute(sa.select(surveys.c.score)).scalars())


@pytest.mark.parametrize("said", [False, True], ids=["the page does not say what it shows", "it says so"])
@pytest.mark.parametrize("answer", ["press", "type"])
def test_who_reloads_after_the_end_sees_the_survey_and_answers_it(
    client: TestClient, visitor: VisitorAtWork, chat: Installation, clock: Clock, said: bool, answer: str
) -> None:
    close(chat, visitor, clock)
    shown = {"conversation": visitor.conversation} if said else {}
    clock.now += HOUR_S
    waiting = open_session(client, token=visitor.token, **shown)
    assert waiting.conversation == visitor.conversation, "the question is still to come, and comes here"
    survey(chat, visitor, clock)
    clock.now += HOUR_S
    again = open_session(client, token=waiting.token, **shown)
    question = again.session["history"][-1]
    assert (again.conversation, question["text"]) == (visitor.conversation, "How was it?")
    if answer == "press":
        pressed = {"id": "pressed-1", "message": question["id"], "index": 3}
        done = again.post("buttons", pressed, **shown)
    else:
        done = again.write("4", "typed-four")
    assert done.json()["conversation"] == visitor.conversation
    assert scores(chat) == [4]
    assert chat.count(conversations) == 1


@pytest.mark.parametrize(
    ("values", "later", "shown"),
    [
        ({}, OPEN_S - HOUR_S, True),
        ({"asked_at": 1_760_000_000.0 - OPEN_S}, HOUR_S, False),
        ({"state": ANSWERED, "score": 5, "answered_at": 1_760_000_000.0}, HOUR_S, True),
        ({"state": ANSWERED, "score": 5, "answered_at": 1_760_000_000.0}, DAY_S + HOUR_S, False),
        ({"state": SKIPPED, "asked_at": None}, HOUR_S, False),
        (None, HOUR_S, True),
        (None, 3 * DAY_S, False),
    ],
)
def test_so_long_the_end_is_shown(
    client: TestClient,
    visitor: VisitorAtWork,
    chat: Installation,
    clock: Clock,
    values: dict[str, Any] | None,
    later: float,
    shown: bool,
) -> None:
    close(chat, visitor, clock)
    if values is not None:
        survey(chat, visitor, clock, **values)
    clock.now += later
    again = open_session(client, token=visitor.token)
    assert (again.conversation == visitor.conversation) is shown
    assert chat.count(conversations) == (1 if shown else 2)


def test_who_wants_a_new_one_does_not_see_the_old_one_again(
    client: TestClient, visitor: VisitorAtWork, chat: Installation, clock: Clock
) -> None:
    close(chat, visitor, clock)
    survey(chat, visitor, clock)
    fresh = visitor.post("conversations", {}).json()["conversation"]
    assert fresh != visitor.conversation
    for shown in ({"conversation": fresh}, {}):
        again = open_session(client, token=visitor.token, **shown)
        assert (again.conversation, again.session["history"]) == (fresh, [])


def test_who_started_over_is_not_brought_back(client: TestClient, visitor: VisitorAtWork, chat: Installation) -> None:
    visitor.write("hello")
    chat.record.close(visitor.conversation)
    assert open_session(client, token=visitor.token).conversation != visitor.conversation


def test_nobody_else_sees_the_survey(
    client: TestClient, visitor: VisitorAtWork, chat: Installation, clock: Clock
) -> None:
    close(chat, visitor, clock)
    survey(chat, visitor, clock)
    stranger = open_session(client, conversation=visitor.conversation)
    assert stranger.conversation != visitor.conversation
    assert "history" not in stranger.session
