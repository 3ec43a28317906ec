"""The socket, through its public door."""

import time

import pytest

from connectors.webchat import sockets
from conversations.model import Status
from core.schema import messages
from tests.connectors.webchat.conftest import VisitorAtWork
from tests.connectors.webchat.socket_use import answer_and_wake, connect, greet, next_frame
from tests.support.bot import StandInBot, say, take_over
from tests.support.webchat import Clock, Installation


def test_a_message_and_its_answer(visitor: VisitorAtWork, chat: Installation, clock: Clock) -> None:
    with connect(visitor) as socket:
        assert greet(socket, visitor) == {"type": "ready", "conversation": visitor.conversation, "last_seq": 0}
        socket.send_json({"type": "message", "id": "message-1", "text": "hello"})
        accepted = next_frame(socket, "accepted")
        assert (accepted["id"], accepted["seq"], accepted["conversation"]) == ("message-1", 1, visitor.conversation)
        assert next_frame(socket, "message")["client_id"] == "message-1"
        assert next_frame(socket, "typing")["on"] is True
        answer_and_wake(chat, clock, socket)
        assert next_frame(socket, "status") == {"type": "status", "seq": 1, "status": "handled"}
        assert next_frame(socket, "message")["author"] == "bot"
        assert next_frame(socket, "typing")["on"] is False
    assert chat.record.history(visitor.conversation)[-1].status == Status.SENT
    assert chat.notes == [("worker", visitor.conversation)]


def test_a_reconnect_brings_what_was_missed_and_nothing_twice(
    visitor: VisitorAtWork, chat: Installation, clock: Clock
) -> None:
    with connect(visitor) as socket:
        greet(socket, visitor)
        socket.send_json({"type": "message", "id": "message-1", "text": "hello"})
        next_frame(socket, "accepted")
    StandInBot(chat.engine, chat.hub.wake, clock).answer_waiting()
    with connect(visitor) as socket:
        assert greet(socket, visitor, since=1, conversation=visitor.conversation)["last_seq"] == 2
        assert next_frame(socket, "message")["seq"] == 2
        socket.send_json({"type": "message", "id": "message-1", "text": "hello"})
        assert next_frame(socket, "accepted")["seq"] == 1
    assert chat.count(messages) == 2


def test_every_socket_of_the_visitor_sees_the_conversation(visitor: VisitorAtWork) -> None:
    with connect(visitor) as one, connect(visitor) as two:
        greet(one, visitor)
        greet(two, visitor)
        one.send_json({"type": "message", "id": "message-1", "text": "hello"})
        assert next_frame(two, "message")["text"] == "hello"


def test_button_and_seen(visitor: VisitorAtWork, chat: Installation, clock: Clock) -> None:
    with connect(visitor) as socket:
        greet(socket, visitor)
        socket.send_json({"type": "message", "id": "message-1", "text": "buttons"})
        next_frame(socket, "typing")
        answer_and_wake(chat, clock, socket)
        offer = next_frame(socket, "message")
        assert offer["buttons"][1] == "Returns"
        socket.send_json({"type": "seen", "seq": offer["seq"], "read": True})
        socket.send_json({"type": "button", "id": "press-001", "message": offer["id"], "index": 9})
        assert next_frame(socket, "error")["code"] == "old_button"
        socket.send_json({"type": "button", "id": "press-002", "message": offer["id"], "index": 1})
        assert next_frame(socket, "accepted")["id"] == "press-002"
    stored = chat.record.history(visitor.conversation)
    assert [message.status for message in stored if message.direction == "out"] == [Status.READ]
    assert stored[-1].payload["payload"] == 'faq{"id": "return-how"}'


def test_language_and_new_conversation(visitor: VisitorAtWork, chat: Installation) -> None:
    with connect(visitor) as socket:
        greet(socket, visitor)
        socket.send_json({"type": "language", "code": "en"})
        assert next_frame(socket, "language")["strings"]["widget_send"] == "Send"
        socket.send_json({"type": "new_conversation"})
        assert next_frame(socket, "ready")["conversation"] == visitor.conversation
        socket.send_json({"type": "message", "id": "message-1", "text": "hello"})
        next_frame(socket, "accepted")
        socket.send_json({"type": "new_conversation"})
        fresh = next_frame(socket, "ready")["conversation"]
    assert fresh != visitor.conversation
    assert chat.record.conversation(fresh).language_state["chosen"] == "en"


