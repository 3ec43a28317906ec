"""Hand-offs that another company's helpdesk works on, as rows. docs/helpdesks.md tells their life."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from conversations import ownership
from conversations.ownership import AGENT, QUEUE, Action, Event
from conversations.ownership_errors import OwnershipError
from conversations.ownership_model import State
from conversations.promise_model import Promise, in_hours
from core.database import reading
from core.errors import LostLease
from core.schema import conversations, handoffs
from core.schema_desk import helpdesk_cases, helpdesk_messages

WAITING, OPEN, CLOSED, FAILED = "waiting", "open", "closed", "failed"
HOLD_S = 90.0  # longer than one case takes; a dead process's cases are free again then
MOST = 20  # cases taken at a time
MAX_ERROR = 500
_NOTE = "waiting"  # state of a note that the vendor has not got


@dataclass(frozen=True)
class HelpdeskCase:
    """A case with what decides on its next step."""

    handoff_id: str
    desk: str
    conversation_id: str
    key: str
    case_id: str | None  # the vendor's; None: not opened yet
    details: Mapping[str, Any]
    state: str  # waiting, open, closed, failed
    relayed_seq: int  # the vendor has all up to this message
    attempts: int  # tries since the last that ended well, with this one
    error: str
    created_at: float
    owner: str  # of the conversation
    ended: bool  # the hand-off is resolved
    resolved_by: str

    @property
    def desk_owner(self) -> str:
        """As the owner of a conversation, this helpdesk's whole staff is one agent."""
        return f"{AGENT}{self.desk}"

    @property
    def taken(self) -> bool:
        """Whether somebody of our own desk has the conversation."""
        return self.owner.startswith(AGENT) and self.owner != self.desk_owner


_OF_CASE = [
    helpdesk_cases.c[name]
    for name in HelpdeskCase.__dataclass_fields__
    if name not in ("owner", "ended", "resolved_by")
]
_SELECT = (
    sa.select(
        *_OF_CASE,
        conversations.c.owner,
        handoffs.c.resolved_at.is_not(None).label("ended"),
        sa.func.coalesce(handoffs.c.resolved_by, "").label("resolved_by"),
    )
    .join(conversations, conversations.c.id == helpdesk_cases.c.conversation_id)
    .join(handoffs, handoffs.c.id == helpdesk_cases.c.handoff_id)
)
_NOTES = (
    sa.exists()
    .where(helpdesk_messages.c.handoff_id == helpdesk_cases.c.handoff_id, helpdesk_messages.c.state == _NOTE)
    .correlate(helpdesk_cases)
)
_DUE = sa.or_(
    helpdesk_cases.c.state == WAITING,
    sa.and_(
        helpdesk_cases.c.state == OPEN,
        sa.or_(
            handoffs.c.resolved_at.is_not(None),
            conversations.c.last_seq > helpdesk_cases.c.relayed_seq,
            sa.and_(
                conversations.c.owner.like(f"{AGENT}%"),
                conversations.c.owner != sa.literal(AGENT).concat(helpdesk_cases.c.desk),
            ),
            _NOTES,
        ),
    ),
)


