"""How a call is made: the free token, the paid push, or not now."""

from collections.abc import Mapping
from typing import Any

import pytest

from connectors.channel import Task, Way
from connectors.delivery.errors import Hold, Refused
from connectors.line.errors import load_errors
from connectors.line.quota import Quota
from connectors.line.way import FRESH_S, KEY_LIFE_S, choose
from tests.connectors.line.support import KEY, NOW, task, token

ERRORS = load_errors()
PUSH = Way("push", "push", {"key": KEY, "until": NOW + KEY_LIFE_S})
DOUBTFUL_PUSH = Way("push", "push", {"key": KEY, "until": NOW + KEY_LIFE_S, "after": "reply"})


def chosen(one: Task, quota: Quota | None = None, reserve: int = 0) -> Way:
    return choose(one, quota, reserve, NOW, ERRORS)


def reply(until: float) -> Way:
    return Way("reply", "free", {"token": "reply-token", "until": until}, "reply-token")


@pytest.mark.parametrize(
    ("age_s", "expected"),
    [
        (0.0, reply(NOW + 60)),
        (3.0, reply(NOW + 57)),
        (49.9, reply(NOW + 10.1)),
        (FRESH_S, PUSH),
        (1200.0, PUSH),
    ],
)
def test_token_age(age_s: float, expected: Way) -> None:
    way = chosen(task(token=token(age_s)))
    assert (way.name, way.cost, way.token) == (expected.name, expected.cost, expected.token)
    assert way.detail == pytest.approx(expected.detail) if way.name == "push" else way.detail["token"] == "reply-token"
    assert way.detail["until"] == pytest.approx(expected.detail["until"])


@pytest.mark.parametrize(
    ("limit", "used", "reserve", "human", "code"),
    [
        (200, 0, 0, False, ""),
        (200, 199, 0, False, ""),
        (200, 200, 0, False, "quota_used"),
        (200, 200, 0, True, "quota_used"),
        (200, 250, 0, True, "quota_used"),
        (0, 0, 0, False, "quota_used"),
        (200, 149, 50, False, ""),
        (200, 150, 50, False, "quota_kept"),
        (200, 150, 50, True, ""),
        (200, 200, 50, True, "quota_used"),
        (None, 10_000, 50, False, ""),
    ],
)
def test_quota(limit: int | None, used: int, reserve: int, human: bool, code: str) -> None:
    quota = Quota(limit, used, NOW)
    if not code:
        assert chosen(task(human=human), quota, reserve) == PUSH
        return
    with pytest.raises(Hold) as caught:
        chosen(task(human=human), quota, reserve)
    assert caught.value.code == code
    assert f"{used} of {limit}" in caught.value.reason
    assert "next message" in caught.value.remedy
    free = chosen(task(human=human, token=token()), quota, reserve)
    assert free.cost == "free"  # a reply needs no quota


def test_an_unknown_quota_stops_nothing() -> None:
    assert chosen(task(), None, reserve=1000) == PUSH


@pytest.mark.parametrize(
    ("uncertain", "given", "expected"),
    [
        # The token of the uncertain try still lives: the same token finds out.
        ({"token": "reply-token", "until": NOW + 30}, None, reply(NOW + 30)),
        ({"token": "reply-token"}, token(20.0), reply(NOW + 40)),
        ({"token": "reply-token", "until": NOW + 30}, token(1.0, "newer"), reply(NOW + 30)),
        # It does not: nobody can know, and a message twice is better than none.
        ({"token": "reply-token", "until": NOW + 3}, None, DOUBTFUL_PUSH),
        ({"token": "reply-token", "until": NOW - 30}, token(1.0, "newer"), DOUBTFUL_PUSH),
        ({"token": "reply-token"}, None, DOUBTFUL_PUSH),
        # A push is repeated with its key, whatever token came since.
        ({"key": KEY, "until": NOW + 5}, None, Way("push", "push", {"key": KEY, "until": NOW + 5})),
        ({"key": KEY, "until": NOW + 5}, token(1.0), Way("push", "push", {"key": KEY, "until": NOW + 5})),
        ({}, token(1.0), PUSH),
    ],
)
def test_an_uncertain_try(uncertain: Mapping[str, Any], given: Any, expected: Way) -> None:
    assert chosen(task(uncertain=uncertain, token=given), Quota(200, 200, NOW)) == expected


def test_a_push_that_was_uncertain_for_a_day_is_for_a_person() -> None:
    with pytest.raises(Refused) as caught:
        chosen(task(uncertain={"key": KEY, "until": NOW - 1}))
    assert caught.value.code == "key_expired"
