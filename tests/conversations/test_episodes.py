"""A person's conversations one after the other: what closes them, and what follows."""

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from conversations import ownership
from conversations.episodes import close_answered
from conversations.model import HandoffRequest, Kind, Reply
from conversations.ownership import Action, Event
from conversations.record import Record
from conversations.work import TurnResult, WorkQueue
from core.database import reading
from core.schema import conversations, messages, ownership_events
from tests.support.gate import open_gate
from tests.support.records import MarketLanguage, inbound

HOUR = 3600.0
WISH = HandoffRequest("complaint", "ordinary", {}, 1.0)


def said(engine: Engine, text: str, provider_id: str, status: str = "sent", market: str = "DE") -> str:
    """The conversation after a message at 0 and the bot's answer, which has come so far."""
    record = Record(engine, MarketLanguage(), lambda: 0.0)
    conversation = record.receive(inbound(text, provider_id, sender=provider_id, market=market)).conversation
    queue = WorkQueue(engine, "w", open_gate(), lambda: 0.0)
    turn = queue.next_message(queue.claim() or "")
    assert turn
    queue.commit(turn[0], turn[1], TurnResult([Reply("hi", "de")], {}))
    with engine.begin() as connection:
        connection.execute(sa.update(messages).where(messages.c.status == "queued").values(status=status))
    return conversation.id


def test_what_is_answered_long_ago_closes_by_the_hours_of_its_market(engine: Engine) -> None:
    german, japanese = said(engine, "a", "m1"), said(engine, "a", "m2", market="JP")
    hours = {"DE": 72.0, "JP": 24.0}.__getitem__
    assert close_answered(engine, hours, 23 * HOUR) == []
    assert close_answered(engine, hours, 25 * HOUR) == [japanese]
    assert close_answered(engine, hours, 73 * HOUR) == [german]
    with reading(engine) as connection:
        events = connection.execute(sa.select(ownership_events.c.event, ownership_events.c.who)).all()
    assert [tuple(row) for row in events] == [("expire", "aftersail")] * 2


@pytest.mark.parametrize("status", ["queued", "held"])
def test_an_answer_that_has_not_arrived_keeps_it_open(engine: Engine, status: str) -> None:
    said(engine, "a", "m1", status)
    assert close_answered(engine, lambda _: 72, 1000 * HOUR) == []


def test_whoever_waits_is_not_closed(engine: Engine) -> None:
    waits, record = said(engine, "a", "m1"), Record(engine, MarketLanguage(), lambda: 0.0)
    record.receive(inbound("again", "m9", sender="m1"))
    assert close_answered(engine, lambda _: 72, 1000 * HOUR) == []  # for the bot
    ownership.hand_over(engine, waits, WISH, 0.0)
    assert close_answered(engine, lambda _: 72, 1000 * HOUR) == []  # in the queue
    ownership.act(engine, waits, Action(Event.TAKE, "agent:ines"), 0.0)
    assert close_answered(engine, lambda _: 72, 1000 * HOUR) == []  # for an agent


def test_a_message_after_the_end_opens_an_episode_that_follows(engine: Engine, record: Record) -> None:
    before = said(engine, "a", "m1")
    close_answered(engine, lambda _: 72, 73 * HOUR)
    after = record.receive(inbound("me again", "m2", sender="m1")).conversation
    assert (after.owner, after.pending) == ("bot", 1)
    with reading(engine) as connection:
        follows = sa.select(conversations.c.follows).where(conversations.c.id == after.id)
        assert connection.execute(follows).scalar_one() == before
        mine = sa.select(ownership_events).where(ownership_events.c.conversation_id == after.id)
        event = connection.execute(mine).one()
    assert (event.event, event.from_owner, event.to_owner, event.why) == ("reopen", "closed", "bot", f"after {before}")


def test_a_person_who_promised_an_answer_is_not_clicked_away(engine: Engine, record: Record) -> None:
    mine = record.receive(inbound("a", "m1")).conversation
    ownership.hand_over(engine, mine.id, WISH, 1.0)
    assert not record.close(mine.id)
    assert record.open_conversation("webchat", "visitor-1", "DE").id == mine.id
    ownership.hand_back(engine, ownership.list_handoffs(engine)[0].id, "cli", 2.0)
    assert record.close(mine.id)
    assert not record.close(mine.id)
    assert record.open_conversation("webchat", "visitor-1", "DE").id != mine.id


def test_what_the_customer_leaves_behind_is_answered_no_more(engine: Engine, record: Record) -> None:
    mine = record.receive(inbound("a", "m1")).conversation
    record.close(mine.id)
    assert WorkQueue(engine, "w", open_gate()).claim() is None
    assert record.history(mine.id)[0].status == "handled"


def test_what_fails_after_the_end_comes_to_a_person_all_the_same(engine: Engine, record: Record) -> None:
    closed = said(engine, "a", "m1")
    close_answered(engine, lambda _: 72, 73 * HOUR)
    assert ownership.hand_over(engine, closed, WISH, 74 * HOUR)
    assert not ownership.hand_over(engine, closed, WISH, 75 * HOUR)  # somebody has it
    (handoff,) = ownership.list_handoffs(engine)
    now = record.open_conversation("webchat", "m1", "DE")
    assert (now.id, now.owner, now.language) == (handoff.conversation_id, "queue", "de")
    assert now.id != closed
    with reading(engine) as connection:
        mine = sa.select(ownership_events).where(ownership_events.c.conversation_id == now.id)
        told = [(row.event, row.who, row.why) for row in connection.execute(mine)]
    assert told == [("reopen", "aftersail", f"after {closed}"), ("hand_off", "aftersail", "complaint")]


def test_a_reaction_starts_no_clock(engine: Engine, record: Record) -> None:
    mine = record.receive(inbound("a", "m1")).conversation
    ownership.act(engine, mine.id, Action(Event.TAKE, "agent:ines"), 1.0)
    ownership.act(engine, mine.id, Action(Event.ANSWER, "agent:ines"), 2.0)
    record.receive(inbound("👍", "m2", kind=Kind.EVENT, noted=True))
    assert ownership.list_handoffs(engine)[0].waiting_since is None