class HelpdeskCases:
    """Cases of all helpdesks, for one process."""

    def __init__(
        self,
        engine: Engine,
        holder: str,
        clock: Callable[[], float] = time.time,
        promise: Promise = in_hours,
    ) -> None:
        self._engine = engine
        self._holder = holder
        self._clock = clock
        self._promise = promise  # by when a person answers of a case that comes back to our own desk

    def add(self, desks: Mapping[str, str]) -> int:
        """Number of new cases: queued hand-offs of the markets (code to desk) that nobody has looked at yet."""
        known = sa.exists().where(helpdesk_cases.c.handoff_id == handoffs.c.id)
        new = (
            sa.select(handoffs.c.id, handoffs.c.conversation_id, conversations.c.market)
            .join(conversations, conversations.c.id == handoffs.c.conversation_id)
            .where(handoffs.c.resolved_at.is_(None), conversations.c.owner == QUEUE, ~known)
            .where(conversations.c.market.in_(list(desks)))
            .order_by(handoffs.c.created_at)
            .limit(MOST)
        )
        with reading(self._engine) as connection:
            if connection.execute(new.limit(1)).first() is None:
                return 0
        with self._engine.begin() as connection:
            found = connection.execute(new).all()
            for row in found:
                insert_case(connection, row.id, row.conversation_id, desks[row.market], self._clock(), state=WAITING)
        return len(found)

    def claim(self, desks: Collection[str]) -> Sequence[HelpdeskCase]:
        """Cases of these desks with something to do, held by this process; empty when there is nothing."""
        now = self._clock()
        due = sa.and_(
            _DUE, helpdesk_cases.c.desk.in_(list(desks)), helpdesk_cases.c.next_at <= now, helpdesk_cases.c.until <= now
        )
        wanted = _SELECT.where(due).order_by(helpdesk_cases.c.next_at, helpdesk_cases.c.created_at).limit(MOST)
        with reading(self._engine) as connection:
            if connection.execute(wanted.limit(1)).first() is None:
                return []
        with self._engine.begin() as connection:
            ids = [row.handoff_id for row in connection.execute(wanted)]
            mine = helpdesk_cases.c.handoff_id.in_(ids)
            held = {"holder": self._holder, "until": now + HOLD_S, "attempts": helpdesk_cases.c.attempts + 1}
            connection.execute(sa.update(helpdesk_cases).where(mine).values(**held))
            _fix_end(connection, mine)
            return [HelpdeskCase(**row._mapping) for row in connection.execute(_SELECT.where(mine))]

    def opened(self, case: HelpdeskCase, case_id: str, details: Mapping[str, Any], next_at: float) -> None:
        """The vendor has the case; its desk owns the conversation, unless somebody took it meanwhile."""
        with self._engine.begin() as connection:
            self._settle(connection, case, state=OPEN, case_id=case_id, details=dict(details), next_at=next_at)
            if ownership.standing(connection, case.conversation_id).state is State.QUEUED:
                action = Action(Event.ASSIGN, ownership.SYSTEM, f"case {case_id}"[:100], to=case.desk_owner)
                ownership.move(connection, case.conversation_id, action, self._clock())

    def relayed(self, case: HelpdeskCase, seq: int, next_at: float) -> None:
        """The vendor has all messages up to `seq`."""
        with self._engine.begin() as connection:
            values = {"relayed_seq": seq, "next_at": next_at, "attempts": 1, "error": "", "until": self._hold()}
            self._update(connection, case, values)

    def notes(self, case: HelpdeskCase) -> Sequence[tuple[str, str]]:
        """(id, text) of notes that the vendor's agents shall read, the oldest first."""
        waiting = sa.and_(helpdesk_messages.c.handoff_id == case.handoff_id, helpdesk_messages.c.state == _NOTE)
        wanted = sa.select(helpdesk_messages.c.id, helpdesk_messages.c.text).where(waiting)
        with reading(self._engine) as connection:
            found = connection.execute(wanted.order_by(helpdesk_messages.c.created_at, helpdesk_messages.c.id))
            return [(row.id, row.text) for row in found]

    def noted(self, case: HelpdeskCase, note_id: str, next_at: float) -> None:
        """The vendor has the note."""
        mine = sa.and_(helpdesk_messages.c.desk == case.desk, helpdesk_messages.c.id == note_id)
        with self._engine.begin() as connection:
            connection.execute(sa.update(helpdesk_messages).where(mine).values(state="done", text=""))
            self._update(connection, case, {"next_at": next_at, "attempts": 1, "error": "", "until": self._hold()})

    def done(self, case: HelpdeskCase) -> None:
        """Everything that is due is told; what comes next is seen when it comes."""
        with self._engine.begin() as connection:
            self._settle(connection, case)

    def close(self, case: HelpdeskCase) -> None:
        """The case is over on both sides."""
        with self._engine.begin() as connection:
            self._settle(connection, case, state=CLOSED)

    def later(self, case: HelpdeskCase, at: float, error: str) -> None:
        """It is tried again at `at`."""
        with self._engine.begin() as connection:
            self._update(connection, case, {"next_at": at, "until": 0, "error": error[:MAX_ERROR]})

    def fail(self, case: HelpdeskCase, error: str) -> None:
        """The vendor will never take it: our own desk's queue has the conversation again."""
        with self._engine.begin() as connection:
            self._settle(connection, case, state=FAILED, error=error[:MAX_ERROR])
            if case.owner == case.desk_owner:
                action = Action(Event.RELEASE, case.desk_owner, "the helpdesk refuses the case")
                try:
                    ownership.move(connection, case.conversation_id, action, self._clock(), promise=self._promise)
                except OwnershipError:  # it went elsewhere meanwhile
                    return

    def _hold(self) -> float:
        return self._clock() + HOLD_S

    def _settle(self, connection: Connection, case: HelpdeskCase, **values: Any) -> None:
        self._update(connection, case, {"attempts": 0, "until": 0, "holder": None, "error": "", **values})

    def _update(self, connection: Connection, case: HelpdeskCase, values: Mapping[str, Any]) -> None:
        mine = sa.and_(helpdesk_cases.c.handoff_id == case.handoff_id, helpdesk_cases.c.holder == self._holder)
        if connection.execute(sa.update(helpdesk_cases).where(mine).values(**values)).rowcount != 1:
            raise LostLease(f"another process holds case {case.key}")


def insert_case(
    connection: Connection, handoff_id: str, conversation_id: str, desk: str, now: float, **values: Any
) -> None:
    """A new case of the hand-off, with a key of its own; nothing when it has one."""
    mine = helpdesk_cases.c.conversation_id == conversation_id
    number = connection.execute(sa.select(sa.func.count()).select_from(helpdesk_cases).where(mine)).scalar_one() + 1
    known = sa.select(helpdesk_cases.c.desk).where(helpdesk_cases.c.handoff_id == handoff_id)
    if connection.execute(known).first() is None:
        key = f"conv-{conversation_id}:handover-{number}"
        row = {"handoff_id": handoff_id, "conversation_id": conversation_id, "desk": desk, "key": key, "details": {}}
        connection.execute(sa.insert(helpdesk_cases).values({**row, "created_at": now, **values}))


def find_cases(connection: Connection, *where: sa.ColumnElement[bool]) -> Sequence[HelpdeskCase]:
    """Cases, the newest first."""
    found = _SELECT.where(*where).order_by(helpdesk_cases.c.created_at.desc(), helpdesk_cases.c.key.desc())
    return [HelpdeskCase(**row._mapping) for row in connection.execute(found.limit(500))]


def _fix_end(connection: Connection, mine: sa.ColumnElement[bool]) -> None:
    """The packet ends with the last message there is at the first try: a later try must not leave out or repeat any."""
    last = sa.select(conversations.c.last_seq).where(conversations.c.id == helpdesk_cases.c.conversation_id)
    first = sa.and_(mine, helpdesk_cases.c.state == WAITING, helpdesk_cases.c.relayed_seq == 0)
    connection.execute(sa.update(helpdesk_cases).where(first).values(relayed_seq=last.scalar_subquery()))
