"""Opening a session: markets, languages, identity, reloads."""

from typing import Any

import jwt
import pytest
from starlette.testclient import TestClient

from tests.connectors.webchat.conftest import VisitorAtWork, only, open_session
from tests.support.webchat import IDENTITY_SECRET, Installation


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
