"""The sender: breaker, limits, several senders and the end."""

import asyncio
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from connectors.channel import Task, Way
from connectors.delivery import errors
from connectors.delivery.attempt import BREAK_AFTER, BREAK_S, MAX_ATTEMPTS
from connectors.delivery.limits import AT_ONCE
from connectors.delivery.sender import MAX_CONVERSATIONS
from conversations.model import Conversation
from conversations.outbox import HOLD_S
from tests.support.channel import Call, ScriptedAccount, ScriptedChannel, said
from tests.support.channel_desk import Desk


def token_desk(engine: Engine, **scripted: Any) -> Desk:
    """A desk whose channel has reply tokens, good for 50 seconds."""
    return Desk(engine, ScriptedChannel(reply_within_s=50.0, **scripted))


def ways(calls: list[Call]) -> list[tuple[str, str]]:
    """(text, way or token) of each call."""
    return [(call.text, call.way.token or call.way.name) for call in calls]


async def test_the_breaker_opens_and_closes(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    jp = ScriptedAccount("jp", "JP", "bot-jp", "secret-of-jp")
    channel = ScriptedChannel({"de": ScriptedAccount(), "jp": jp})
    desk = Desk(engine, channel)
    monkeypatch.setattr("purgatory.domain.model.time", type("Time", (), {"time": staticmethod(desk.clock)}))
    down = True
    channel.on_send = lambda task, way: errors.TryAgain("500", "down") if task.account == "de" and down else None
    for number in range(BREAK_AFTER + 5):
        desk.write(desk.conversation(f"p{number}"), str(number))
        await desk.send()
    assert len(channel.calls) == BREAK_AFTER
    desk.write(desk.conversation("yuki", "jp"), "to yuki")
    await desk.send()
    assert channel.texts[-1] == "to yuki"
    before = {one.attempts for one in desk.deliveries()}
    assert before == {0, 1}
    for _ in range(2 * MAX_ATTEMPTS):  # an outage of ten minutes costs no message
        desk.clock.pass_s(BREAK_S + 0.1)
        await desk.send()
    assert desk.told == []
    down = False
    await desk.send_for(600, BREAK_S)
    assert set(desk.states_of()) == {"accepted"}


async def test_an_open_breaker_uses_no_token_up_and_keeps_doubt(engine: Engine) -> None:
    channel = ScriptedChannel(reply_within_s=50.0, outcomes=[errors.Uncertain("timeout", "silence")])
    desk = Desk(engine, channel)
    desk.sender.attempts.breakers.default_threshold = 1
    desk.write(desk.conversation("bob"), "to bob")
    await desk.send()
    await desk.tell(said("hi", "m1", reply_token="t1"), "e1")
    desk.answer("to ann")
    desk.clock.pass_s(2)
    await desk.send()
    assert channel.texts == ["to bob"]
    assert sorted(desk.states_of()) == ["uncertain", "waiting"]
    (batch,) = [desk.outbox.load(one.conversation_id, 0) for one in desk.deliveries() if one.state == "waiting"]
    assert batch.token is not None


async def test_one_persons_limit_is_nobody_elses(engine: Engine) -> None:
    channel = ScriptedChannel({"de": ScriptedAccount(recipient_limit=(2, 1_000.0))})
    desk = Desk(engine, channel)
    desk.write(desk.conversation("ann"), "1", "2", "3", "4")
    desk.write(desk.conversation("bob"), "b1")
    await desk.send(3)
    assert sorted(channel.texts) == ["1", "2", "b1"]
    desk.clock.pass_s(499)
    await desk.send()
    assert len(channel.calls) == 3


async def test_an_accounts_limit_is_no_other_accounts(engine: Engine) -> None:
    slow = ScriptedAccount(messages_per_second=2)
    jp = ScriptedAccount("jp", "JP", "bot-jp", "secret-of-jp")
    desk = Desk(engine, ScriptedChannel({"de": slow, "jp": jp}))
    for number in range(6):
        desk.write(desk.conversation(f"p{number}"), f"de {number}")
        desk.write(desk.conversation(f"p{number}", "jp"), f"jp {number}")
    await desk.send()
    assert len([text for text in desk.channel.texts if text.startswith("de")]) <= 3
    assert len([text for text in desk.channel.texts if text.startswith("jp")]) == 6


async def test_two_senders_never_make_the_same_call(engine: Engine) -> None:
    channel = ScriptedChannel(on_send=lambda task, way: asyncio.sleep(0.001))
    desk = Desk(engine, channel)
    other = Desk(engine, channel, "web-2", desk.clock)
    people = [desk.conversation(f"p{number}") for number in range(20)]
    for one in people:
        desk.write(one, *(f"{one.sender} {number}" for number in range(4)))

    def work(mine: Desk) -> None:
        asyncio.run(mine.send(3))

    await asyncio.gather(asyncio.to_thread(work, desk), asyncio.to_thread(work, other))
    assert sorted(channel.texts) == sorted(f"p{person} {number}" for person in range(20) for number in range(4))
    for one in people:
        mine = [text for text in channel.texts if text.startswith(f"{one.sender} ")]
        assert mine == sorted(mine)


async def test_a_sender_whose_hold_has_ended_does_not_repeat_the_call_of_another(engine: Engine) -> None:
    desk = Desk(engine)
    ann = desk.conversation()
    desk.write(ann, "a")
    desk.outbox.claim(["scripted"], 1)
    desk.outbox.plan(ann.id, [([desk.record.history(ann.id)[0].id], {"text": "a"}, "bot")])
    stale = desk.outbox.load(ann.id, 0)  # and then it sleeps
    desk.clock.pass_s(HOLD_S)
    await Desk(engine, desk.channel, "web-2", desk.clock).send()
    with pytest.raises(Exception, match="another sender"):
        await desk.sender.attempts.make(desk.channel, stale, stale.deliveries[0])
    assert desk.channel.texts == ["a"]


async def test_stop_finishes_the_call_and_leaves_the_rest(engine: Engine) -> None:
    desk = Desk(engine)
    started, go_on, stopped = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow(task: Task, way: Way) -> None:
        started.set()
        await go_on.wait()

    desk.channel.on_send = slow
    ann = desk.conversation()
    desk.write(ann, "a", "b")
    running = asyncio.create_task(desk.sender.run(asyncio.sleep, stopped))
    await asyncio.wait_for(started.wait(), 30)
    stopped.set()
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.wait_for(running, 30)
    assert desk.history(ann) == [("out", "a", "sent"), ("out", "b", "queued")]
    assert list(Desk(engine, desk.channel, "web-2", desk.clock).outbox.claim(["scripted"], 1)) == [ann.id]


async def test_the_sender_outlives_a_mistake_and_a_database_that_is_away(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(engine)
    good: Conversation = desk.conversation("good")

    def way(task: Task) -> Way:
        if task.body["text"] == "bad":
            raise KeyError("a mistake of ours")
        return Way("push", "push")

    desk.channel.on_way = way
    desk.write(desk.conversation("bad"), "bad")
    desk.write(good, "good")
    await desk.send(2)
    assert desk.channel.texts == ["good"]
    desk.channel.on_way = None
    desk.clock.pass_s(5)
    await desk.send()
    assert desk.channel.texts == ["good", "bad"]


async def test_a_vendor_that_hangs_leaves_places_to_the_other_accounts(engine: Engine) -> None:
    jp = ScriptedAccount("jp", "JP", "bot-jp", "secret-of-jp")
    channel = ScriptedChannel({"de": ScriptedAccount(), "jp": jp})
    answer, full, other = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def send(task: Task, way: Way) -> None:
        if task.account == "jp":
            other.set()
            return
        if channel.texts.count("to de") == AT_ONCE:
            full.set()
        await answer.wait()

    channel.on_send = send
    desk = Desk(engine, channel)
    for number in range(MAX_CONVERSATIONS):
        desk.write(desk.conversation(f"p{number}"), "to de")
    stopped = asyncio.Event()
    running = asyncio.create_task(desk.sender.run(lambda _: asyncio.sleep(0.01), stopped))
    try:
        await asyncio.wait_for(full.wait(), 30)
        desk.write(desk.conversation("yuki", "jp"), "to jp")
        await asyncio.wait_for(other.wait(), 30)
        assert channel.texts.count("to de") == AT_ONCE
    finally:
        answer.set()
        stopped.set()
        await running
