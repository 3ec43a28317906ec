"""What the socket refuses, and when it closes."""

import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse

from connectors.webchat import sockets
from connectors.webchat.hub import MAX_SEATS
from connectors.webchat.tokens import LIFETIME_S
from tests.connectors.webchat.conftest import ALLOWED, VisitorAtWork, open_session
from tests.connectors.webchat.socket_use import closing_code, connect, greet, next_frame
from tests.support.bot import say
from tests.support.webchat import Clock, Installation


def test_too_long_and_too_fast_keep_the_socket(visitor: VisitorAtWork) -> None:
    with connect(visitor) as socket:
        greet(socket, visitor)
        socket.send_json({"type": "message", "id": "message-0", "text": "x" * 5001})
        error = next_frame(socket, "error")
        assert (error["code"], error["id"]) == ("too_long", "message-0")
        for number in range(1, 6):
            socket.send_json({"type": "message", "id": f"message-{number}", "text": "x"})
        error = next_frame(socket, "error")
        assert (error["code"], error["id"]) == ("too_fast", "message-5")
        assert error["retry_after"] > 0
        socket.send_json({"type": "ping"})
        next_frame(socket, "pong")


def test_five_broken_frames_close_the_socket(visitor: VisitorAtWork) -> None:
    with connect(visitor) as socket:
        greet(socket, visitor)
        for text in ("{", "[]", '{"type": "x"}', '{"type": "message"}'):
            socket.send_text(text)
            assert next_frame(socket, "error")["code"] in ("bad_json", "invalid")
        socket.send_bytes(b"\xff")
        assert closing_code(socket) == 1008


def test_a_frame_above_the_limit_closes_the_socket(visitor: VisitorAtWork) -> None:
    with connect(visitor) as socket:
        greet(socket, visitor)
        socket.send_text(" " * 70_000)
        assert next_frame(socket, "error")["code"] == "too_large"
        assert closing_code(socket) == 1009


@pytest.mark.parametrize(
    ("first", "code"),
    [("{", "bad_json"), ('{"type": "ping"}', "invalid"), ('{"type": "hello", "token": "rubbish"}', "wrong_token")],
)
def test_a_wrong_first_frame(visitor: VisitorAtWork, first: str, code: str) -> None:
    with connect(visitor) as socket:
        socket.send_text(first)
        assert next_frame(socket, "error")["code"] == code
        assert closing_code(socket) == 1008


def test_an_expired_token(visitor: VisitorAtWork, clock: Clock) -> None:
    clock.now += LIFETIME_S + 1
    with connect(visitor) as socket:
        socket.send_json({"type": "hello", "token": visitor.token})
        assert next_frame(socket, "error")["code"] == "expired"


def test_somebody_elses_conversation(client: TestClient, visitor: VisitorAtWork) -> None:
    visitor.write("my secret")
    stranger = open_session(client)
    with connect(stranger) as socket:
        assert greet(socket, stranger, conversation=visitor.conversation)["conversation"] == stranger.conversation


def test_wrong_origin(visitor: VisitorAtWork) -> None:
    with pytest.raises(WebSocketDenialResponse) as caught, connect(visitor, origin="https://evil.example"):
        pass
    assert caught.value.status_code == 403


def test_allowed_origin(visitor: VisitorAtWork) -> None:
    with connect(visitor, origin=ALLOWED) as socket:
        greet(socket, visitor)


def test_too_many_sockets(visitor: VisitorAtWork, chat: Installation) -> None:
    open_sockets = [connect(visitor).__enter__() for _ in range(MAX_SEATS)]
    for socket in open_sockets:
        greet(socket, visitor)
    with connect(visitor) as socket:
        socket.send_json({"type": "hello", "token": visitor.token})
        assert next_frame(socket, "error")["code"] == "too_many"
        assert closing_code(socket) == 1013
    for socket in open_sockets:
        socket.__exit__(None, None, None)
    assert len(chat.hub) == 0


def test_a_silent_stranger_is_sent_away(visitor: VisitorAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "HELLO_S", 0.05)
    with connect(visitor) as socket:
        assert closing_code(socket) == 1008


def test_an_idle_socket_is_closed(visitor: VisitorAtWork, chat: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "IDLE_S", 0.1)
    with connect(visitor) as socket:
        greet(socket, visitor)
        assert closing_code(socket) == 1001
    assert len(chat.hub) == 0


def test_a_full_queue_closes_the_socket(
    visitor: VisitorAtWork, chat: Installation, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "MAX_QUEUE", 20)
    with chat.engine.begin() as connection:
        for number in range(100):
            say(connection, visitor.conversation, f"n{number}", at=clock.now)
    with connect(visitor) as socket:
        greet(socket, visitor)
        assert closing_code(socket) == 1013
