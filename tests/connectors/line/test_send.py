"""Replies and pushes as LINE gets them, and what is made of its answers."""

from dataclasses import replace

import httpx
import pytest

from connectors.channel import Accepted, Task
from connectors.delivery.errors import Hold, Refused, TokenSpent, Uncertain
from connectors.line.client import LineChannel
from tests.connectors.line.support import (
    KEY,
    NOW,
    TOKEN,
    USER,
    Clock,
    Vendor,
    account,
    always,
    answer,
    fails,
    sent,
    task,
    token,
)

REPLY = "/v2/bot/message/reply"
PUSH = "/v2/bot/message/push"
QUOTA = "/v2/bot/message/quota"
USED = "/v2/bot/message/quota/consumption"
ACCEPTED_KEY = "The retry key is already accepted"


def line(limit: int = 200, used: int = 0) -> Vendor:
    """LINE in good health."""
    return Vendor(
        {
            REPLY: always(200, **sent("1", "2")),
            PUSH: always(200, **sent("3")),
            QUOTA: always(200, type="limited", value=limit),
            USED: always(200, totalUsage=used),
        }
    )


async def send(channel: LineChannel, one: Task) -> Accepted:
    return await channel.send(one, channel.way(one))


async def test_reply() -> None:
    vendor = line()
    assert await send(vendor.channel(), task(token=token())) == Accepted(("1", "2"))
    assert vendor.paths() == [REPLY]
    assert vendor.body() == {"replyToken": "reply-token", "messages": [{"type": "text", "text": "Hello"}]}
    assert vendor.asked[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert "x-line-retry-key" not in vendor.asked[0].headers


async def test_push() -> None:
    vendor = line()
    assert await send(vendor.channel(), task()) == Accepted(("3",))
    assert vendor.paths() == [QUOTA, USED, PUSH]
    assert vendor.body() == {"to": USER, "messages": [{"type": "text", "text": "Hello"}]}
    assert vendor.asked[-1].headers["x-line-retry-key"] == KEY


async def test_a_repeated_push_is_the_same_call() -> None:
    vendor = line()
    vendor.answers[PUSH] = [
        fails(httpx.ReadTimeout),
        answer(409, ACCEPTED_KEY, {"x-line-accepted-request-id": "req-1"}, **sent("3")),
    ]
    channel, first = vendor.channel(), task()
    way = channel.way(first)
    with pytest.raises(Uncertain):
        await channel.send(first, way)
    again = replace(first, uncertain=way.detail, token=token())  # a new token must not change the way
    assert await send(channel, again) == Accepted(("3",))
    one, other = (request for request in vendor.asked if request.url.path == PUSH)
    assert one.content == other.content
    assert one.headers["x-line-retry-key"] == other.headers["x-line-retry-key"] == KEY


@pytest.mark.parametrize("told", [{"sentMessages": [{"id": 7}, "x", {}]}, {"sentMessages": None}, {}])
async def test_an_answer_without_ids(told: dict[str, object]) -> None:
    vendor = line()
    vendor.answers[PUSH] = always(200, **told)
    assert await send(vendor.channel(), task()) == Accepted(())


async def test_a_spent_token_on_a_first_try() -> None:
    vendor = line()
    vendor.answers[REPLY] = always(400, "Invalid reply token")
    with pytest.raises(TokenSpent):
        await send(vendor.channel(), task(token=token()))


@pytest.mark.parametrize(
    ("age_s", "wait_s", "expected"),
    [
        (2.0, 6.0, Accepted(())),  # spent, within its life, by nobody but us
        (40.0, 16.0, Accepted(())),
        (2.0, 57.0, Accepted(("3",))),  # too old to prove anything: pushed
    ],
)
async def test_a_reply_that_got_no_answer(age_s: float, wait_s: float, expected: Accepted) -> None:
    vendor, clock = line(), Clock()
    vendor.answers[REPLY] = [fails(httpx.ReadTimeout), answer(400, "Invalid reply token")]
    channel, first = vendor.channel(clock=clock), task(token=token(age_s))
    way = channel.way(first)
    with pytest.raises(Uncertain):
        await channel.send(first, way)
    clock.now += wait_s
    assert await send(channel, replace(first, token=None, uncertain=way.detail)) == expected


async def test_a_reply_that_had_not_arrived_is_taken_at_the_second_try() -> None:
    vendor = line()
    vendor.answers[REPLY] = [fails(httpx.ReadTimeout), answer(200, **sent("9"))]
    channel, first = vendor.channel(), task(token=token())
    way = channel.way(first)
    with pytest.raises(Uncertain):
        await channel.send(first, way)
    assert await send(channel, replace(first, token=None, uncertain=way.detail)) == Accepted(("9",))


async def test_a_token_that_dies_while_we_ask_proves_nothing() -> None:
    vendor, clock = line(), Clock()

    def slow(_: httpx.Request) -> httpx.Response:
        clock.now += 10
        return answer(400, "Invalid reply token")

    vendor.answers[REPLY] = [slow]
    channel = vendor.channel(clock=clock)
    with pytest.raises(TokenSpent):
        await send(channel, task(uncertain={"token": "reply-token", "until": NOW + 5}))


@pytest.mark.parametrize("path", [REPLY, PUSH])
@pytest.mark.parametrize("given", [fails(httpx.ConnectError), lambda _: answer(429, "rate", {"retry-after": "3"})])
async def test_a_doubt_stays_until_it_is_settled(path: str, given: object) -> None:
    vendor = line()
    vendor.answers[path] = [given]
    uncertain = {"token": "reply-token", "until": NOW + 30} if path == REPLY else {"key": KEY, "until": NOW + 30}
    with pytest.raises(Uncertain):
        await send(vendor.channel(), task(uncertain=uncertain))


@pytest.mark.parametrize("address", [{}, {"id": ""}])
async def test_nobody_to_write_to(address: dict[str, str]) -> None:
    with pytest.raises(Refused) as caught:
        await send(line().channel(), task(address=address))
    assert caught.value.code == "no_recipient"


async def test_pushes_are_counted() -> None:
    vendor, clock = line(limit=3, used=1), Clock()
    channel = vendor.channel(clock=clock)
    assert channel.quota("jp") is None
    await send(channel, task())
    quota = channel.quota("jp")
    assert quota is not None
    assert (quota.limit, quota.used, quota.remaining) == (3, 2, 1)
    await send(channel, task(token=token()))  # free
    await send(channel, task())
    with pytest.raises(Hold) as caught:
        channel.way(task())
    assert caught.value.code == "quota_used"
    assert vendor.paths().count(QUOTA) == 1
    clock.now += 301  # the plan may be another one by now
    vendor.answers[QUOTA] = always(200, type="limited", value=500)
    assert await send(channel, task()) == Accepted(("3",))
    assert vendor.paths().count(QUOTA) == 2


async def test_a_repeated_push_needs_no_quota() -> None:
    vendor = line(limit=200, used=200)  # it may be the very push that used the last one
    assert await send(vendor.channel(), task(uncertain={"key": KEY, "until": NOW + 60})) == Accepted(("3",))
    assert vendor.paths() == [PUSH]


async def test_the_quota_is_asked_before_a_push() -> None:
    vendor = line(limit=200, used=200)
    with pytest.raises(Hold):
        await send(vendor.channel(), task())
    assert PUSH not in vendor.paths()


@pytest.mark.parametrize(("human", "held"), [(False, True), (True, False)])
async def test_the_reserve_is_for_people(human: bool, held: bool) -> None:
    vendor = line(limit=200, used=195)
    channel = vendor.channel(account(push_reserve=10))
    if held:
        with pytest.raises(Hold) as caught:
            await send(channel, task(human=human))
        assert caught.value.code == "quota_kept"
    else:
        assert await send(channel, task(human=human)) == Accepted(("3",))


@pytest.mark.parametrize("given", [always(500), always(200, type="limited"), [fails(httpx.ReadTimeout)]])
async def test_a_quota_that_line_does_not_tell_stops_nothing(given: list[object]) -> None:
    vendor = line()
    vendor.answers[QUOTA] = given
    channel = vendor.channel()
    assert await send(channel, task()) == Accepted(("3",))
    assert await send(channel, task()) == Accepted(("3",))
    assert vendor.paths().count(QUOTA) == 1  # and is not asked at every push


async def test_a_push_to_a_group_costs_what_only_line_knows() -> None:
    vendor = line()
    channel = vendor.channel()
    await send(channel, task(address={"id": "C1"}))
    await send(channel, task())
    assert vendor.paths().count(QUOTA) == 2


async def test_line_says_that_the_quota_is_used() -> None:
    vendor = line()
    vendor.answers[PUSH] = always(429, "You have reached your monthly limit.")
    channel = vendor.channel()
    with pytest.raises(Hold):
        await send(channel, task())
    with pytest.raises(Hold):
        channel.way(task())
    assert vendor.paths().count(PUSH) == 1


async def test_accounts_do_not_mix() -> None:
    vendor = line()
    other = account(name="tw", bot_user_id="U" + "3" * 32, access_token="other-token", api_url="http://localhost:9")
    await send(vendor.channel(account(), other), task(account="tw"))
    assert {request.url.host for request in vendor.asked} == {"localhost"}
    assert {request.headers["authorization"] for request in vendor.asked} == {"Bearer other-token"}
