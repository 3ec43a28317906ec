"""Who speaks with the customer: bot, queue or an agent. Every change is an event with who, why and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from conversations import rows
from conversations.model import HandoffRequest
from core.database import reading
from core.errors import NotFound
from core.schema import conversations, handoffs, ownership_events

BOT = "bot"
QUEUE = "queue"


@dataclass(frozen=True)
class Handoff:
    """A conversation passed to a person; `resolved_at` is None while it is open."""

    id: str
    conversation_id: str
    channel: str
    market: str
    language: str
    reason: str
    tier: str
    packet: dict[str, Any]
    created_at: float
    promised_at: float
    resolved_at: float | None


def queue(connection: Connection, conversation_id: str, request: HandoffRequest, now: float) -> None:
    """Pass the conversation to a person, in the transaction that tells the customer so."""
    _move(connection, conversation_id, QUEUE, BOT, request.reason, now)
    connection.execute(
        sa.insert(handoffs).values(
            id=uuid4().hex[:12],
            conversation_id=conversation_id,
            reason=request.reason,
            tier=request.tier,
            packet=dict(request.packet),
            created_at=now,
            promised_at=request.promised_at,
        )
    )


def hand_over(engine: Engine, conversation_id: str, request: HandoffRequest, now: float) -> bool:
    """Whether the conversation went from the bot to the queue; False: a person has it already."""
    with engine.begin() as connection:
        if rows.conversation(connection, conversation_id).owner != BOT:
            return False
        queue(connection, conversation_id, request, now)
        return True


def take(connection: Connection, conversation_id: str, agent: str, now: float) -> None:
    """Give a waiting conversation to `agent`, in the transaction that sends the agent's first words."""
    _move(connection, conversation_id, agent, agent, "answered", now)


def hand_back(engine: Engine, handoff_id: str, who: str, now: float) -> Handoff:
    """Give the conversation back to the bot. Raises NotFound when there is no such open hand-off."""
    with engine.begin() as connection:
        found = _find(connection, handoff_id)
        if found.resolved_at is not None:
            raise NotFound(f"hand-off {handoff_id} is resolved already")
        connection.execute(sa.update(handoffs).where(handoffs.c.id == found.id).values(resolved_at=now))
        _move(connection, found.conversation_id, BOT, who, "handed_back", now)
        return found


def list_handoffs(engine: Engine, include_resolved: bool = False, limit: int = 200) -> Sequence[Handoff]:
    """Hand-offs, the nearest promise first; empty when nobody waits."""
    statement = _select().order_by(handoffs.c.promised_at).limit(limit)
    if not include_resolved:
        statement = statement.where(handoffs.c.resolved_at.is_(None))
    with reading(engine) as connection:
        return [_to_handoff(row) for row in connection.execute(statement)]


def find_handoff(engine: Engine, handoff_id: str) -> Handoff:
    """The hand-off. Raises NotFound."""
    with reading(engine) as connection:
        return _find(connection, handoff_id)


def _move(connection: Connection, conversation_id: str, to: str, who: str, why: str, now: float) -> None:
    current = rows.conversation(connection, conversation_id)
    rows.update(connection, conversation_id, owner=to, updated_at=now)
    connection.execute(
        sa.insert(ownership_events).values(
            conversation_id=conversation_id, from_owner=current.owner, to_owner=to, who=who, why=why, at=now
        )
    )


def _select() -> sa.Select[Any]:
    return sa.select(handoffs, conversations.c.channel, conversations.c.market, conversations.c.language).join(
        conversations, conversations.c.id == handoffs.c.conversation_id
    )


def _find(connection: Connection, handoff_id: str) -> Handoff:
    row = connection.execute(_select().where(handoffs.c.id == handoff_id)).one_or_none()
    if row is None:
        raise NotFound(f"there is no hand-off {handoff_id}; `aftersail handoffs` lists them")
    return _to_handoff(row)


def _to_handoff(row: sa.Row[Any]) -> Handoff:
    return Handoff(
        id=row.id,
        conversation_id=row.conversation_id,
        channel=row.channel,
        market=row.market,
        language=row.language,
        reason=row.reason,
        tier=row.tier,
        packet=row.packet,
        created_at=row.created_at,
        promised_at=row.promised_at,
        resolved_at=row.resolved_at,
    )
