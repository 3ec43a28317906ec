"""The worker's side of the record: takes a conversation that nobody else holds, and commits whole turns."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from conversations import ownership, rows
from conversations.model import Conversation, HandoffRequest, Message, Reply, Status
from core.database import reading
from core.errors import LostLease
from core.schema import conversations, messages, trackers

LEASE_S = 30.0  # far longer than a turn; a dead worker's leases are freed by its supervisor, or end by themselves


@dataclass(frozen=True)
class TurnResult:
    """All that one message led to; committed together or not at all."""

    replies: Sequence[Reply]
    slots: Mapping[str, Any]
    handoff: HandoffRequest | None = None
    language: str = ""  # the customer's choice; empty: unchanged
    error: str = ""


class WorkQueue:
    """Conversations that wait for the bot, for one worker."""

    def __init__(self, engine: Engine, worker: str, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._worker = worker
        self._clock = clock

    def claim(self) -> str | None:
        """The id of the conversation that has waited longest, held by this worker now; None when none waits."""
        now = self._clock()
        with reading(self._engine) as connection:
            if connection.execute(_waiting(now)).first() is None:
                return None  # the usual case when idle: no write lock is taken
        with self._engine.begin() as connection:
            row = connection.execute(_waiting(now)).first()
            if row is None:
                return None
            rows.update(connection, row.id, lease_holder=self._worker, lease_until=now + LEASE_S)
            return str(row.id)

    def next_message(self, conversation_id: str) -> tuple[Conversation, Message, dict[str, Any]] | None:
        """The oldest unhandled message with its conversation and the bot's memory; None when all are handled."""
        with reading(self._engine) as connection:
            message = rows.next_received(connection, conversation_id)
            if message is None:
                return None
            statement = sa.select(trackers.c.slots).where(trackers.c.conversation_id == conversation_id)
            slots: dict[str, Any] = connection.execute(statement).scalar_one_or_none() or {}
            return rows.conversation(connection, conversation_id), message, slots

    def last_buttons(self, conversation_id: str, before_seq: int) -> list[Mapping[str, Any]]:
        """Buttons of the bot's messages since the customer's last one; empty when there are none."""
        with reading(self._engine) as connection:
            earlier = rows.history(connection, conversation_id, max(0, before_seq - 8), 8)
        buttons: list[Mapping[str, Any]] = []
        for message in reversed([item for item in earlier if item.seq < before_seq]):
            if message.direction == "in":
                break
            buttons += message.payload.get("buttons", [])
        return buttons

    def commit(self, conversation: Conversation, message: Message, result: TurnResult) -> list[Message]:
        """The replies as stored. Raises LostLease, with nothing changed, when this turn is not ours to finish."""
        now = self._clock()
        with self._engine.begin() as connection:
            self._check_lease(connection, conversation.id)
            self._mark_handled(connection, message, now, result.error)
            seq = rows.conversation(connection, conversation.id).last_seq
            stored = [
                self._store(connection, conversation, message, reply, seq + index, now)
                for index, reply in enumerate(result.replies, start=1)
            ]
            self._remember(connection, conversation.id, result, seq + len(stored), now)
            if result.handoff:
                ownership.queue(connection, conversation.id, result.handoff, now)
            return stored

    def release(self, conversation_id: str) -> None:
        """Give the conversation back; it can be claimed again when messages are waiting."""
        statement = sa.update(conversations).where(
            conversations.c.id == conversation_id, conversations.c.lease_holder == self._worker
        )
        with self._engine.begin() as connection:
            connection.execute(statement.values(lease_holder=None, lease_until=0))

    def keep(self, conversation_id: str) -> None:
        """Hold the conversation for another LEASE_S seconds. Raises LostLease."""
        with self._engine.begin() as connection:
            self._check_lease(connection, conversation_id)
            rows.update(connection, conversation_id, lease_until=self._clock() + LEASE_S)

    def _check_lease(self, connection: Connection, conversation_id: str) -> None:
        statement = sa.select(conversations.c.lease_holder).where(conversations.c.id == conversation_id)
        if connection.execute(statement).scalar_one_or_none() != self._worker:
            raise LostLease(f"conversation {conversation_id} is held by another worker")

    @staticmethod
    def _mark_handled(connection: Connection, message: Message, now: float, error: str) -> None:
        statement = sa.update(messages).where(messages.c.id == message.id, messages.c.status == Status.RECEIVED.value)
        status = Status.FAILED if error else Status.HANDLED
        changed = connection.execute(statement.values(status=status.value, handled_at=now, error=error))
        if changed.rowcount != 1:
            raise LostLease(f"message {message.id} was handled by another worker")

    @staticmethod
    def _store(
        connection: Connection, conversation: Conversation, message: Message, reply: Reply, seq: int, now: float
    ) -> Message:
        return rows.insert_message(
            connection,
            conversation_id=conversation.id,
            seq=seq,
            direction="out",
            author="bot",
            kind="text",
            text=reply.text,
            language=reply.language,
            payload=dict(reply.payload),
            channel=conversation.channel,
            reply_to=message.id,
            release=reply.release,
            status=Status.QUEUED.value,
            created_at=now,
        )

    @staticmethod
    def _remember(connection: Connection, conversation_id: str, result: TurnResult, last_seq: int, now: float) -> None:
        known = sa.select(trackers.c.conversation_id).where(trackers.c.conversation_id == conversation_id)
        values = {"slots": dict(result.slots), "updated_at": now}
        if connection.execute(known).first():
            connection.execute(
                sa.update(trackers).where(trackers.c.conversation_id == conversation_id).values(**values)
            )
        else:
            connection.execute(sa.insert(trackers).values(conversation_id=conversation_id, **values))
        left = conversations.c.pending - 1
        changes: dict[str, Any] = {
            "last_seq": last_seq,
            "pending": left,
            "pending_since": sa.case((left > 0, conversations.c.pending_since), else_=None),
            "updated_at": now,
        }
        if result.language:
            current = rows.conversation(connection, conversation_id)
            changes["language"] = result.language
            changes["language_state"] = {**current.language_state, "chosen": result.language}
        rows.update(connection, conversation_id, **changes)


def free_leases(engine: Engine, worker: str) -> int:
    """Number of conversations freed that a dead worker held."""
    statement = sa.update(conversations).where(conversations.c.lease_holder == worker)
    with engine.begin() as connection:
        return connection.execute(statement.values(lease_holder=None, lease_until=0)).rowcount


def _waiting(now: float) -> sa.Select[Any]:
    return (
        sa.select(conversations.c.id)
        .where(
            conversations.c.pending_since.is_not(None),
            sa.or_(conversations.c.lease_holder.is_(None), conversations.c.lease_until < now),
        )
        .order_by(conversations.c.pending_since)
        .limit(1)
    )
