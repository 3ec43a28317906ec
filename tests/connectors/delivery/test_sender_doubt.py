"""The sender: calls that may have been taken."""

import asyncio
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from connectors.channel import Task, Way
from connectors.delivery import errors
from connectors.delivery.attempt import MAX_ATTEMPTS
from connectors.events import StatusChange
from conversations.outbox import HOLD_S
from tests.support.channel import Call, ScriptedChannel
from tests.support.channel_desk import Desk


def token_desk(engine: Engine, **scripted: Any) -> Desk:
    """A desk whose channel has reply tokens, good for 50 seconds."""
    return Desk(engine, ScriptedChannel(reply_within_s=50.0, **scripted))


def ways(calls: list[Call]) -> list[tuple[str, str]]:
    """(text, way or token) of each call."""
    return [(call.text, call.way.token or call.way.name) for call in calls]


async def test_an_uncertain_call_waits_for_proof_and_a_status_settles_it(engine: Engine) -> None:
    channel = ScriptedChannel(reports_delivery=True, proof_wait_s=60.0)
    channel.outcomes = [errors.Uncertain("timeout", "silence")]
    desk = Desk(engine, channel)
    desk.write(desk.conversation(), "a", "b")
    await desk.send_for(59)
    assert channel.texts == ["a"]
    await desk.tell(StatusChange("v-other", "sent", tracker=channel.calls[0].task.id), "s1")
    await desk.send_for(120)
    assert channel.texts == ["a", "b"]
    assert desk.sample("aftersail_sent_blind_total", account="de") == 0


async def test_without_proof_it_is_repeated_and_counted(engine: Engine) -> None:
    channel = ScriptedChannel(proof_wait_s=60.0, outcomes=[errors.Uncertain("timeout", "silence")])
    desk = Desk(engine, channel)
    desk.write(desk.conversation(), "a", "b")
    await desk.send_for(62)
    assert channel.texts == ["a", "a", "b"]
    first, second, other = channel.calls
    assert (first.task.uncertain, second.task.uncertain, other.task.uncertain) == (None, {"key": first.task.key}, None)
    assert second.task.key == first.task.key
    assert desk.sample("aftersail_sent_blind_total", account="de") == 1


@pytest.mark.parametrize(
    "second",
    [
        errors.TryAgain("429", "slow"),
        errors.TryRecipientLater("429", "slow"),
        errors.AccountDown("401", "expired"),
        errors.TokenSpent("spent", "used"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_try_that_was_not_taken_does_not_make_the_one_before_certain(
    engine: Engine, second: errors.DeliveryError
) -> None:
    channel = ScriptedChannel(outcomes=[errors.Uncertain("timeout", "silence"), second])
    desk = Desk(engine, channel)
    desk.write(desk.conversation(), "a")
    await desk.send_for(90)
    assert channel.texts == ["a"] * 3
    assert channel.calls[2].task.uncertain is not None


@pytest.mark.parametrize(("holder", "wait_s"), [("web-1", 0.0), ("web-2", HOLD_S)])
@pytest.mark.parametrize("proof_wait_s", [0.0, 90.0])
async def test_a_crash_while_a_call_is_made_is_an_uncertain_call(
    engine: Engine, holder: str, wait_s: float, proof_wait_s: float
) -> None:
    channel = ScriptedChannel(proof_wait_s=proof_wait_s)
    desk = Desk(engine, channel)
    desk.write(desk.conversation(), "a", "b")
    hangs = asyncio.Event()

    async def hang(task: Task, way: Way) -> None:
        hangs.set()
        await asyncio.sleep(3600)

    channel.on_send = hang
    dying = asyncio.create_task(desk.send())
    await hangs.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    assert desk.states_of() == ["sending", "waiting"]
    channel.on_send = None
    reborn = Desk(engine, channel, holder, desk.clock)
    assert reborn.outbox.free() == (1 if holder == "web-1" else 0)
    await reborn.send()
    assert len(channel.calls) == 1 + 2 * (not wait_s and not proof_wait_s)
    desk.clock.pass_s(max(wait_s, proof_wait_s))
    await reborn.send()
    assert channel.texts == ["a", "a", "b"]
    assert [call.task.uncertain is not None for call in channel.calls] == [False, True, False]


async def test_a_mistake_of_a_channel_does_not_repeat_a_call_for_ever(engine: Engine) -> None:
    channel = ScriptedChannel(on_send=lambda task, way: KeyError("id") if task.body["text"] == "a" else None)
    desk = Desk(engine, channel)
    desk.sender.attempts.breakers.default_threshold = 1_000
    desk.write(desk.conversation(), "a", "b")
    for _ in range(MAX_ATTEMPTS + 5):
        await desk.send()
        desk.clock.pass_s(301)
    assert channel.texts == ["a"] * MAX_ATTEMPTS + ["b"]
    assert desk.told == [("a", "broken")]


async def test_a_call_without_answer_ends(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.delivery.attempt.CALL_TIMEOUT_S", 0.05)
    channel = ScriptedChannel(on_send=lambda task, way: asyncio.sleep(30))
    desk = Desk(engine, channel)
    desk.write(desk.conversation(), "a")
    await asyncio.wait_for(desk.send(), 30)
    assert desk.states_of() == ["uncertain"]
