"""The work queue: one holder at a time, whole turns or nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.engine import Engine

from conversations import ownership
from conversations.model import HandoffRequest, Reply
from conversations.record import Record
from conversations.work import LEASE_S, TurnResult, WorkQueue, free_leases
from core.errors import LostLease, NotFound
from tests.support.gate import open_gate
from tests.support.records import inbound

REPLY = Reply("Hallo", "de")
HANDOFF = HandoffRequest("asked_for_person", "ordinary", {"wants": "a person"}, 2_000_000_000.0)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def queue(engine: Engine, clock: Clock) -> WorkQueue:
    return WorkQueue(engine, "w1", open_gate(), clock)


def take(queue: WorkQueue) -> tuple:
    """Claim the waiting conversation and read its next message."""
    conversation_id = queue.claim()
    assert conversation_id
    waiting = queue.next_message(conversation_id)
    assert waiting
    return waiting


def test_a_turn_is_committed_whole(queue: WorkQueue, record: Record) -> None:
    record.receive(inbound())
    conversation, message, slots = take(queue)
    assert slots == {}
    queue.commit(conversation, message, TurnResult([REPLY, REPLY], {"task": "order_status"}))
    assert queue.next_message(conversation.id) is None
    queue.release(conversation.id)
    assert [(m.seq, m.direction, m.status) for m in record.history(conversation.id)] == [
        (1, "in", "handled"),
        (2, "out", "queued"),
        (3, "out", "queued"),
    ]
    assert record.conversation(conversation.id).pending == 0
    assert queue.claim() is None


def test_memory_comes_back_with_the_next_message(queue: WorkQueue, record: Record) -> None:
    record.receive(inbound())
    conversation, message, _ = take(queue)
    queue.commit(conversation, message, TurnResult([], {"order_number": "ORK-1"}))
    record.receive(inbound("next", "m2"))
    waiting = queue.next_message(conversation.id)
    assert waiting
    assert waiting[2] == {"order_number": "ORK-1"}


def test_messages_of_one_conversation_come_in_order(queue: WorkQueue, record: Record) -> None:
    for number in range(5):
        record.receive(inbound(f"t{number}", f"m{number}"))
    texts = []
    conversation_id = queue.claim()
    assert conversation_id
    while waiting := queue.next_message(conversation_id):
        texts.append(waiting[1].text)
        queue.commit(waiting[0], waiting[1], TurnResult([REPLY], {}))
    assert texts == ["t0", "t1", "t2", "t3", "t4"]


def test_two_workers_never_hold_the_same_conversation(engine: Engine, record: Record) -> None:
    for number in range(30):
        record.receive(inbound("x", f"m{number}", sender=f"v{number}"))
    with ThreadPoolExecutor(6) as pool:
        claims = list(pool.map(lambda i: WorkQueue(engine, f"w{i}", open_gate()).claim(), range(30)))
    assert len(set(claims)) == 30


def test_a_lost_lease_changes_nothing(queue: WorkQueue, engine: Engine, record: Record, clock: Clock) -> None:
    record.receive(inbound())
    conversation, message, _ = take(queue)
    clock.now += LEASE_S + 1
    other = WorkQueue(engine, "w2", open_gate(), clock)
    assert other.claim() == conversation.id
    with pytest.raises(LostLease):
        queue.commit(conversation, message, TurnResult([REPLY], {}))
    assert len(record.history(conversation.id)) == 1
    other.commit(conversation, message, TurnResult([REPLY], {}))
    assert len(record.history(conversation.id)) == 2


def test_the_same_message_is_never_answered_twice(queue: WorkQueue, record: Record) -> None:
    record.receive(inbound())
    conversation, message, _ = take(queue)
    queue.commit(conversation, message, TurnResult([REPLY], {}))
    with pytest.raises(LostLease):
        queue.commit(conversation, message, TurnResult([REPLY], {}))
    assert len(record.history(conversation.id)) == 2


def test_a_dead_workers_conversation_is_free_at_once(
    queue: WorkQueue, engine: Engine, record: Record, clock: Clock
) -> None:
    record.receive(inbound())
    conversation, _, _ = take(queue)
    other = WorkQueue(engine, "w2", open_gate(), clock)
    assert other.claim() is None
    assert free_leases(engine, "w1") == 1
    assert other.claim() == conversation.id


def test_a_handoff_changes_the_owner_with_the_turn(queue: WorkQueue, engine: Engine, record: Record) -> None:
    record.receive(inbound())
    conversation, message, _ = take(queue)
    queue.commit(conversation, message, TurnResult([REPLY], {}, handoff=HANDOFF))
    assert record.conversation(conversation.id).owner == "queue"
    (handoff,) = ownership.list_handoffs(engine)
    assert (handoff.reason, handoff.conversation_id) == ("asked_for_person", conversation.id)
    ownership.hand_back(engine, handoff.id, "agent:lena", 3.0)
    assert record.conversation(conversation.id).owner == "bot"
    assert ownership.list_handoffs(engine) == []
    assert len(ownership.list_handoffs(engine, include_resolved=True)) == 1
    with pytest.raises(NotFound, match="resolved already"):
        ownership.hand_back(engine, handoff.id, "agent:lena", 4.0)


def test_buttons_are_those_since_the_customers_last_message(queue: WorkQueue, record: Record) -> None:
    record.receive(inbound("a", "m1"))
    conversation, message, _ = take(queue)
    buttons = [{"title": "Yes", "payload": "affirm"}]
    queue.commit(conversation, message, TurnResult([Reply("?", "de", {"buttons": buttons}), REPLY], {}))
    second = record.receive(inbound("b", "m2")).message
    assert queue.last_buttons(conversation.id, second.seq) == buttons
    third = record.receive(inbound("c", "m3")).message
    assert queue.last_buttons(conversation.id, third.seq) == []


def test_the_last_answer_gives_the_conversation_back(
    queue: WorkQueue, engine: Engine, record: Record, clock: Clock
) -> None:
    record.receive(inbound("a", "m1"))
    record.receive(inbound("b", "m2"))
    conversation, first, _ = take(queue)
    other = WorkQueue(engine, "w2", open_gate(), clock)
    assert queue.commit(conversation, first, TurnResult([REPLY], {})) == 1
    assert other.claim() is None
    waiting = queue.next_message(conversation.id)
    assert waiting
    assert queue.commit(conversation, waiting[1], TurnResult([REPLY], {})) == 0
    record.receive(inbound("c", "m3"))
    assert other.claim() == conversation.id


def test_each_answer_renews_the_lease(queue: WorkQueue, engine: Engine, record: Record, clock: Clock) -> None:
    record.receive(inbound("a", "m1"))
    record.receive(inbound("b", "m2"))
    conversation, first, _ = take(queue)
    clock.now += LEASE_S - 1
    queue.commit(conversation, first, TurnResult([REPLY], {}))
    clock.now += 2
    assert WorkQueue(engine, "w2", open_gate(), clock).claim() is None
