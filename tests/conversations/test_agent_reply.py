"""A person's reply: only into a conversation that waits for one or is theirs, and through the gate."""

from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from conversations import ownership
from conversations.agent_reply import AgentDesk, NotYours
from conversations.model import Conversation, HandoffRequest, Reply
from conversations.outgoing import Blocked, Draft
from conversations.ownership import Action, Event
from conversations.ownership_errors import Closed
from conversations.record import Record
from glossaries.model import Status, Term
from tests.support.gate import open_gate
from tests.support.records import MarketLanguage, inbound, new_engine

NATEL = Term("mobile_phone", "de", "Natel", Status.FORBIDDEN, reason="schweizerisch", replacement="Handy")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return new_engine(tmp_path)


@pytest.fixture
def waiting(engine: Engine) -> Conversation:
    conversation = Record(engine, MarketLanguage()).receive(inbound()).conversation
    with engine.begin() as connection:
        ownership.queue(connection, conversation.id, HandoffRequest("asked_for_person", "ordinary", {}, 5.0), 1.0)
    return conversation


def draft(text: str = "Guten Tag", who: str = "agent:ines", override: str = "") -> Draft:
    return Draft(Reply(text, "de"), who, override=override)


def test_the_first_answer_takes_the_conversation_over(engine: Engine, waiting: Conversation) -> None:
    desk = AgentDesk(engine, open_gate(), lambda: 2.0)
    message = desk.send(waiting.id, draft())
    assert (message.author, message.seq, message.status, message.text) == ("agent:ines", 2, "queued", "Guten Tag")
    assert Record(engine, MarketLanguage()).conversation(waiting.id).owner == "agent:ines"
    assert desk.send(waiting.id, draft("Noch etwas")).seq == 3
    with pytest.raises(NotYours, match="belongs to agent:ines"):
        desk.send(waiting.id, draft(who="agent:max"))


def test_nobody_speaks_over_the_bot(engine: Engine) -> None:
    conversation = Record(engine, MarketLanguage()).receive(inbound()).conversation
    with pytest.raises(NotYours, match="belongs to bot"):
        AgentDesk(engine, open_gate()).send(conversation.id, draft())


def test_a_closed_conversation_takes_no_reply(engine: Engine, waiting: Conversation) -> None:
    ownership.act(engine, waiting.id, Action(Event.CLOSE, "agent:ines"), 2.0)
    with pytest.raises(Closed, match="next message opens a new one"):
        AgentDesk(engine, open_gate()).send(waiting.id, draft())


def test_the_customer_goes_on_waiting_for_what_the_agent_has_not_read(engine: Engine, waiting: Conversation) -> None:
    desk, record = AgentDesk(engine, open_gate(), lambda: 3.0), Record(engine, MarketLanguage(), lambda: 2.0)
    desk.send(waiting.id, draft(), seen=1)
    assert ownership.list_handoffs(engine)[0].waiting_since is None
    record.receive(inbound("and this?", "m2"))
    desk.send(waiting.id, draft("written before"), seen=1)
    (handoff,) = ownership.list_handoffs(engine)
    assert (handoff.waiting_since, handoff.promised_at) == (2.0, 2.0 + 24 * 3600)
    desk.send(waiting.id, draft("and that"), seen=3)
    assert ownership.list_handoffs(engine)[0].waiting_since is None


def test_a_forbidden_word_is_not_sent_without_a_reason(engine: Engine, waiting: Conversation) -> None:
    record, desk = Record(engine, MarketLanguage()), AgentDesk(engine, open_gate(de=[NATEL]))
    with pytest.raises(Blocked):
        desk.send(waiting.id, draft("Ihr Natel"))
    assert [row.direction for row in record.history(waiting.id)] == ["in"]
    assert record.conversation(waiting.id).owner == "queue"
    message = desk.send(waiting.id, draft("Ihr Natel", override="a quotation"))
    assert message.gate is not None
    assert message.gate["override"]["reason"] == "a quotation"
