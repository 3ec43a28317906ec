"""Reply, push and multicast: who gets what, how often, and what it costs."""

from typing import Any

import httpx
import pytest

from tests.simulators.line import Fault, Faults, LineSimulator
from tests.simulators.line.small import (
    AIKO,
    BLOCKER,
    GROUP,
    KEY,
    NOBODY,
    SOMCHAI,
    STRANGER,
    client_of,
    details_of,
    push,
    quick,
    reply,
    text,
    token_of,
)

INVALID_TOKEN = {"message": "Invalid reply token"}


def test_reply_is_free_and_shown_once(line: LineSimulator, api: httpx.Client) -> None:
    token = token_of(line)
    answer = reply(api, token, text("one"), text("two"))
    assert answer.status_code == 200
    assert [set(sent) for sent in answer.json()["sentMessages"]] == [{"id", "quoteToken"}] * 2
    shown = line.messages_to(AIKO)
    assert [(entry.text, entry.way, entry.cost) for entry in shown] == [
        ("one", "reply", "free"),
        ("two", "reply", "free"),
    ]
    assert [entry.message_id for entry in shown] == [sent["id"] for sent in answer.json()["sentMessages"]]
    again = reply(api, token)
    assert (again.status_code, again.json()) == (400, INVALID_TOKEN)
    assert line.pushes_used == 0


@pytest.mark.parametrize(("after_s", "status"), [(59, 200), (61, 400)])
def test_reply_token_lives_a_minute(line: LineSimulator, api: httpx.Client, after_s: float, status: int) -> None:
    token = token_of(line)
    line.advance(after_s)
    assert reply(api, token).status_code == status


def test_refused_reply_leaves_the_token_usable(line: LineSimulator, api: httpx.Client) -> None:
    token = token_of(line)
    assert reply(api, token, text("")).status_code == 400
    assert reply(api, token).status_code == 200


def test_reply_refuses_a_retry_key_and_other_bots_tokens(line: LineSimulator, api: httpx.Client) -> None:
    token = token_of(line)
    assert reply(api, token, **{"X-Line-Retry-Key": KEY}).status_code == 400
    foreign = token_of(line, SOMCHAI, bot="Orikka Thailand")
    assert reply(api, foreign).json() == INVALID_TOKEN
    assert reply(api, "0" * 32).json() == INVALID_TOKEN
    assert details_of(api.post("/v2/bot/message/reply", json={"messages": [text()]})) == {
        "replyToken": "May not be empty"
    }
    assert line.messages_to(AIKO) == []


@pytest.mark.parametrize(
    ("kind", "details", "has_token"),
    [
        ("text", {"text": "x"}, True),
        ("follow", {}, True),
        ("postback", {"data": "x"}, True),
        ("unfollow", {}, False),
        ("accountLink", {"result": "failed"}, False),
        ("text", {"text": "x", "mode": "standby"}, False),
    ],
)
def test_only_some_events_can_be_replied_to(
    line: LineSimulator, kind: str, details: dict[str, Any], has_token: bool
) -> None:
    assert ("replyToken" in line.act(kind, AIKO, **details)[0]) is has_token


@pytest.mark.parametrize(
    ("to", "status", "message"),
    [
        (AIKO, 200, ""),
        (BLOCKER, 200, ""),
        (STRANGER, 200, ""),
        (GROUP, 200, ""),
        (NOBODY, 400, "Failed to send messages"),
        ("aiko", 400, "The property, 'to', in the request body is invalid (line: -, column: -)"),
    ],
)
def test_who_can_be_pushed_to(line: LineSimulator, api: httpx.Client, to: str, status: int, message: str) -> None:
    answer = push(api, to)
    assert (answer.status_code, answer.json().get("message", "")) == (status, message)
    seen = to in (AIKO, GROUP)
    assert len(line.messages_to(to)) == seen
    assert line.pushes_used == {AIKO: 1, BLOCKER: 1, STRANGER: 1, GROUP: 2}.get(to, 0)


@pytest.mark.parametrize(("days", "seen"), [(6, 1), (8, 0)])
def test_stranger_sees_pushes_for_a_week_after_writing(
    line: LineSimulator, api: httpx.Client, days: int, seen: int
) -> None:
    line.say(STRANGER, "hi")
    line.advance(days * 86_400)
    assert push(api, STRANGER).status_code == 200
    assert len(line.messages_to(STRANGER)) == seen


