"""Promises as rows: made in the transaction that starts a clock, ended in the one that answers or settles.

Every change is a conditional UPDATE, and states only move forward; docs/promises.md explains them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.promise_model import (
    ANSWERS,
    FIRST_REPLY,
    PARTS,
    RUNNING,
    SAFETY,
    SOLUTION,
    Promised,
    PromiseState,
    plain,
)
from core.schema import conversations, handoffs
from core.schema_desk import promises

ALL_STATES = tuple(PromiseState)
MOST_REASONS = 20


@dataclass(frozen=True)
class PromiseRow:
    """One promise as it stands."""

    id: str
    conversation_id: str
    handoff_id: str
    clock: str  # first_reply, solution, parts
    tier: str
    told: bool  # the customer was told this moment
    made_at: float
    due_at: float
    at_risk_from: float
    reasons: Sequence[str]
    state: str
    next_at: float | None  # when it must be looked at next
    done_at: float | None
    apologised_at: float | None


_COLUMNS = [promises.c[name] for name in PromiseRow.__dataclass_fields__]
_SELECT = sa.select(*_COLUMNS)


def start(
    connection: Connection, handoff_id: str, conversation_id: str, promised: Promised, now: float, *, told: bool
) -> None:
    """Start the promised clocks of a hand-off. `told`: the customer hears the told moment now."""
    names = [clock.name for clock in promised.clocks]
    heard = PARTS if PARTS in names else FIRST_REPLY
    rows = [
        {
            "id": uuid4().hex[:12],
            "conversation_id": conversation_id,
            "handoff_id": handoff_id,
            "clock": clock.name,
            "tier": promised.tier,
            "told": told and clock.name == heard,
            "made_at": now,
            "due_at": clock.due_at,
            "at_risk_from": clock.at_risk_from,
            "reasons": list(promised.reasons[:MOST_REASONS]),
            "state": PromiseState.OPEN.value,
            # Danger is told to people at once, not when the time runs out.
            "next_at": now if promised.tier == SAFETY and clock.name == heard else clock.at_risk_from,
        }
        for clock in promised.clocks
    ]
    if rows:
        connection.execute(sa.insert(promises), rows)


def answered(connection: Connection, conversation_id: str, now: float) -> None:
    """The customer has an answer: what was promised by then is kept, or late."""
    _end(connection, conversation_id, ANSWERS, now)


def settled(connection: Connection, conversation_id: str, now: float, *, by_person: bool) -> None:
    """The hand-off is over: its solution is kept or late when a person says so; what is left of it is void."""
    if by_person:
        _end(connection, conversation_id, (SOLUTION,), now)
    for_good = sa.case((promises.c.state == PromiseState.BROKEN.value, PromiseState.LATE.value), else_="void")
    _update(connection, _running(conversation_id), state=for_good, done_at=now, next_at=None)


def move(connection: Connection, promise_id: str, before: str, after: PromiseState, next_at: float | None) -> bool:
    """Whether the promise went from `before` to `after`; False: somebody else moved it meanwhile."""
    as_read = sa.and_(promises.c.id == promise_id, promises.c.state == before)
    if ALL_STATES.index(after) < ALL_STATES.index(PromiseState(before)):
        raise ValueError(f"a promise goes from {before} to {after} never")
    return _update(connection, as_read, state=after.value, next_at=next_at) == 1


def look_again(connection: Connection, row: PromiseRow, next_at: float | None) -> bool:
    """Whether the promise will be looked at at `next_at`, unless somebody else looked meanwhile."""
    as_read = sa.and_(
        promises.c.id == row.id, promises.c.state == row.state, promises.c.next_at.is_not_distinct_from(row.next_at)
    )
    return _update(connection, as_read, next_at=next_at) == 1


def apologised(connection: Connection, row: PromiseRow, now: float) -> bool:
    """Whether this transaction is the one that apologises for the broken promise; nobody does a second time."""
    broken = sa.and_(promises.c.state == PromiseState.BROKEN.value, promises.c.apologised_at.is_(None))
    return _update(connection, sa.and_(promises.c.id == row.id, broken), apologised_at=now, next_at=None) == 1


def last_apology(connection: Connection, conversation_id: str) -> float | None:
    """When the customer last heard an apology for a broken promise."""
    newest = sa.select(sa.func.max(promises.c.apologised_at)).where(promises.c.conversation_id == conversation_id)
    found: float | None = connection.execute(newest).scalar_one()
    return found


def of_conversation(connection: Connection, conversation_id: str, limit: int = 50) -> Sequence[PromiseRow]:
    """The conversation's promises, the newest first."""
    mine = _SELECT.where(promises.c.conversation_id == conversation_id)
    found = connection.execute(mine.order_by(promises.c.made_at.desc(), promises.c.due_at).limit(limit))
    return [PromiseRow(**row._mapping) for row in found]


