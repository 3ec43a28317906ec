"""Hand-offs as rows: a conversation that a person has, has exactly one open hand-off, with the customer's clock."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from conversations import promise_rows
from conversations.hand_back import Settled
from conversations.model import HandoffRequest
from conversations.promise_model import SOLUTION, Asked, Promise, Promised, plain
from core.database import reading
from core.errors import NotFound
from core.schema import conversations, handoffs


@dataclass(frozen=True)
class Handoff:
    """A conversation passed to a person; `resolved_at` is None while it is open."""

    id: str
    conversation_id: str
    channel: str
    market: str
    language: str
    owner: str  # queue or agent:<name>; of a resolved one: whoever has the conversation now
    reason: str
    tier: str
    packet: dict[str, Any]
    created_at: float
    promised_at: float
    waiting_since: float | None  # since when the customer waits for a person; None: answered
    escalated: bool
    resolved_at: float | None
    resolution: str | None  # handed_back, closed
    resolved_by: str | None
    settled: dict[str, Any] | None


_OF_CONVERSATION = ("channel", "market", "language", "owner")
_COLUMNS = [(conversations if name in _OF_CONVERSATION else handoffs).c[name] for name in Handoff.__dataclass_fields__]
_SELECT = sa.select(*_COLUMNS).join(conversations, conversations.c.id == handoffs.c.conversation_id)
_IS_OPEN = handoffs.c.resolved_at.is_(None)


def list_handoffs(engine: Engine, include_resolved: bool = False, limit: int = 200) -> Sequence[Handoff]:
    """Hand-offs, those who wait first and among them the nearest promise first; empty when nobody has any."""
    statement = _SELECT.order_by(handoffs.c.waiting_since.is_(None), handoffs.c.promised_at).limit(limit)
    if not include_resolved:
        statement = statement.where(_IS_OPEN)
    with reading(engine) as connection:
        return [Handoff(**row._mapping) for row in connection.execute(statement)]


def find_handoff(engine: Engine, handoff_id: str) -> Handoff:
    """The hand-off. Raises NotFound."""
    with reading(engine) as connection:
        return handoff(connection, handoff_id)


def handoff(connection: Connection, handoff_id: str) -> Handoff:
    """The hand-off. Raises NotFound."""
    row = connection.execute(_SELECT.where(handoffs.c.id == handoff_id)).one_or_none()
    if row is None:
        raise NotFound(f"there is no hand-off {handoff_id}; `aftersail handoffs` lists them")
    return Handoff(**row._mapping)


def open_handoff(connection: Connection, handoff_id: str) -> Handoff:
    """The hand-off, which is open. Raises NotFound when it does not exist or is resolved."""
    found = handoff(connection, handoff_id)
    if found.resolved_at is not None:
        raise NotFound(f"hand-off {handoff_id} is resolved already ({found.resolution} by {found.resolved_by})")
    return found


def of_conversation(connection: Connection, conversation_id: str) -> Handoff | None:
    """The conversation's open hand-off, or None."""
    row = connection.execute(_SELECT.where(handoffs.c.conversation_id == conversation_id, _IS_OPEN)).one_or_none()
    return Handoff(**row._mapping) if row else None


def last_of_conversation(connection: Connection, conversation_id: str) -> Handoff | None:
    """The conversation's newest hand-off, open or resolved; None when no person ever had it."""
    newest = _SELECT.where(handoffs.c.conversation_id == conversation_id).order_by(handoffs.c.created_at.desc())
    row = connection.execute(newest.limit(1)).one_or_none()
    return Handoff(**row._mapping) if row else None


def insert(
    connection: Connection, conversation_id: str, request: HandoffRequest, waiting_since: float | None, now: float
) -> None:
    """A new open hand-off with its promises; nobody is promised an answer who does not wait for one."""
    handoff_id = uuid4().hex[:12]
    connection.execute(
        sa.insert(handoffs).values(
            id=handoff_id,
            conversation_id=conversation_id,
            reason=request.reason,
            tier=request.tier,
            packet=dict(request.packet),
            created_at=now,
            promised_at=request.promised_at,
            waiting_since=waiting_since,
        )
    )
    promised = request.promised or plain(request.tier, now, request.promised_at)
    if waiting_since is None:
        promised = _only(promised, is_solution=True)
    promise_rows.start(connection, handoff_id, conversation_id, promised, now, told=request.told)


def wait(connection: Connection, conversation_id: str, now: float, promise: Promise) -> None:
    """Start the open hand-off's clock with a new promise, unless it runs."""
    found = of_conversation(connection, conversation_id)
    if found and found.waiting_since is None:
        promised = promise(connection, Asked(conversation_id, found.market, found.tier, now))
        _change(connection, conversation_id, waiting_since=now, promised_at=promised.told.due_at)
        answer = _only(promised, is_solution=False)
        promise_rows.start(connection, found.id, conversation_id, answer, now, told=False)


def promise_anew(connection: Connection, found: Handoff, promised: Promised, now: float) -> None:
    """A new promise of an answer, which the customer hears of, in place of a broken one."""
    _change(connection, found.conversation_id, promised_at=promised.told.due_at)
    answer = _only(promised, is_solution=False)
    promise_rows.start(connection, found.id, found.conversation_id, answer, now, told=True)


def answered(connection: Connection, conversation_id: str, now: float) -> None:
    """Stop the open hand-off's clock: what was promised by then is kept, or late."""
    _change(connection, conversation_id, waiting_since=None)
    promise_rows.answered(connection, conversation_id, now)


def escalate(connection: Connection, conversation_id: str) -> None:
    """Ask for a lead."""
    _change(connection, conversation_id, escalated=True)


def resolve(
    connection: Connection,
    conversation_id: str,
    resolution: str,
    who: str,
    settled: Settled | None,
    now: float,
    *,
    by_person: bool = True,
) -> None:
    """End the open hand-off and its promises; `by_person`: somebody says that the matter is settled."""
    ended = {"resolved_at": now, "resolution": resolution, "resolved_by": who, "waiting_since": None}
    _change(connection, conversation_id, settled=settled.to_json() if settled else None, **ended)
    promise_rows.settled(connection, conversation_id, now, by_person=by_person)


def _only(promised: Promised, *, is_solution: bool) -> Promised:
    return replace(
        promised, clocks=tuple(clock for clock in promised.clocks if (clock.name == SOLUTION) is is_solution)
    )


def _change(connection: Connection, conversation_id: str, **values: Any) -> None:
    mine = sa.and_(handoffs.c.conversation_id == conversation_id, _IS_OPEN)
    connection.execute(sa.update(handoffs).where(mine).values(**values))