def test_five_messages_count_once_and_the_month_has_a_limit(line: LineSimulator, api: httpx.Client) -> None:
    body = {"to": AIKO, "messages": [text(str(number)) for number in range(5)]}
    assert api.post("/v2/bot/message/push", json=body).status_code == 200
    assert api.get("/v2/bot/message/quota").json() == {"type": "limited", "value": 5}
    assert api.get("/v2/bot/message/quota/consumption").json() == {"totalUsage": 1}
    for number in range(4):
        assert push(api, words=f"more {number}").status_code == 200
    over = push(api)
    assert (over.status_code, over.json()) == (429, {"message": "You have reached your monthly limit."})
    assert reply(api, token_of(line)).status_code == 200
    line.advance(32 * 86_400)
    assert push(api).status_code == 200
    with client_of(line, "Orikka Thailand") as thailand:
        assert thailand.get("/v2/bot/message/quota").json() == {"type": "none"}


def test_retry_key_sends_once(line: LineSimulator, api: httpx.Client) -> None:
    first = push(api, key=KEY)
    second = push(api, key=KEY)
    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json() == {"message": "The retry key is already accepted", **first.json()}
    assert second.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert second.headers["x-line-request-id"] != first.headers["x-line-request-id"]
    assert push(api, words="other", key=KEY).status_code == 400
    assert (len(line.messages_to(AIKO)), line.pushes_used) == (1, 1)
    line.advance(24 * 3600 + 1)
    assert push(api, words="other", key=KEY).status_code == 200


@pytest.mark.parametrize("key", ["abc", "123e4567e89b12d3a456426614174000", "{123e4567-e89b-12d3-a456-426614174000}"])
def test_retry_key_must_be_a_uuid(api: httpx.Client, key: str) -> None:
    assert push(api, key=key).status_code == 400


def test_retry_key_of_a_refused_request_can_be_used_again(line: LineSimulator, api: httpx.Client) -> None:
    line.set_faults(Faults(plan=(Fault.SERVER_ERROR, Fault.RATE_LIMIT)))
    assert [push(api, key=KEY).status_code for _ in range(4)] == [500, 429, 200, 409]
    assert len(line.messages_to(AIKO)) == 1


def test_same_words_by_another_request_are_a_double(line: LineSimulator, api: httpx.Client) -> None:
    reply(api, token_of(line), text("x", quickReply={"items": [quick("Yes")]}))
    push(api, words="y")
    assert line.doubles_to(AIKO) == []
    push(api, words="x")
    assert [entry.text for entry in line.doubles_to(AIKO)] == ["x"]


def test_multicast_reaches_friends_and_counts_each(line: LineSimulator, api: httpx.Client) -> None:
    answer = api.post("/v2/bot/message/multicast", json={"to": [AIKO, BLOCKER], "messages": [text()]})
    assert (answer.status_code, answer.json(), line.pushes_used) == (200, {}, 2)
    assert [entry.way for entry in line.messages_to(AIKO)] == ["multicast"]
    for to, status in (([AIKO] * 501, 400), ([GROUP], 400), ([], 400)):
        body = {"to": to, "messages": [text()]}
        assert api.post("/v2/bot/message/multicast", json=body).status_code == status


@pytest.mark.parametrize("path", ["reply", "push", "multicast", "validate/push"])
def test_unknown_keys_are_refused(api: httpx.Client, path: str) -> None:
    body = {"to": AIKO, "replyToken": "x", "messages": [text()], "messaging_product": "line"}
    assert "messaging_product" in details_of(api.post(f"/v2/bot/message/{path}", json=body))


def test_quotes_belong_to_their_chat(line: LineSimulator, api: httpx.Client) -> None:
    event = line.act("text", AIKO, text="hi")[0]
    quoting = text(quoteToken=event["message"]["quoteToken"])
    foreign = api.post("/v2/bot/message/push", json={"to": GROUP, "messages": [quoting]})
    assert "messages[0].quoteToken" in details_of(foreign)
    assert reply(api, event["replyToken"], quoting).status_code == 200
