"""The inbox on a real database: written once, held once, in order."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy.engine import Engine

from conversations.inbox import FIRST_PAUSE_S, HOLD_S, KEEP_S, MAX_ATTEMPTS, MAX_ERROR, Inbox, NewEvent
from tests.support.channel import NOW, Clock


@pytest.fixture
def clock() -> Clock:
    """A clock."""
    return Clock()


@pytest.fixture
def inbox(engine: Engine, clock: Clock) -> Inbox:
    """The inbox of one process."""
    return Inbox(engine, "web-1", clock)


def event(event_id: str = "e1", person: str = "ann", at: float = NOW, channel: str = "line") -> NewEvent:
    """An event."""
    return NewEvent(channel, event_id, person, at, {"id": event_id})


def test_an_event_is_stored_once(inbox: Inbox) -> None:
    assert inbox.store([event("e1"), event("e2"), event("e1")]) == 2
    assert inbox.store([event("e2"), event("e3")]) == 1
    assert inbox.store([]) == 0
    assert inbox.store([event("e1", channel="whatsapp")]) == 1
    assert inbox.counts() == {"waiting": 4}


def test_new_events_are_counted_for_each_group(inbox: Inbox) -> None:
    assert inbox.store_all([[event("e1"), event("e2")], [], [event("e2")], [event("e3")]]) == [2, 0, 0, 1]
    assert inbox.store_all([[], []]) == [0, 0]
    assert inbox.store_all([]) == []


def test_all_or_none_are_stored(inbox: Inbox) -> None:
    with pytest.raises(UnicodeEncodeError):
        inbox.store([event("e1"), event("e2", person="half\ud83d")])
    assert inbox.counts() == {}


def test_threads_store_each_event_once(inbox: Inbox) -> None:
    with ThreadPoolExecutor(8) as pool:
        new = list(pool.map(lambda number: inbox.store([event(f"e{number % 20}")]), range(100)))
    assert sum(new) == 20


def test_claimed_oldest_first_and_held(inbox: Inbox, clock: Clock) -> None:
    inbox.store([event("e1", "ann", 3), event("e2", "bob", 1), event("e3", "ann", 2)])
    assert [one.event_id for one in inbox.claim(10)] == ["e2", "e3", "e1"]
    assert inbox.claim(10) == []
    clock.pass_s(HOLD_S)
    assert len(inbox.claim(10)) == 3


def test_nobody_overtakes_in_a_persons_queue(inbox: Inbox) -> None:
    inbox.store([event("e1", "ann", 1), event("e2", "ann", 2), event("e3", "bob", 3)])
    (first,) = inbox.claim(1)
    assert [one.event_id for one in inbox.claim(10)] == ["e3"]
    inbox.again(first, "a reason")
    assert inbox.claim(10) == []


def test_each_try_waits_twice_as_long_and_the_last_one_fails(inbox: Inbox, clock: Clock) -> None:
    inbox.store([event()])
    for number in range(MAX_ATTEMPTS):
        (one,) = inbox.claim(1)
        assert inbox.again(one, "x" * 10 * MAX_ERROR) is (number < MAX_ATTEMPTS - 1)
        clock.pass_s(FIRST_PAUSE_S * 2**number - 0.01)
        assert inbox.claim(1) == []
        clock.pass_s(0.01)
    assert inbox.counts() == {"failed": 1}
    assert inbox.retry_failed() == 1
    (one,) = inbox.claim(1)
    assert (one.attempts, one.body) == (0, {"id": "e1"})


def test_two_processes_never_hold_the_same_event(engine: Engine, clock: Clock) -> None:
    boxes = [Inbox(engine, f"web-{number}", clock) for number in range(4)]
    boxes[0].store([event(f"e{number}", f"p{number}") for number in range(80)])
    with ThreadPoolExecutor(4) as pool:
        claimed = list(pool.map(lambda number: boxes[number % 4].claim(7), range(20)))
    assert Counter(one.id for group in claimed for one in group).most_common(1)[0][1] == 1


def test_put_back_and_done(inbox: Inbox) -> None:
    inbox.store([event("e1", at=1), event("e2", at=2)])
    first, second = inbox.claim(2)
    inbox.done([first.id])
    inbox.put_back([second.id])
    assert [one.event_id for one in inbox.claim(2)] == ["e2"]
    assert inbox.known("line", "e1")


def test_who_comes_back_too_late_takes_nothing_from_who_holds_now(engine: Engine, clock: Clock) -> None:
    late, now, third = (Inbox(engine, f"courier-1@{machine}", clock) for machine in "abc")
    late.store([event("e1", at=1), event("e2", at=2)])
    first, second = late.claim(2)
    clock.pass_s(HOLD_S)
    assert [one.id for one in now.claim(2)] == [first.id, second.id]
    late.put_back([second.id])
    assert late.again(first, "it was too slow")
    clock.pass_s(FIRST_PAUSE_S * 2)
    assert third.claim(2) == []  # or events of one person would be applied by two at once
    now.done([first.id, second.id])
    for attempts in range(MAX_ATTEMPTS):
        late.again(replace(first, attempts=attempts), "and again")
    assert now.counts() == {"done": 2}


def test_a_mark_is_an_event_that_came(inbox: Inbox) -> None:
    assert not inbox.known("line", "gone:1")
    inbox.mark("line", "gone:1")
    inbox.mark("line", "gone:1")
    assert inbox.known("line", "gone:1")
    assert not inbox.known("whatsapp", "gone:1")
    assert inbox.store([event("gone:1")]) == 0
    assert inbox.claim(10) == []


def test_only_applied_events_are_forgotten_and_only_when_old(inbox: Inbox, clock: Clock) -> None:
    inbox.store([event("done"), event("waits", "bob")])
    inbox.done([one.id for one in inbox.claim(10) if one.event_id == "done"])
    clock.pass_s(KEEP_S)
    assert inbox.purge() == 0
    clock.pass_s(1)
    assert inbox.purge() == 1
    assert inbox.counts() == {"waiting": 1}
