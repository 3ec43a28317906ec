"""Who waits for a person, knows until when, and has written again after a silence of ours: "Are you there?".

They hear once more until when. That is no answer: it stops no clock and starts none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.promise_model import PromiseState
from core.schema import conversations, handoffs, messages
from core.schema_desk import promises

REPLY = "utter_check_in"
SILENCE_S = 600.0  # ours, before the customer wrote
SETTLE_S = 20.0  # they finish what they write, or an agent begins to
RECENT_S = 900.0  # who wrote longer ago has gone; it would only wake them
PAUSE_S = 4 * 3600.0  # between two check-ins
MOST = 3  # for one hand-off: then only an answer helps
LEFT_S = 60.0  # of the promise; a broken one is the apology's matter


@dataclass(frozen=True)
class CheckIn:
    """A customer to be told once more until when."""

    conversation_id: str
    handoff_id: str
    due_at: float  # what they were told


def due(connection: Connection, now: float, limit: int) -> Sequence[CheckIn]:
    """Who is to be told at `now`, the longest waiting first."""
    return [CheckIn(*row) for row in connection.execute(_due(now).order_by(handoffs.c.waiting_since).limit(limit))]


def is_due(connection: Connection, found: CheckIn, now: float) -> bool:
    """Whether it is still to be told; asked in the transaction that tells it, of which there is one at a time."""
    mine = handoffs.c.id == found.handoff_id
    connection.execute(sa.select(handoffs.c.id).where(mine).with_for_update())
    return CheckIn(*(connection.execute(_due(now).where(mine)).first() or ("", "", 0.0))) == found


def _due(now: float) -> sa.Select[tuple[str, str, float]]:
    wrote = _last(messages.c.direction == "in")
    heard = sa.func.coalesce(_last(messages.c.direction == "out"), handoffs.c.created_at)
    told = sa.and_(messages.c.author == "system", messages.c.payload["response"].as_string() == REPLY)
    last_told = _last(told)
    times_told = sa.and_(told, _of_conversation, messages.c.created_at >= handoffs.c.created_at)
    times = sa.select(sa.func.count()).where(times_told).correlate(conversations, handoffs).scalar_subquery()
    running = promises.c.state.in_((PromiseState.OPEN.value, PromiseState.AT_RISK.value))
    return (
        sa.select(conversations.c.id, handoffs.c.id, sa.func.max(promises.c.due_at))
        .join(handoffs, handoffs.c.conversation_id == conversations.c.id)
        .join(promises, promises.c.handoff_id == handoffs.c.id)
        .where(
            conversations.c.state == "open",
            conversations.c.updated_at > now - RECENT_S,
            handoffs.c.resolved_at.is_(None),
            promises.c.told,  # and running: nobody has answered since
            running,
            promises.c.due_at > now + LEFT_S,
            wrote.between(now - RECENT_S, now - SETTLE_S),
            wrote >= heard + SILENCE_S,
            sa.func.coalesce(last_told, 0.0) <= now - PAUSE_S,
            times < MOST,
        )
        .group_by(conversations.c.id, handoffs.c.id, handoffs.c.waiting_since)
    )


_of_conversation = messages.c.conversation_id == conversations.c.id


def _last(which: sa.ColumnElement[bool]) -> sa.ScalarSelect[float]:
    newest = sa.select(sa.func.max(messages.c.created_at)).where(_of_conversation, which)
    return newest.correlate(conversations).scalar_subquery()
