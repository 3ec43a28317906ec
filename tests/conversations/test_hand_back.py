"""What the bot knows when it has a conversation again, and what it leaves alone."""

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from conversations import ownership
from conversations.agent_reply import AgentDesk
from conversations.hand_back import Settled, after_person
from conversations.model import HandoffRequest, Reply
from conversations.outgoing import Draft
from conversations.ownership import Action, Event, Handoff
from conversations.ownership_errors import CustomerWrote, NotYours
from conversations.promise_model import Asked, Promised, plain
from conversations.record import Record
from conversations.work import TurnResult, WorkQueue
from core.database import reading
from core.errors import NotFound
from core.schema import ownership_events
from tests.support.gate import open_gate
from tests.support.records import inbound

BEGUN = {"task": "cancel_order", "asked": "proof", "asked_times": 2, "offered": "person", "misunderstood": 1}


@pytest.fixture
def handoff(engine: Engine, record: Record) -> Handoff:
    """A conversation that the bot has handed off in the middle of a task, and Ines has."""
    record.receive(inbound("it is broken", "m1"))
    queue = WorkQueue(engine, "w", open_gate())
    turn = queue.next_message(queue.claim() or "")
    assert turn
    wish = HandoffRequest("report_damage", "ordinary", {}, 9.0)
    queue.commit(
        turn[0], turn[1], TurnResult([Reply("a colleague …", "de")], BEGUN | {"admitted_language": "pl"}, wish)
    )
    AgentDesk(engine, open_gate(), lambda: 2.0).send(turn[0].id, Draft(Reply("Ines here", "de"), "agent:ines"))
    return ownership.list_handoffs(engine)[0]


def memory(engine: Engine, conversation_id: str) -> dict[str, object]:
    """The bot's slots, as the next turn would read them."""
    queue = WorkQueue(engine, "w", open_gate())
    turn = queue.next_message(queue.claim() or "")
    assert turn
    assert turn[0].id == conversation_id
    return turn[2]


def test_the_bot_learns_what_was_settled_and_has_nothing_to_ask(
    engine: Engine, record: Record, handoff: Handoff
) -> None:
    settled = Settled("done", "ORK-4821936", proven=True, language="en", note="a new bottle is on its way")
    ended = ownership.hand_back(engine, handoff.id, "agent:ines", 50.0, settled)
    assert (ended.resolution, ended.resolved_by, ended.resolved_at) == ("handed_back", "agent:ines", 50.0)
    assert ended.settled == settled.to_json()
    conversation = record.conversation(handoff.conversation_id)
    assert (conversation.language, conversation.language_state["chosen"]) == ("en", "en")
    record.receive(inbound("thanks", "m2"))
    assert memory(engine, handoff.conversation_id) == {
        "admitted_language": "pl",
        "order_number": "ORK-4821936",
        "proven_orders": ["ORK-4821936"],
        "settled": {"reason": "report_damage", "at": 50.0, **settled.to_json()},
    }


def test_what_a_person_was_told_is_not_answered_anew(engine: Engine, record: Record, handoff: Handoff) -> None:
    receipt = record.receive(inbound("and where is it?", "m2"))
    assert (receipt.message.status, receipt.conversation.pending) == ("handled", 0)
    ownership.hand_back(engine, handoff.id, "agent:ines", 50.0)
    assert WorkQueue(engine, "w", open_gate()).claim() is None
    record.receive(inbound("hello?", "m3"))
    queue = WorkQueue(engine, "w", open_gate())
    turn = queue.next_message(queue.claim() or "")
    assert turn
    assert turn[1].text == "hello?"  # and the bot does not stay silent


def test_a_turn_that_began_before_a_persons_stretch_says_nothing_after_it(engine: Engine, record: Record) -> None:
    conversation = record.receive(inbound("a", "m1")).conversation
    queue = WorkQueue(engine, "w", open_gate())
    turn = queue.next_message(queue.claim() or "")
    assert turn
    ownership.act(engine, conversation.id, Action(Event.TAKE, "agent:ines"), 1.0)
    AgentDesk(engine, open_gate()).send(conversation.id, Draft(Reply("done", "de"), "agent:ines"))
    ownership.hand_back(engine, ownership.list_handoffs(engine)[0].id, "agent:ines", 3.0)
    with pytest.raises(Exception, match="held by another worker"):
        queue.commit(turn[0], turn[1], TurnResult([Reply("late", "de")], {"task": "x"}))
    assert [row.author for row in record.history(conversation.id)] == ["customer", "agent:ines"]


def test_a_message_that_was_not_read_keeps_the_conversation(engine: Engine, record: Record, handoff: Handoff) -> None:
    record.receive(inbound("one more thing", "m2"))
    with pytest.raises(CustomerWrote, match="read it first"):
        ownership.hand_back(engine, handoff.id, "agent:ines", 5.0, seen=3)
    ownership.hand_back(engine, handoff.id, "agent:ines", 5.0, seen=4)


def test_only_whoever_has_it_or_a_lead_hands_it_back_and_once(engine: Engine, handoff: Handoff) -> None:
    with pytest.raises(NotYours, match="belongs to agent:ines, not to agent:max"):
        ownership.hand_back(engine, handoff.id, "agent:max", 5.0)
    ownership.hand_back(engine, handoff.id, "cli", 5.0, lead=True)
    with pytest.raises(NotFound, match=r"resolved already \(handed_back by cli\)"):
        ownership.hand_back(engine, handoff.id, "cli", 6.0, lead=True)


def in_a_minute(_connection: Connection, asked: Asked) -> Promised:
    """A promise of a minute."""
    return plain(asked.tier, asked.at, asked.at + 60)


def test_each_change_says_who_why_when_and_where(engine: Engine, handoff: Handoff) -> None:
    release = Action(Event.RELEASE, "agent:ines", "end of my shift")
    ownership.act_on_handoff(engine, handoff.id, release, 7.0, promise=in_a_minute)
    found = ownership.find_handoff(engine, handoff.id)
    assert (found.owner, found.waiting_since, found.promised_at) == ("queue", 7.0, 67.0)
    with reading(engine) as connection:
        rows = connection.execute(sa.select(ownership_events).order_by(ownership_events.c.id)).all()
    told = [(row.event, row.from_owner, row.to_owner, row.who, row.why, row.last_seq) for row in rows]
    assert told == [
        ("hand_off", "bot", "queue", "bot", "report_damage", 2),
        ("take", "queue", "agent:ines", "agent:ines", "answered", 2),
        ("release", "agent:ines", "queue", "agent:ines", "end of my shift", 3),
    ]
    assert rows[-1].at == 7.0


def test_a_number_of_another_order_does_not_prove_it() -> None:
    slots = after_person({"proven_orders": ["ORK-1"]}, "complaint", Settled(order_number="ORK-2"), 1.0)
    assert (slots["order_number"], slots["proven_orders"]) == ("ORK-2", ["ORK-1"])
