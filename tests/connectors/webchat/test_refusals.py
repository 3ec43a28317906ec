"""What every path refuses: tokens, bodies, origins; and trouble behind it."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from connectors.webchat.parse import MAX_BODY
from connectors.webchat.tokens import LIFETIME_S
from conversations.record import Record
from core.schema import conversations
from tests.connectors.webchat.conftest import ALLOWED, VisitorAtWork
from tests.support.webchat import Clock, Installation

CALLS: list[Callable[[TestClient, dict[str, str]], Any]] = [
    lambda client, headers: client.get("/webchat/messages", headers=headers),
    *(
        lambda client, headers, path=path: client.post(f"/webchat/{path}", json={}, headers=headers)
        for path in ("messages", "buttons", "seen", "language", "conversations")
    ),
]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic x"}, {"Authorization": "Bearer rubbish"}])
def test_wrong_token(client: TestClient, call: Callable[..., Any], headers: dict[str, str]) -> None:
    answer = call(client, headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_token")


@pytest.mark.parametrize("call", CALLS)
def test_expired_token(client: TestClient, visitor: VisitorAtWork, clock: Clock, call: Callable[..., Any]) -> None:
    clock.now += LIFETIME_S + 1
    answer = call(client, visitor.headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "expired")


def test_expired_token_at_session(client: TestClient, visitor: VisitorAtWork, clock: Clock) -> None:
    clock.now += LIFETIME_S + 1
    answer = client.post("/webchat/session", json={"market": "DE", "token": visitor.token})
    assert (answer.status_code, answer.json()["code"]) == (401, "expired")


@pytest.mark.parametrize("path", ["session", "messages", "buttons", "seen", "language"])
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [(b"{", 400, "bad_json"), (b"[]", 422, "invalid"), (b" " * (MAX_BODY + 1), 413, "too_large")],
)
def test_wrong_bodies(visitor: VisitorAtWork, path: str, body: bytes, status: int, code: str) -> None:
    answer = visitor.client.post(f"/webchat/{path}", content=body, headers=visitor.headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize("since", ["-1", "x", "1e9", "9999999999", "٣"])
def test_wrong_since(visitor: VisitorAtWork, since: str) -> None:
    answer = visitor.client.get("/webchat/messages", params={"since": since}, headers=visitor.headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize("call", CALLS)
def test_wrong_origin(client: TestClient, visitor: VisitorAtWork, call: Callable[..., Any]) -> None:
    answer = call(client, {**visitor.headers, "Origin": "https://evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_origin")
    assert "access-control-allow-origin" not in answer.headers


def test_an_allowed_origin_gets_cors_answers(client: TestClient) -> None:
    preflight = client.options(
        "/webchat/session",
        headers={
            "Origin": ALLOWED,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert preflight.headers["access-control-allow-origin"] == ALLOWED
    answer = client.post("/webchat/session", json={"market": "DE"}, headers={"Origin": ALLOWED})
    assert answer.headers["access-control-allow-origin"] == ALLOWED
    assert "access-control-allow-credentials" not in answer.headers


def test_a_strange_origin_gets_no_preflight(client: TestClient) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    answer = client.options("/webchat/session", headers=headers)
    assert answer.status_code == 400
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    ("origin", "allowed"), [("https://evil.example", False), (ALLOWED, True), ("http://shop.test", True)]
)
def test_any_page_may_read_the_words_and_learns_whether_it_may_chat(
    client: TestClient, origin: str, allowed: bool
) -> None:
    answer = client.get("/webchat/config", params={"market": "DE", "languages": "fr,en"}, headers={"Origin": origin})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert (answer.json()["allowed"], answer.json()["language"]) == (allowed, "en")
    assert "token" not in answer.json()


def test_reading_the_words_makes_no_conversation(client: TestClient, chat: Installation) -> None:
    client.get("/webchat/config", params={"market": "DE"})
    assert chat.count(conversations) == 0


def test_config_of_an_unknown_market(client: TestClient) -> None:
    assert client.get("/webchat/config", params={"market": "XX"}).json()["code"] == "unknown_market"


def test_a_database_that_is_away(
    visitor: VisitorAtWork,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("INSERT INTO messages", {"text": "my private words"}, OSError("database is locked"))

    monkeypatch.setattr(Record, "receive", fail)
    with caplog.at_level(logging.DEBUG):
        answer = visitor.write("my private words")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["retry-after"]
    output = capfd.readouterr()
    assert "webchat_unavailable" in output.out + output.err + caplog.text
    assert "private" not in output.out + output.err + caplog.text


@pytest.mark.parametrize("path", ["/webchat/messages", "/webchat/config?market=DE"])
def test_answers_carry_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "default-src 'none'" in headers["content-security-policy"]
