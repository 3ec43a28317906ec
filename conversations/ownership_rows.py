"""How a conversation stands, as rows; every function takes the connection of its caller's transaction."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.model import Status
from conversations.ownership_model import BOT, QUEUE, Action, Event, Standing, State
from core.errors import NotFound
from core.schema import conversations, handoffs, messages, ownership_events

CLOSED = "closed"
MAX_WHY = 200
_OF_PERSON = sa.and_(handoffs.c.conversation_id == conversations.c.id, handoffs.c.resolved_at.is_(None))
_CUSTOMER_SEQ = (
    sa.select(sa.func.coalesce(sa.func.max(messages.c.seq), 0))
    .where(messages.c.conversation_id == conversations.c.id, messages.c.author == "customer")
    .correlate(conversations)
    .scalar_subquery()
)
_STANDING = (
    sa.select(
        *(conversations.c[name] for name in ("owner", "state", "last_seq", "pending_since")),
        handoffs.c.waiting_since,
        sa.func.coalesce(handoffs.c.escalated, sa.false()).label("escalated"),
        _CUSTOMER_SEQ.label("customer_seq"),
    )
    .select_from(conversations.outerjoin(handoffs, _OF_PERSON))
    .where(conversations.c.id == sa.bindparam("id"))
)


def standing(connection: Connection, conversation_id: str) -> Standing:
    """How the conversation stands. Raises NotFound."""
    row = connection.execute(_STANDING, {"id": conversation_id}).one_or_none()
    if row is None:
        raise NotFound(f"there is no conversation {conversation_id}")
    state = _state(row)
    return Standing(
        state=state,
        agent=row.owner if state is State.ASSIGNED else "",
        waiting_since=row.pending_since if state is State.BOT else row.waiting_since,
        escalated=bool(row.escalated),
        last_seq=row.last_seq,
        customer_seq=row.customer_seq,
        conversation_id=conversation_id,
    )


def change_owner(connection: Connection, before: Standing, after: Standing, now: float) -> bool:
    """Whether it stands as `after` says now; False: it did not stand as `before` says, and nothing has changed."""
    values: dict[str, Any] = {"updated_at": now}
    values |= {"state": CLOSED} if after.state is State.CLOSED else {"owner": after.owner}
    comes_back = before.state is not State.BOT and after.state is State.BOT
    if comes_back or after.state is State.CLOSED:
        # Nothing that came before is answered anew, nor by a turn that is going on.
        values |= {"pending": 0, "pending_since": None, "lease_holder": None, "lease_until": 0}
    as_read = sa.and_(
        conversations.c.id == before.conversation_id,
        conversations.c.owner == before.owner,
        conversations.c.state == "open",
        conversations.c.last_seq == before.last_seq,
    )
    if connection.execute(sa.update(conversations).where(as_read).values(**values)).rowcount != 1:
        return False
    if "pending" in values:
        left = sa.and_(messages.c.conversation_id == before.conversation_id, messages.c.status == Status.RECEIVED.value)
        connection.execute(sa.update(messages).where(left).values(status=Status.HANDLED.value, handled_at=now))
    return True


def write_event(connection: Connection, before: Standing, after: Standing, action: Action, now: float) -> None:
    """Who changed what, why and when."""
    values = {"from_owner": before.owner or CLOSED, "to_owner": after.owner or CLOSED, "event": action.event.value}
    values |= {"who": action.who, "why": (action.why or action.event.value)[:MAX_WHY]}
    connection.execute(
        sa.insert(ownership_events).values(
            conversation_id=after.conversation_id, last_seq=after.last_seq, at=now, **values
        )
    )


def write_reopened(connection: Connection, closed_id: str, new_id: str, who: str, now: float) -> None:
    """A new conversation follows a closed one."""
    action = Action(Event.REOPEN, who, f"after {closed_id}")
    write_event(connection, standing(connection, closed_id), standing(connection, new_id), action, now)


def _state(row: sa.Row[Any]) -> State:
    if row.state != "open":
        return State.CLOSED
    return {BOT: State.BOT, QUEUE: State.QUEUED}.get(row.owner, State.ASSIGNED)
