"""A late answer waits for the tap that was asked for, and for no longer than a while."""

from pathlib import Path

import pytest

from connectors.delivery.attempt import TAP_WAIT_S
from conversations.notices import SYSTEM_AUTHOR
from conversations.outbox import ASKS_TAP
from tests.support.channel import ScriptedChannel, said
from tests.support.channel_desk import Desk
from tests.support.records import new_engine

LIFE_S = 50.0


@pytest.fixture
async def asked(tmp_path: Path) -> Desk:
    """Ann wrote, waited, and was asked on her token to tap for the answer; then the bot's answer came."""
    desk = Desk(new_engine(tmp_path), ScriptedChannel(reply_within_s=LIFE_S, reports_delivery=False))
    await desk.tell(said("hi", "m1", reply_token="t1"), "e1")
    desk.clock.pass_s(40)
    desk.write(desk.received[-1].receipt.conversation, "tap to see", author=SYSTEM_AUTHOR, **{ASKS_TAP: True})  # type: ignore[union-attr]
    await desk.send()
    desk.clock.pass_s(20)
    desk.answer("the answer")
    await desk.send()
    return desk


async def test_the_answer_waits_for_the_tap_and_is_free(asked: Desk) -> None:
    assert asked.channel.texts == ["tap to see"]
    asked.clock.pass_s(30)
    await asked.tell(said("", "m2", reply_token="t2"), "e2")
    await asked.send()
    assert asked.channel.texts == ["tap to see", "the answer"]
    assert [delivery.way["name"] for delivery in asked.deliveries() if delivery.way] == ["reply", "reply"]


async def test_who_does_not_tap_gets_it_all_the_same(asked: Desk) -> None:
    asked.clock.pass_s(TAP_WAIT_S)
    await asked.send()
    assert asked.channel.texts == ["tap to see", "the answer"]
    assert [delivery.way["name"] for delivery in asked.deliveries() if delivery.way] == ["reply", "push"]