def to_look_at(connection: Connection, now: float, limit: int) -> Sequence[PromiseRow]:
    """Promises whose time has come, the longest overdue first."""
    due = _SELECT.where(promises.c.next_at <= now).order_by(promises.c.next_at).limit(limit)
    return [PromiseRow(**row._mapping) for row in connection.execute(due)]


def list_running(connection: Connection, limit: int = 200) -> Sequence[tuple[PromiseRow, Mapping[str, Any]]]:
    """Promises that are not done, the nearest first, each with its conversation's market, channel and owner."""
    place = [conversations.c[name] for name in ("market", "channel", "owner", "language")]
    joined = sa.select(*_COLUMNS, *place).join(conversations, conversations.c.id == promises.c.conversation_id)
    found = connection.execute(joined.where(_IS_RUNNING).order_by(promises.c.due_at).limit(limit))
    names = PromiseRow.__dataclass_fields__
    rows = [dict(row._mapping) for row in found]
    return [(PromiseRow(**{name: row[name] for name in names}), row) for row in rows]


def counts(connection: Connection) -> Mapping[tuple[str, str], int]:
    """Number of promises by (clock, state)."""
    grouped = sa.select(promises.c.clock, promises.c.state, sa.func.count()).group_by(
        promises.c.clock, promises.c.state
    )
    return {(clock, state): count for clock, state, count in connection.execute(grouped)}


def adopt(connection: Connection, now: float, limit: int = 500) -> int:
    """Number of open hand-offs whose clocks start now: they were made before promises were kept."""
    waiting = [handoffs.c[name] for name in ("id", "conversation_id", "tier", "waiting_since", "promised_at")]
    statement = sa.select(*waiting).where(_WITHOUT).limit(limit).with_for_update(skip_locked=True)
    found = connection.execute(statement).all()
    for row in found:
        promised = plain(row.tier, min(row.waiting_since, row.promised_at), row.promised_at)
        start(connection, row.id, row.conversation_id, promised, now, told=False)
    return len(found)


_IS_RUNNING = promises.c.state.in_([state.value for state in RUNNING])
_WITHOUT = sa.and_(
    handoffs.c.resolved_at.is_(None),
    handoffs.c.waiting_since.is_not(None),
    ~sa.exists().where(promises.c.handoff_id == handoffs.c.id),
)


def _running(conversation_id: str) -> sa.ColumnElement[bool]:
    return sa.and_(promises.c.conversation_id == conversation_id, _IS_RUNNING)


def _end(connection: Connection, conversation_id: str, clocks: Sequence[str], now: float) -> None:
    in_time = sa.case((promises.c.due_at >= now, PromiseState.KEPT.value), else_=PromiseState.LATE.value)
    mine = sa.and_(_running(conversation_id), promises.c.clock.in_(clocks))
    _update(connection, mine, state=in_time, done_at=now, next_at=None)


def _update(connection: Connection, which: sa.ColumnElement[bool], **values: Any) -> int:
    return connection.execute(sa.update(promises).where(which).values(**values)).rowcount