def test_a_message_after_the_end_opens_the_next_conversation(visitor: VisitorAtWork, chat: Installation) -> None:
    with connect(visitor) as socket, connect(visitor) as other:
        greet(socket, visitor)
        greet(other, visitor)
        chat.record.close(visitor.conversation)
        socket.send_json({"type": "message", "id": "message-1", "text": "hello"})
        fresh = next_frame(socket, "accepted")["conversation"]
        assert fresh != visitor.conversation
        assert next_frame(socket, "ready")["conversation"] == fresh
        assert next_frame(other, "ready")["conversation"] == fresh
        assert next_frame(other, "message")["text"] == "hello"


def test_a_person_takes_over(visitor: VisitorAtWork, chat: Installation, clock: Clock) -> None:
    with connect(visitor) as socket:
        greet(socket, visitor)
        assert next_frame(socket, "owner")["owner"] == "bot"
        take_over(chat.engine, visitor.conversation, "agent:aiko")
        with chat.engine.begin() as connection:
            say(connection, visitor.conversation, "Hello, this is a person", author="agent:aiko", at=clock.now)
        socket.portal.call(chat.hub.wake, visitor.conversation)
        assert next_frame(socket, "owner")["owner"] == "agent"
        assert next_frame(socket, "message")["author"] == "agent"


def test_a_lost_wake_up_is_made_up_for(
    visitor: VisitorAtWork, chat: Installation, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "LOOK_S", 0.05)
    with connect(visitor) as socket:
        greet(socket, visitor)
        with chat.engine.begin() as connection:
            say(connection, visitor.conversation, "nobody was woken", at=clock.now)
        assert next_frame(socket, "message")["text"] == "nobody was woken"


def test_typing_wakes_the_desk_now_and_then(visitor: VisitorAtWork, chat: Installation) -> None:
    with connect(visitor) as socket:
        greet(socket, visitor)
        for _ in range(5):
            socket.send_json({"type": "typing"})
        socket.send_json({"type": "ping"})
        next_frame(socket, "pong")
    assert chat.notes == [("web", f"typing:{visitor.conversation}:customer:1")]  # that they do, never what


def test_a_person_types(visitor: VisitorAtWork, chat: Installation, clock: Clock) -> None:
    with connect(visitor) as socket:
        greet(socket, visitor)
        take_over(chat.engine, visitor.conversation, "agent:aiko")
        socket.portal.call(chat.hub.hear, f"typing:{visitor.conversation}:agent:aiko:1")
        assert next_frame(socket, "typing") == {"type": "typing", "on": True, "who": "agent"}
        socket.portal.call(chat.hub.hear, f"typing:{visitor.conversation}:agent:aiko:0")
        assert next_frame(socket, "typing")["on"] is False
        socket.portal.call(chat.hub.hear, f"typing:{visitor.conversation}:agent:aiko:1")
        assert next_frame(socket, "typing")["on"] is True
        clock.now += 6.1
        socket.portal.call(chat.hub.hear, visitor.conversation)
        assert next_frame(socket, "typing")["on"] is False  # by itself


def test_typing_goes_off_when_no_answer_comes(
    visitor: VisitorAtWork, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "LOOK_S", 0.05)
    with connect(visitor) as socket:
        greet(socket, visitor)
        socket.send_json({"type": "message", "id": "message-1", "text": "hello"})
        assert next_frame(socket, "typing")["on"] is True
        clock.now += 21
        started = time.monotonic()
        socket.send_json({"type": "message", "id": "message-1", "text": "hello"})  # any wake-up looks at the clock
        assert next_frame(socket, "typing")["on"] is False
        assert time.monotonic() - started < 5
