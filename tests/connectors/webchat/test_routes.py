"""Messages and polling over HTTP, through the public door."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from conversations.model import Status
from core.schema import messages
from tests.connectors.webchat.conftest import VisitorAtWork, bot, only, open_session
from tests.support.bot import say
from tests.support.webchat import Clock, Installation, install


def test_a_message_is_stored_accepted_and_announced(visitor: VisitorAtWork, chat: Installation, clock: Clock) -> None:
    answer = visitor.write("  wo ist\x00 ORK-4821936? ")
    assert answer.json() == {
        "type": "accepted",
        "id": "message-1",
        "seq": 1,
        "at": clock.now,
        "conversation": visitor.conversation,
    }
    assert chat.notes == [("worker", visitor.conversation)]
    (message,) = chat.record.history(visitor.conversation)
    assert message.text == "wo ist ORK-4821936?"
    assert message.provider_id.endswith(":message-1")


def test_the_same_id_is_the_same_message(visitor: VisitorAtWork, chat: Installation) -> None:
    assert visitor.write("once").json() == visitor.write("once").json()
    assert chat.count(messages) == 1
    assert len(chat.notes) == 1


def test_two_visitors_may_use_the_same_id(client: TestClient, visitor: VisitorAtWork, chat: Installation) -> None:
    visitor.write("one")
    open_session(client).write("two")
    assert chat.count(messages) == 2


@pytest.mark.parametrize("text", ["", "   ", "\x00\x01", "\n\n"])
def test_a_blank_message_is_stored_so_that_the_bot_can_answer_it(
    visitor: VisitorAtWork, chat: Installation, text: str
) -> None:
    assert visitor.write(text).status_code == 200
    assert chat.record.history(visitor.conversation)[0].text == ""


def test_too_long(visitor: VisitorAtWork, chat: Installation) -> None:
    answer = visitor.write("x" * 5001)
    assert (answer.status_code, answer.json()["code"]) == (422, "too_long")
    assert chat.count(messages) == 0


def test_too_fast(visitor: VisitorAtWork) -> None:
    answers = [visitor.write("x", f"message-{number}") for number in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[-1].json()["code"] == "too_fast"
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert answers[-1].json()["retry_after"] > 0


def test_sessions_are_limited(client: TestClient) -> None:
    answers = [client.post("/webchat/session", json={"market": "DE"}).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]


def test_a_trusted_proxy_names_the_address(tmp_path: Path, clock: Clock) -> None:
    app = install(tmp_path, clock).app
    with TestClient(app, client=("127.0.0.1", 5000)) as client:
        for number in range(40):
            headers = {"X-Forwarded-For": f"6.6.6.6, 203.0.113.{number}"}
            assert client.post("/webchat/session", json={"market": "DE"}, headers=headers).status_code == 200


def test_a_stranger_cannot_invent_addresses(client: TestClient) -> None:
    statuses = [
        client.post(
            "/webchat/session", json={"market": "DE"}, headers={"X-Forwarded-For": f"203.0.113.{n}"}
        ).status_code
        for n in range(31)
    ]
    assert statuses[-1] == 429


def test_polling_tells_the_whole_conversation(visitor: VisitorAtWork, chat: Installation, clock: Clock) -> None:
    visitor.write("hello")
    waiting = visitor.poll().json()
    assert [frame["type"] for frame in waiting["frames"]] == ["owner", "message", "typing"]
    bot(chat, clock).answer_waiting()
    answer = visitor.poll(since=1, conversation=visitor.conversation).json()
    assert (answer["last_seq"], answer["more"]) == (2, False)
    assert only(answer["frames"], "status") == [{"type": "status", "seq": 1, "status": "handled"}]
    assert [frame["seq"] for frame in only(answer["frames"], "message")] == [2]
    assert only(answer["frames"], "typing") == []


def test_long_histories_come_in_pages(visitor: VisitorAtWork, chat: Installation, clock: Clock) -> None:
    with chat.engine.begin() as connection:
        for number in range(450):
            say(connection, visitor.conversation, f"n{number}", at=clock.now)
    seqs: list[int] = []
    more = True
    while more:
        answer = visitor.poll(since=seqs[-1] if seqs else 0).json()
        seqs += [frame["seq"] for frame in only(answer["frames"], "message")]
        more = answer["more"]
    assert seqs == list(range(1, 451))


def test_outbound_statuses_move_from_queued_to_read(visitor: VisitorAtWork, chat: Installation, clock: Clock) -> None:
    visitor.write("hello")
    bot(chat, clock).answer_waiting()

    def status() -> str:
        return chat.record.history(visitor.conversation)[-1].status

    assert status() == Status.QUEUED
    visitor.poll()
    assert status() == Status.SENT
    visitor.post("seen", {"seq": 1, "read": False})
    assert status() == Status.SENT
    visitor.post("seen", {"seq": 2})
    assert status() == Status.DELIVERED
    visitor.post("seen", {"seq": 2, "read": True})
    visitor.post("seen", {"seq": 2, "read": False})
    assert status() == Status.READ
