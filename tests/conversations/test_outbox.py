"""Claiming, planning and giving back; what follows from it is in tests/connectors/delivery/."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.engine import Engine

from conversations.outbox import HOLD_S, Outbox
from core.errors import LostLease
from tests.support.channel_desk import Desk


@pytest.fixture
def desk(engine: Engine) -> Desk:
    """A desk with something to send to Ann."""
    desk = Desk(engine)
    desk.write(desk.conversation(), "a")
    return desk


def test_the_longest_waiting_is_claimed_first_and_once(desk: Desk) -> None:
    for name in ("bob", "eve"):
        desk.clock.pass_s(1)
        desk.write(desk.conversation(name), "b")
    senders = [desk.record.conversation(one).sender for one in desk.outbox.claim(["scripted"], 2)]
    assert sorted(senders) == ["ann", "bob"]
    assert len(desk.outbox.claim(["scripted"], 5)) == 1
    assert desk.outbox.claim(["scripted"], 5) == {}


def test_other_channels_are_left_alone(desk: Desk) -> None:
    assert desk.outbox.claim(["other"], 5) == {}
    assert desk.outbox.claim([], 5) == {}


def test_many_processes_never_hold_the_same_conversation(desk: Desk) -> None:
    for number in range(40):
        desk.write(desk.conversation(f"p{number}"), "x")
    boxes = [Outbox(desk.engine, f"web-{number}", desk.clock) for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        claimed = list(pool.map(lambda number: boxes[number % 4].claim(["scripted"], 3), range(24)))
    times = Counter(conversation for group in claimed for conversation in group)
    assert (len(times), set(times.values())) == (41, {1})


def test_only_the_holder_plans_and_releases(desk: Desk) -> None:
    other = Outbox(desk.engine, "web-2", desk.clock)
    ann = desk.conversation()
    with pytest.raises(LostLease, match="nobody"):
        desk.outbox.plan(ann.id, [])
    mark = desk.outbox.claim(["scripted"], 1)[ann.id]
    with pytest.raises(LostLease, match="web-1"):
        other.plan(ann.id, [])
    other.release(ann.id, mark, None)
    desk.outbox.plan(ann.id, [])
    desk.clock.pass_s(HOLD_S)
    with pytest.raises(LostLease):
        desk.outbox.plan(ann.id, [])


def test_a_hold_that_ended_is_not_given_back_by_its_old_holder(desk: Desk) -> None:
    ann = desk.conversation()
    old = desk.outbox.claim(["scripted"], 1)[ann.id]
    desk.clock.pass_s(HOLD_S)
    other = Outbox(desk.engine, "web-2", desk.clock)
    assert list(other.claim(["scripted"], 1)) == [ann.id]
    desk.outbox.release(ann.id, old, None)
    other.plan(ann.id, [])
    desk.clock.pass_s(HOLD_S)
    assert list(desk.outbox.claim(["scripted"], 1)) == [ann.id]


def test_freed_at_the_start_are_only_ones_own(desk: Desk) -> None:
    desk.outbox.claim(["scripted"], 1)
    assert Outbox(desk.engine, "web-2", desk.clock).free() == 0
    assert desk.outbox.free() == 1
    assert desk.outbox.free() == 0
    assert len(desk.outbox.claim(["scripted"], 1)) == 1


def test_all_calls_are_planned_or_none(desk: Desk) -> None:
    ann = desk.conversation()
    desk.outbox.claim(["scripted"], 1)
    good = ([desk.record.history(ann.id)[0].id], {"text": "a"}, "bot")
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        desk.outbox.plan(ann.id, [good, (["no-such-message"], {"text": "b"}, "bot")])
    assert desk.deliveries() == []
    assert len(desk.outbox.load(ann.id, 0).unplanned) == 1


def test_web_chat_messages_are_nobodys_to_send(engine: Engine) -> None:
    desk = Desk(engine)
    desk.write(desk.record.open_conversation("webchat", "visitor", "DE"), "hello")
    assert desk.outbox.claim(["webchat", "scripted"], 5) == {}
