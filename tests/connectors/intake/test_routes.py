"""The vendors' door: who may come in, and when it answers."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from connectors.events import Notice
from connectors.intake import doorway, routes
from core.schema_channels import webhook_events
from tests.support.channel import NOW, SIGNATURE, ScriptedAccount, ScriptedChannel, event, make_body, said, sign
from tests.support.channel_desk import Desk

DE = ScriptedAccount()
JP = ScriptedAccount("jp", "JP", "bot-jp", "secret-of-jp")
DAY_S = 86_400.0


def two_accounts() -> ScriptedChannel:
    """A channel with two numbers, each with its own secret."""
    return ScriptedChannel({"de": DE, "jp": JP})


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({SIGNATURE: ""}, 401),
        ({SIGNATURE: "0" * 64}, 401),
        ({SIGNATURE: "ümlaut"}, 401),
        ({SIGNATURE: sign("secret-of-de", b"another body")}, 401),
        ({SIGNATURE: sign("nobody's", make_body(event(said("hi", "m1"), "e1")))}, 401),
        ({SIGNATURE: sign("secret-of-de", make_body(event(said("hi", "m1"), "e1")))}, 200),
    ],
    ids=["none", "empty", "zeros", "not ascii", "of another body", "unknown secret", "right"],
)
async def test_only_signed_bodies_come_in(desk: Desk, headers: dict[str, str], status: int) -> None:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    async with desk.door() as client:
        body = make_body(event(said("hi", "m1"), "e1"))
        answer = await client.post("/webhooks/scripted", content=body, headers=raw)
    assert answer.status_code == status
    assert desk.count(webhook_events) == (1 if status == 200 else 0)
    assert desk.sample("aftersail_webhooks_refused_total", channel="scripted", why="signature") == (status == 401)


async def test_an_event_is_taken_only_with_its_own_accounts_secret(engine: Engine) -> None:
    desk = Desk(engine, two_accounts())
    events = [event(said("hi", "m1"), "e1"), event(said("moshi", "m2"), "e2", account="bot-jp")]
    async with desk.door() as client:
        assert (await desk.post(client, *events, secret="secret-of-jp")).status_code == 200
    await desk.apply()
    assert [one.receipt.conversation.account for one in desk.received if one.receipt] == ["jp"]
    assert desk.sample("aftersail_webhooks_refused_total", channel="scripted", why="account") == 1


@pytest.mark.parametrize("account", ["bot-nobody", "de", "BOT-DE"])
async def test_an_unknown_account_is_answered_and_not_kept(desk: Desk, account: str) -> None:
    async with desk.door() as client:
        assert (await desk.post(client, event(said("hi", "m1"), "e1", account=account))).status_code == 200
    assert desk.count(webhook_events) == 0


async def test_a_notice_that_names_no_account_or_time_reaches_the_operator(engine: Engine) -> None:
    desk = Desk(engine, two_accounts())
    await desk.deliver(event(Notice("template_rejected"), "e1", account="", at=0.0), event(Notice("n"), "e2", at=NOW))
    assert desk.operator.kept == [("scripted", "de", "template_rejected"), ("scripted", "de", "n")]


async def test_words_that_name_no_account_are_taken_when_only_one_can_be_meant(engine: Engine) -> None:
    desk = Desk(engine, two_accounts())
    async with desk.door() as client:
        await desk.post(client, event(said("hi", "m1"), "e1", account=""), secret="secret-of-jp")
    await desk.apply()
    assert [one.receipt.conversation.account for one in desk.received if one.receipt] == ["jp"]


@pytest.mark.parametrize(
    ("age_s", "kept"), [(0, 1), (7 * DAY_S - 1, 1), (7 * DAY_S + 1, 0), (NOW - 1, 0), (NOW, 1), (-60, 1)]
)
async def test_an_old_event_is_a_replay_and_an_undated_one_is_new(desk: Desk, age_s: float, kept: int) -> None:
    async with desk.door() as client:
        assert (await desk.post(client, event(said("hi", "m1"), "e1", NOW - age_s))).status_code == 200
    assert desk.count(webhook_events) == kept


async def test_an_id_is_known_for_as_long_as_it_can_be_replayed(desk: Desk) -> None:
    one = event(said("hi", "m1"), "e1")
    await desk.deliver(one)
    for _ in range(15):
        desk.clock.pass_s(DAY_S / 2)
        desk.inbox.purge()
        async with desk.door() as client:
            await desk.post(client, one)
        await desk.apply()
    assert len(desk.received) == 1
    desk.clock.pass_s(DAY_S)
    assert desk.inbox.purge() == 1


async def test_duplicates_are_written_once(desk: Desk) -> None:
    first, second = event(said("a", "m1"), "e1"), event(said("b", "m2"), "e2")
    async with desk.door() as client:
        await desk.post(client, first, first, second)
        await desk.post(client, second, first)
        answers = await asyncio.gather(*(desk.post(client, first, event(said("c", "m3"), "e3")) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert desk.count(webhook_events) == 3
    assert desk.sample("aftersail_events_new_total", channel="scripted") == 3
    assert desk.woken == 2


async def test_the_same_id_of_another_channel_is_another_event(engine: Engine) -> None:
    desks = [Desk(engine, ScriptedChannel(name=name)) for name in ("scripted", "other")]
    for one in desks:
        await one.deliver(event(said("hi", f"{one.channel.name}-m1"), "e1"))
    assert [len(one.received) for one in desks] == [1, 1]


@pytest.mark.parametrize(
    ("size", "status"), [(routes.MAX_BODY, 400), (routes.MAX_BODY + 1, 413), (3 * routes.MAX_BODY, 413)]
)
async def test_a_body_has_a_limit(desk: Desk, size: int, status: int) -> None:
    async with desk.door() as client:
        assert (await desk.post(client, body=b"x" * size)).status_code == status


async def test_an_endless_body_is_not_read_to_its_end(desk: Desk) -> None:
    read = 0

    async def receive() -> dict[str, Any]:
        nonlocal read
        read += 1
        return {"type": "http.request", "body": b"x" * 100_000, "more_body": True}

    assert await answered(desk, receive) == 413
    assert read == routes.MAX_BODY // 100_000 + 1


async def test_half_a_body_is_not_kept(desk: Desk) -> None:
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": make_body(event(said("hi", "m1"), "e1"))[:20], "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    assert await answered(desk, receive) == 400
    assert desk.count(webhook_events) == 0


async def answered(desk: Desk, receive: Callable[[], Any]) -> int:
    """Status of the answer to a request whose body comes from `receive`."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/webhooks/scripted", "headers": [], "query_string": b""}
    await asyncio.wait_for(desk.app(scope, receive, send), 30)
    return int(sent[0]["status"])


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"events": 5}', b"\xff\xfe", b"null"])
async def test_what_is_no_webhook_is_refused(desk: Desk, body: bytes) -> None:
    async with desk.door() as client:
        assert (await desk.post(client, body=body)).status_code == 400


