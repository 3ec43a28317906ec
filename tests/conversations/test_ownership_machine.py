"""The database does what the table says: hypothesis walks at will, and looks at everything after each step."""

import shutil
import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from conversations import ownership
from conversations.agent_reply import AgentDesk
from conversations.episodes import close_answered
from conversations.model import HandoffRequest, Reply
from conversations.outgoing import Draft
from conversations.ownership import Action, Event
from conversations.ownership_errors import OwnershipError
from conversations.ownership_model import Standing, State, step
from conversations.record import Record
from conversations.work import TurnResult, WorkQueue, free_leases
from core.database import reading
from core.errors import LostLease
from core.schema import conversations, handoffs, messages, ownership_events
from tests.support.gate import open_gate
from tests.support.records import MarketLanguage, inbound, new_engine

AGENTS = ("agent:a", "agent:b")
WISH = HandoffRequest("complaint", "ordinary", {"wants": "?"}, 2_000_000.0)
AGENT_EVENTS = (Event.TAKE, Event.ASSIGN, Event.RELEASE, Event.ESCALATE, Event.HAND_BACK, Event.CLOSE)


class Ownership(RuleBasedStateMachine):
    """One customer, two agents, a worker, and time."""

    id: str = ""  # of the conversation that all is about

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.engine = new_engine(self.folder)
        self.now = 1_000_000.0
        self.record = Record(self.engine, MarketLanguage(), lambda: self.now)
        self.queue = WorkQueue(self.engine, "w", open_gate(), lambda: self.now)
        self.desk = AgentDesk(self.engine, open_gate(), lambda: self.now)
        self.written: list[str] = []
        self.thinking: tuple[Any, ...] | None = None
        self.read = dict.fromkeys(AGENTS, 0)
        self.write()

    def teardown(self) -> None:
        if hasattr(self, "engine"):
            self.engine.dispose()
            shutil.rmtree(self.folder)

    def stands(self) -> Standing:
        with reading(self.engine) as connection:
            return ownership.standing(connection, self.id)

    def does(self, action: Action, act: Callable[[], object]) -> None:
        """`act` changes what the table says, or is refused as the table says."""
        before = self.stands()
        try:
            wanted = step(before, action, self.now)
        except OwnershipError as error:
            with pytest.raises(type(error)):
                act()
            wanted = before
        else:
            act()
        after = self.stands()
        assert (after.state, after.agent, after.escalated) == (wanted.state, wanted.agent, wanted.escalated)
        assert (after.waiting_since is None) == (wanted.waiting_since is None)

    @rule()
    def write(self) -> None:
        self.now += 1
        name = f"m{len(self.written)}"
        before = self.stands() if self.written else None
        receipt = self.record.receive(inbound(name, name))
        self.written.append(name)
        if before and before.state is not State.CLOSED:
            assert receipt.conversation.id == self.id
            wanted = step(before, Action(Event.MESSAGE, "customer"), self.now)
            assert self.stands().waiting_since == wanted.waiting_since
            assert receipt.message.status == ("received" if before.state is State.BOT else "handled")
            return
        assert (receipt.conversation.owner, receipt.message.status) == ("bot", "received")
        self.id = receipt.conversation.id
        self.read = dict.fromkeys(AGENTS, 0)

    @precondition(lambda self: self.thinking is None)
    @rule()
    def bot_begins(self) -> None:
        claimed = self.queue.claim()
        self.thinking = self.queue.next_message(claimed) if claimed else None

    @precondition(lambda self: self.thinking is not None)
    @rule(hands_off=st.booleans())
    def bot_ends(self, hands_off: bool) -> None:
        assert self.thinking
        conversation, message, slots = self.thinking
        self.thinking = None
        self.now += 1
        result = TurnResult([Reply("b1", "de"), Reply("b2", "de")], {**slots, "task": "t"}, WISH if hands_off else None)
        try:
            left = self.queue.commit(conversation, message, result)
        except LostLease:
            left = 1
        if left:
            self.queue.release(conversation.id)

    @precondition(lambda self: self.thinking is not None)
    @rule()
    def worker_dies(self) -> None:
        self.thinking = None
        free_leases(self.engine, "w")

    @rule(who=st.sampled_from(AGENTS))
    def agent_reads(self, who: str) -> None:
        self.read[who] = self.stands().last_seq

    @rule(who=st.sampled_from(AGENTS), event=st.sampled_from(AGENT_EVENTS), to=st.sampled_from(AGENTS))
    def agent_acts(self, who: str, event: Event, to: str) -> None:
        self.now += 1
        action = Action(event, who, to=to if event is Event.ASSIGN else "", seen=self.read[who])
        self.does(action, lambda: ownership.act(self.engine, self.id, action, self.now))

    @rule(who=st.sampled_from(AGENTS))
    def agent_answers(self, who: str) -> None:
        self.now += 1
        seen = self.read[who]
        if self.stands().state is State.QUEUED:
            self.desk.send(self.id, Draft(Reply("a", "de"), who), seen)
            assert self.stands().agent == who
            return
        action = Action(Event.ANSWER, who, seen=seen)
        self.does(action, lambda: self.desk.send(self.id, Draft(Reply("a", "de"), who), seen))

    @rule(who=st.sampled_from(AGENTS))
    def agent_reads_and_answers(self, who: str) -> None:
        self.agent_reads(who)
        self.agent_answers(who)

    @rule()
    def hands_over(self) -> None:
        self.now += 1
        before = self.stands().state
        assert ownership.hand_over(self.engine, self.id, WISH, self.now) == (before in (State.BOT, State.CLOSED))
        if before is State.CLOSED:
            self.id = self.record.open_conversation("webchat", "visitor-1", "DE").id
            self.read = dict.fromkeys(AGENTS, 0)

    @rule()
    def starts_over(self) -> None:
        self.now += 1
        before = self.stands().state
        assert self.record.close(self.id) == (before is State.BOT)

    @rule()
    def time_passes(self) -> None:
        self.now += 80 * 3600
        with self.engine.begin() as connection:
            connection.execute(sa.update(messages).where(messages.c.status == "queued").values(status="sent"))
        before = self.stands()
        closed = close_answered(self.engine, lambda _: 72, self.now)
        is_idle = before.state in (State.BOT, State.ASSIGNED) and before.waiting_since is None and before.last_seq > 0
        assert closed == ([self.id] if is_idle else [])

    @invariant()
    def one_open_hand_off_while_a_person_has_it(self) -> None:
        with reading(self.engine) as connection:
            for row in connection.execute(sa.select(conversations)):
                mine = handoffs.c.conversation_id == row.id
                all_of_it = connection.execute(sa.select(handoffs).where(mine)).all()
                is_open = [one for one in all_of_it if one.resolved_at is None]
                assert len(is_open) == int(row.state == "open" and row.owner != "bot")
                assert all(one.resolution and one.resolved_by for one in all_of_it if one.resolved_at is not None)
                if row.state == "closed":
                    assert (row.pending, row.pending_since) == (0, None)
                if row.state == "open" and row.owner == "queue":
                    assert is_open[0].waiting_since is not None

    @invariant()
    def no_message_is_lost_or_waits_unseen(self) -> None:
        with reading(self.engine) as connection:
            came = connection.execute(
                sa.select(messages.c.text).where(messages.c.author == "customer").order_by(messages.c.created_at)
            )
            assert list(came.scalars()) == self.written
            received = sa.select(sa.func.count()).where(messages.c.status == "received")
            pending = sa.select(sa.func.coalesce(sa.func.sum(conversations.c.pending), 0))
            assert connection.execute(received).scalar_one() == connection.execute(pending).scalar_one()

    @invariant()
    def everybody_spoke_in_their_own_time(self) -> None:
        with reading(self.engine) as connection:
            for conversation_id in connection.execute(sa.select(conversations.c.id)).scalars().all():
                own = ownership_events.c.conversation_id == conversation_id
                events = connection.execute(
                    sa.select(ownership_events).where(own).order_by(ownership_events.c.id)
                ).all()
                changes = [event for event in events if event.event != Event.REOPEN]
                assert all(one.to_owner == two.from_owner for one, two in pairwise(changes))
                said = sa.select(messages.c.seq, messages.c.author)
                mine = sa.and_(messages.c.conversation_id == conversation_id, messages.c.direction == "out")
                for seq, author in connection.execute(said.where(mine)).all():
                    before = [event.to_owner for event in changes if event.last_seq < seq]
                    assert (before[-1] if before else "bot") == author


Ownership.TestCase.settings = settings(
    max_examples=20,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=[Phase.generate],  # a failure is shown at once: looking for a shorter way to it takes minutes
)
TestOwnership = Ownership.TestCase
