"""The sender: order within a conversation, and reply tokens."""

import asyncio
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from connectors.channel import Task, Way
from connectors.delivery import errors
from connectors.delivery.attempt import MAX_ATTEMPTS
from connectors.delivery.sender import ORDER_WAIT_S
from connectors.events import StatusChange
from conversations.outbox import HOLD_S, MAX_ROWS
from tests.support.channel import Call, ScriptedChannel, said
from tests.support.channel_desk import Desk


def token_desk(engine: Engine, **scripted: Any) -> Desk:
    """A desk whose channel has reply tokens, good for 50 seconds."""
    return Desk(engine, ScriptedChannel(reply_within_s=50.0, **scripted))


def ways(calls: list[Call]) -> list[tuple[str, str]]:
    """(text, way or token) of each call."""
    return [(call.text, call.way.token or call.way.name) for call in calls]


async def test_parts_and_turns_are_sent_in_order(engine: Engine) -> None:
    desk = Desk(engine, ScriptedChannel(parts=3))
    desk.write(desk.conversation(), "a", "b")
    await desk.send()
    desk.write(desk.conversation(), "c")
    await desk.send()
    assert desk.channel.texts == [f"{text} {part}/3" for text in "abc" for part in (1, 2, 3)]
    assert [one.position for one in desk.deliveries()] == list(range(1, 10))


async def test_more_messages_than_are_planned_at_a_time_are_all_sent(desk: Desk) -> None:
    texts = [f"t{number}" for number in range(2 * MAX_ROWS + 5)]
    desk.write(desk.conversation(), *texts)
    await desk.send()
    assert desk.channel.texts == texts


async def test_the_next_waits_until_the_vendor_says_that_it_sent_the_one_before(engine: Engine) -> None:
    desk = Desk(engine, ScriptedChannel(reports_delivery=True))
    desk.write(desk.conversation(), "a", "b", "c")
    await desk.send(3)
    assert desk.channel.texts == ["a"]
    await desk.tell(StatusChange("v1", "sent"), "s1")
    await desk.send()
    assert desk.channel.texts == ["a", "b"]
    desk.clock.pass_s(ORDER_WAIT_S - 0.1)
    await desk.send()
    assert desk.channel.texts == ["a", "b"]
    desk.clock.pass_s(0.1)
    await desk.send()
    assert desk.channel.texts == ["a", "b", "c"]


async def test_what_comes_in_while_a_conversation_is_served_is_not_forgotten(desk: Desk) -> None:
    ann = desk.conversation()

    async def busy(task: Task, way: Way) -> None:
        if task.body["text"] == "a":
            await asyncio.to_thread(desk.write, ann, "b")

    desk.channel.on_send = busy
    desk.write(ann, "a")
    await desk.send(2)
    assert desk.channel.texts == ["a", "b"]


async def test_a_mark_that_was_changed_is_kept(desk: Desk) -> None:
    ann = desk.conversation()
    desk.write(ann, "a")
    for again_at in (None, desk.clock() + 1_000):
        ((found, mark),) = desk.outbox.claim(["scripted"], 10).items()
        assert found == ann.id
        desk.write(ann, "b")  # came after the sender had loaded what there was
        desk.outbox.release(ann.id, mark, again_at)
        assert not desk.outbox.claim(["other"], 10)
    assert list(desk.outbox.claim(["scripted"], 10)) == [ann.id]


async def test_a_released_conversation_rests(desk: Desk) -> None:
    ann = desk.conversation()
    desk.write(ann, "a")
    mark = desk.outbox.claim(["scripted"], 10)[ann.id]
    assert not desk.outbox.claim(["scripted"], 10)
    desk.outbox.release(ann.id, mark, desk.clock() + 30)
    assert not desk.outbox.claim(["scripted"], 10)
    desk.clock.pass_s(30)
    mark = desk.outbox.claim(["scripted"], 10)[ann.id]
    desk.outbox.release(ann.id, mark, None)
    desk.clock.pass_s(10 * HOLD_S)
    assert not desk.outbox.claim(["scripted"], 10)


async def test_a_reply_token_is_used_once_and_first(engine: Engine) -> None:
    desk = token_desk(engine)
    await desk.tell(said("hi", "m1", reply_token="t1"), "e1")
    desk.answer("a", "b")
    await desk.send()
    assert ways(desk.channel.calls) == [("a", "t1"), ("b", "push")]
    assert desk.sample("aftersail_sent_total", account="de", cost="free") == 1


@pytest.mark.parametrize(("age_s", "way"), [(49, "t1"), (51, "push")])
async def test_a_reply_token_has_its_life(engine: Engine, age_s: float, way: str) -> None:
    desk = token_desk(engine)
    await desk.tell(said("hi", "m1", reply_token="t1"), "e1")
    desk.answer("a")
    desk.clock.pass_s(age_s)
    await desk.send()
    assert ways(desk.channel.calls) == [("a", way)]


async def test_a_spent_token_means_another_way_at_once(engine: Engine) -> None:
    desk = token_desk(engine, outcomes=[errors.TokenSpent("spent", "used")])
    await desk.tell(said("hi", "m1", reply_token="t1"), "e1")
    desk.answer("a", "b")
    await desk.send()
    assert ways(desk.channel.calls) == [("a", "t1"), ("a", "push"), ("b", "push")]


async def test_a_vendor_that_always_calls_the_token_spent_is_given_up(engine: Engine) -> None:
    desk = token_desk(engine, on_send=lambda task, way: errors.TokenSpent("spent", "used"))
    desk.write(desk.conversation(), "a")
    await asyncio.wait_for(desk.send(), 20)
    assert len(desk.channel.calls) == MAX_ATTEMPTS
    assert desk.told == [("a", "spent")]


async def test_a_call_that_was_not_taken_leaves_its_token_for_the_next_try(engine: Engine) -> None:
    desk = token_desk(engine, outcomes=[errors.TryAgain("429", "slow down")])
    await desk.tell(said("hi", "m1", reply_token="t1"), "e1")
    desk.answer("a")
    await desk.send_for(3)
    assert ways(desk.channel.calls) == [("a", "t1"), ("a", "t1")]


async def test_a_call_that_may_have_been_taken_has_used_its_token(engine: Engine) -> None:
    desk = token_desk(engine, outcomes=[errors.Uncertain("timeout", "silence")])
    await desk.tell(said("hi", "m1", reply_token="t1"), "e1")
    desk.answer("a")
    await desk.send_for(3)
    assert ways(desk.channel.calls) == [("a", "t1"), ("a", "push")]
    assert desk.channel.calls[1].task.uncertain == {"token": "t1"}