async def test_other_addresses(desk: Desk) -> None:
    async with desk.door() as client:
        assert (await client.post("/webhooks/telegram", content=b"{}")).status_code == 404
        assert (await client.get("/webhooks/scripted")).status_code == 403
        assert (await client.get("/webhooks/telegram")).status_code == 403
        assert (await client.put("/webhooks/scripted", content=b"")).status_code == 405


async def test_a_body_that_does_not_come_to_an_end_is_given_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(5)

    monkeypatch.setattr(doorway, "BODY_S", 0.05)
    async with desk.door() as client:
        answer = await asyncio.wait_for(client.post("/webhooks/scripted", content=endless()), 30)
    assert answer.status_code == 408


async def test_a_strangers_large_body_is_looked_at_beside_the_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each account's secret is tried on it, which takes long enough to keep other webhooks waiting."""
    threads: list[str] = []
    whole = desk.channel.signers

    def signers(headers: Any, body: bytes) -> Any:
        threads.append(threading.current_thread().name)
        return whole(headers, body)

    monkeypatch.setattr(desk.channel, "signers", signers)
    async with desk.door() as client:
        for size in (10, routes.LARGE_BODY):
            await client.post("/webhooks/scripted", content=b"x" * size)
    assert [name == threading.main_thread().name for name in threads] == [True, False]
