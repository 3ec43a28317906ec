"""The worker's side of the record: takes a conversation that nobody else holds, and commits whole turns."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from conversations import ownership, rows
from conversations.memory import choose_language, remember, slots_of
from conversations.model import Conversation, HandoffRequest, Message, Reply, Status
from conversations.outgoing import Draft, Gate, insert_outgoing
from core.database import reading
from core.errors import LostLease
from core.schema import conversations, messages

LEASE_S = 30.0  # far longer than a turn; a dead worker's leases are freed by its supervisor, or end by themselves
RECENT = 8  # messages before the customer's that are looked at for buttons


@dataclass(frozen=True)
class TurnResult:
    """All that one message led to; committed together or not at all."""

    replies: Sequence[Reply]
    slots: Mapping[str, Any]
    handoff: HandoffRequest | None = None
    language: str = ""  # the customer's choice; empty: unchanged
    error: str = ""


# Written once, because SQLAlchemy spends more time on making a statement than the database on running it.
_WAITING = (
    sa.select(conversations.c.id)
    .where(
        conversations.c.pending_since.is_not(None),
        sa.or_(conversations.c.lease_holder.is_(None), conversations.c.lease_until < sa.bindparam("now")),
    )
    .order_by(conversations.c.pending_since)
    .limit(1)
)
_CLAIM = (
    sa.update(conversations)
    .where(conversations.c.id == _WAITING.with_for_update(skip_locked=True).scalar_subquery())
    .values(lease_holder=sa.bindparam("worker"), lease_until=sa.bindparam("until"))
    .returning(conversations.c.id)
)
_RELEASE = (
    sa.update(conversations)
    .where(conversations.c.id == sa.bindparam("conversation"), conversations.c.lease_holder == sa.bindparam("worker"))
    .values(lease_holder=None, lease_until=0)
)
_LEFT = conversations.c.pending - 1
# The bot speaks only while it has the conversation.
_BOTS = sa.and_(conversations.c.owner == ownership.BOT, conversations.c.state == "open")
_FINISH = (
    sa.update(conversations)
    .where(conversations.c.id == sa.bindparam("conversation"), conversations.c.lease_holder == sa.bindparam("worker"))
    .values(
        last_seq=conversations.c.last_seq + sa.case((_BOTS, sa.bindparam("replies", type_=sa.Integer)), else_=0),
        pending=_LEFT,
        pending_since=sa.case((_LEFT > 0, conversations.c.pending_since), else_=None),
        lease_holder=sa.case((_LEFT > 0, conversations.c.lease_holder), else_=None),
        lease_until=sa.case((_LEFT > 0, sa.bindparam("until", type_=sa.Float)), else_=0),
        updated_at=sa.bindparam("now"),
    )
    .returning(conversations.c.last_seq, conversations.c.pending, _BOTS.label("may_speak"))
)
_HANDLED = (
    sa.update(messages)
    .where(messages.c.id == sa.bindparam("message"), messages.c.status == Status.RECEIVED.value)
    .values(status=sa.bindparam("outcome"), handled_at=sa.bindparam("now"), error=sa.bindparam("problem"))
)


class WorkQueue:
    """Conversations that wait for the bot, for one worker."""

    def __init__(self, engine: Engine, worker: str, gate: Gate, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._worker = worker
        self._gate = gate
        self._clock = clock

    def claim(self) -> str | None:
        """The id of the conversation that has waited longest, held by this worker now; None when none waits."""
        now = self._clock()
        with reading(self._engine) as connection:
            if connection.execute(_WAITING, {"now": now}).first() is None:
                return None  # the usual case when idle: no write lock is taken
        with self._engine.begin() as connection:
            values = {"now": now, "worker": self._worker, "until": now + LEASE_S}
            claimed: str | None = connection.execute(_CLAIM, values).scalar_one_or_none()
            return claimed

    def next_message(self, conversation_id: str) -> tuple[Conversation, Message, dict[str, Any]] | None:
        """The oldest unhandled message with its conversation and the bot's memory; None when all are handled."""
        with reading(self._engine) as connection:
            message = rows.next_received(connection, conversation_id)
            if message is None:
                return None
            return rows.conversation(connection, conversation_id), message, slots_of(connection, conversation_id)

    def last_buttons(self, conversation_id: str, before_seq: int) -> list[Mapping[str, Any]]:
        """Buttons of the bot's messages since the customer's last one; empty when there are none."""
        with reading(self._engine) as connection:
            earlier = rows.history(connection, conversation_id, max(0, before_seq - RECENT), RECENT)
        buttons: list[Mapping[str, Any]] = []
        for message in reversed([item for item in earlier if item.seq < before_seq]):
            if message.direction == "in":
                break
            buttons += message.payload.get("buttons", [])
        return buttons

    def commit(self, conversation: Conversation, message: Message, result: TurnResult) -> int:
        """Number of messages that still wait; when it is 0 the conversation is given back, else held for LEASE_S more.

        Every reply passes the gate here. When a person has taken over meanwhile, the turn is dropped: nothing is said
        nor remembered, and the message is the person's. Raises Blocked, or LostLease when this turn is not ours to
        finish; then nothing has changed.
        """
        passed = [self._gate.clear(Draft(reply, source=reply.source), conversation.market) for reply in result.replies]
        now = self._clock()
        with self._engine.begin() as connection:
            done = self._finish(connection, conversation.id, len(passed), now)
            self._mark_handled(connection, message, now, result.error)
            if done.may_speak:
                insert_outgoing(connection, conversation, message, passed, done.last_seq, now)
                remember(connection, conversation.id, result.slots, now)
                if result.language:
                    choose_language(connection, conversation.id, result.language)
                if result.handoff:
                    ownership.queue(connection, conversation.id, result.handoff, now)
            return int(done.pending)

    def release(self, conversation_id: str) -> None:
        """Give the conversation back; it can be claimed again when messages are waiting."""
        with self._engine.begin() as connection:
            connection.execute(_RELEASE, {"conversation": conversation_id, "worker": self._worker})

    def _finish(self, connection: Connection, conversation_id: str, replies: int, now: float) -> Row[Any]:
        """The conversation's new last_seq, number of messages left (pending), and whether the bot may_speak."""
        values = {"conversation": conversation_id, "worker": self._worker, "replies": replies, "now": now}
        row = connection.execute(_FINISH, {**values, "until": now + LEASE_S}).one_or_none()
        if row is None:
            raise LostLease(f"conversation {conversation_id} is held by another worker")
        return row

    @staticmethod
    def _mark_handled(connection: Connection, message: Message, now: float, error: str) -> None:
        status = Status.FAILED if error else Status.HANDLED
        values = {"message": message.id, "outcome": status.value, "now": now, "problem": error}
        if connection.execute(_HANDLED, values).rowcount != 1:
            raise LostLease(f"message {message.id} was handled by another worker")


def free_leases(engine: Engine, worker: str) -> int:
    """Number of conversations freed that a dead worker held."""
    statement = sa.update(conversations).where(conversations.c.lease_holder == worker)
    with engine.begin() as connection:
        return connection.execute(statement.values(lease_holder=None, lease_until=0)).rowcount
