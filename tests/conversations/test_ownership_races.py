"""Several at once on a real database: exactly one of them wins, and everybody else is told."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from conversations import ownership
from conversations.agent_reply import AgentDesk
from conversations.episodes import close_answered
from conversations.model import HandoffRequest, Reply
from conversations.outgoing import Draft
from conversations.ownership import Action, Event
from conversations.ownership_errors import OwnershipError
from conversations.record import Record
from conversations.work import TurnResult, WorkQueue
from core.database import open_engine, reading
from core.errors import LostLease
from core.schema import conversations, handoffs, messages, ownership_events
from core.settings import Settings
from tests.support.gate import open_gate
from tests.support.records import MarketLanguage, inbound

ROUNDS = 12
WISH = HandoffRequest("complaint", "ordinary", {}, 2_000_000_000.0)


def at_once(*calls: Callable[[], object]) -> list[str]:
    """What each call came to, all begun at the same moment: "" or the name of the error."""
    barrier = threading.Barrier(len(calls))
    found = [""] * len(calls)

    def run(number: int) -> None:
        barrier.wait(10)
        try:
            calls[number]()
        except (OwnershipError, LostLease) as error:
            found[number] = type(error).__name__

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


@pytest.fixture
def engines(engine: Engine, tmp_path: Path) -> Sequence[Engine]:
    """Two more processes' engines on the same file."""
    return [open_engine(Settings(data_dir=tmp_path, _env_file=None)) for _ in range(2)]


def waiting(engine: Engine, number: int) -> str:
    """A conversation in the queue."""
    sender = f"v{number}"
    conversation = Record(engine, MarketLanguage()).receive(inbound("a", f"{sender}-1", sender)).conversation
    assert ownership.hand_over(engine, conversation.id, WISH, 1.0)
    return conversation.id


def test_of_many_agents_one_takes_it(engine: Engine, engines: Sequence[Engine]) -> None:
    for number in range(ROUNDS):
        conversation_id = waiting(engine, number)
        takes = [Action(Event.TAKE, f"agent:{who}") for who in range(4)]
        calls = [partial(ownership.act, engines[who % 2], conversation_id, take, 2.0) for who, take in enumerate(takes)]
        assert Counter(at_once(*calls)) == {"": 1, "AlreadyTaken": 3}
        with reading(engine) as connection:
            mine = ownership_events.c.conversation_id == conversation_id
            events = connection.execute(sa.select(ownership_events.c.event).where(mine)).scalars().all()
        assert events == ["hand_off", "take"]


def test_of_two_answers_one_is_sent(engine: Engine, engines: Sequence[Engine]) -> None:
    for number in range(ROUNDS):
        conversation_id = waiting(engine, number)
        drafts = [Draft(Reply("hi", "de"), f"agent:{who}") for who in range(2)]
        desks = [AgentDesk(engines[who], open_gate()) for who in range(2)]
        calls = [partial(desk.send, conversation_id, draft) for desk, draft in zip(desks, drafts, strict=True)]
        assert sorted(at_once(*calls)) == ["", "NotYours"]
        with reading(engine) as connection:
            owner = connection.execute(
                sa.select(conversations.c.owner).where(conversations.c.id == conversation_id)
            ).scalar_one()
            sent = sa.and_(messages.c.conversation_id == conversation_id, messages.c.direction == "out")
            assert connection.execute(sa.select(messages.c.author).where(sent)).scalars().all() == [owner]


def test_the_bots_turn_and_a_take_over(engine: Engine, engines: Sequence[Engine]) -> None:
    record = Record(engine, MarketLanguage())
    queue = WorkQueue(engines[0], "w", open_gate())
    for number in range(ROUNDS):
        conversation = record.receive(inbound("a", f"m{number}", f"v{number}")).conversation
        assert queue.claim() == conversation.id
        turn = queue.next_message(conversation.id)
        assert turn
        result = TurnResult([Reply("bot", "de")], {"task": "t"})
        take = Action(Event.TAKE, "agent:a")
        at_once(
            partial(queue.commit, turn[0], turn[1], result),
            partial(ownership.act, engines[1], conversation.id, take, 2.0),
        )
        with reading(engine) as connection:
            mine = ownership_events.c.conversation_id == conversation.id
            taken_at = connection.execute(sa.select(ownership_events.c.last_seq).where(mine)).scalar_one()
        spoken = [row.seq for row in record.history(conversation.id) if row.author == "bot"]
        assert all(seq <= taken_at for seq in spoken)
        (handoff,) = [one for one in ownership.list_handoffs(engine) if one.conversation_id == conversation.id]
        assert (handoff.waiting_since is None) == bool(spoken)  # not answered: the person's clock runs
        assert record.conversation(conversation.id).pending == 0


@pytest.mark.parametrize("closes", ["agent", "time"])
def test_a_message_and_the_closing(engine: Engine, engines: Sequence[Engine], closes: str) -> None:
    for number in range(ROUNDS):
        sender, conversation_id = f"v{number}", waiting(engine, number)
        AgentDesk(engine, open_gate(), lambda: 2.0).send(conversation_id, Draft(Reply("hi", "de"), "agent:a"))
        with engine.begin() as connection:
            connection.execute(sa.update(messages).where(messages.c.status == "queued").values(status="sent"))
        record = Record(engines[1], MarketLanguage(), lambda: 500_000.0)
        close: Callable[[], object] = partial(close_answered, engines[0], lambda _: 72.0, 500_000.0)
        if closes == "agent":
            action = Action(Event.CLOSE, "agent:a", seen=2)
            close = partial(ownership.act, engines[0], conversation_id, action, 500_000.0)
        at_once(close, partial(record.receive, inbound("b", f"{sender}-2", sender)))
        (now,) = {row.conversation_id for row in _rows(engine, f"{sender}-2")}
        old, new = record.conversation(conversation_id), record.conversation(now)
        assert new.state == "open"
        if now == conversation_id:  # the message was first: whoever had it must answer, the clock runs
            assert (old.owner, _waits(engine, now)) == ("agent:a", True)
        else:
            assert (old.state, new.owner, new.pending) == ("closed", "bot", 1)


def test_of_two_hand_backs_one_is_made(engine: Engine, engines: Sequence[Engine]) -> None:
    for number in range(ROUNDS):
        conversation_id = waiting(engine, number)
        hand_back, close = Action(Event.HAND_BACK, "agent:a"), Action(Event.CLOSE, "agent:b")
        at_once(
            partial(ownership.act, engines[0], conversation_id, hand_back, 2.0),
            partial(ownership.act, engines[1], conversation_id, close, 2.0),
        )
        with reading(engine) as connection:
            mine = handoffs.c.conversation_id == conversation_id
            (row,) = connection.execute(sa.select(handoffs).where(mine)).all()
        assert (row.resolution, row.resolved_by) in [("handed_back", "agent:a"), ("closed", "agent:b")]


def _rows(engine: Engine, provider_id: str) -> Sequence[sa.Row[tuple[str]]]:
    with reading(engine) as connection:
        return connection.execute(
            sa.select(messages.c.conversation_id).where(messages.c.provider_id == provider_id)
        ).all()


def _waits(engine: Engine, conversation_id: str) -> bool:
    (handoff,) = [one for one in ownership.list_handoffs(engine) if one.conversation_id == conversation_id]
    return handoff.waiting_since is not None
