"""The sender's side of the record: takes a conversation with something to send, and plans the calls."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from conversations import rows
from conversations.contacts import find, newest_token
from conversations.delivery_model import OPEN, Batch, Delivery, State, select_deliveries, to_delivery
from conversations.model import Message, Status
from core.database import reading
from core.errors import LostLease
from core.schema import conversations, messages
from core.schema_channels import deliveries, delivery_messages

HOLD_S = 60.0  # far longer than a call; a dead process's conversations are looked at again then
ASKS_TAP = "asks_tap"  # key in the payload of a notice whose button brings the person a free answer
MAX_ROWS = 50  # messages planned at a time

_DUE = (
    sa.select(conversations.c.id)
    .where(
        conversations.c.send_at <= sa.bindparam("now"),
        conversations.c.send_until <= sa.bindparam("now"),
        conversations.c.channel.in_(sa.bindparam("channels", expanding=True)),
    )
    .order_by(conversations.c.send_at)
    .limit(sa.bindparam("most", type_=sa.Integer))
)


class Outbox:
    """Conversations with something to send, for one process."""

    def __init__(self, engine: Engine, holder: str, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._holder = holder
        self._clock = clock

    def claim(self, channels: Sequence[str], most: int) -> Mapping[str, float]:
        """Conversations held by this process now, with the mark that `release` wants; empty when none is due."""
        now = self._clock()
        values = {"now": now, "channels": list(channels), "most": most}
        with reading(self._engine) as connection:
            if connection.execute(_DUE, {**values, "most": 1}).first() is None:
                return {}
        until = now + HOLD_S
        with self._engine.begin() as connection:
            ids = connection.execute(_DUE.with_for_update(skip_locked=True), values).scalars().all()
            # Should this process die, the time to look again is the end of its hold.
            held = {"send_holder": self._holder, "send_until": until, "send_at": until}
            connection.execute(sa.update(conversations).where(conversations.c.id.in_(ids)).values(**held))
        return dict.fromkeys(ids, until)

    def load(self, conversation_id: str, tokens_since: float) -> Batch:
        """What is to be sent in the conversation; older reply tokens are of no use."""
        with reading(self._engine) as connection:
            conversation = rows.conversation(connection, conversation_id)
            person = (conversation.channel, conversation.account, conversation.sender)
            return Batch(
                conversation=conversation,
                contact=find(connection, *person),
                unplanned=_unplanned(connection, conversation_id),
                deliveries=_open_deliveries(connection, conversation_id),
                tap_asked_at=_tap_asked_at(connection, conversation_id),
                accepted_at=_accepted_at(connection, conversation_id),
                token=newest_token(connection, *person, tokens_since),
            )

    def plan(self, conversation_id: str, planned: Sequence[tuple[Sequence[str], Mapping[str, Any], str]]) -> None:
        """Store calls to make after those there are; each is (ids of its messages, body, author). All or none.

        Raises LostLease when another process holds the conversation.
        """
        now = self._clock()
        with self._engine.begin() as connection:
            self._check_holder(connection, conversation_id, now)
            last = sa.select(sa.func.coalesce(sa.func.max(deliveries.c.position), 0))
            position = connection.execute(last.where(deliveries.c.conversation_id == conversation_id)).scalar_one()
            for offset, (message_ids, body, author) in enumerate(planned, start=1):
                new = uuid4()
                row = {"id": new.hex, "key": str(new), "body": dict(body), "author": author, "created_at": now}
                row |= {"conversation_id": conversation_id, "position": position + offset, "state": State.WAITING}
                connection.execute(sa.insert(deliveries).values(**row))
                links = [{"delivery_id": new.hex, "message_id": message_id} for message_id in message_ids]
                connection.execute(sa.insert(delivery_messages), links)

    def release(self, conversation_id: str, mark: float, again_at: float | None) -> None:
        """Give the conversation back, to be looked at again at `again_at`; None: when there is something new.

        `mark` is what claim gave: whatever came in meanwhile has changed send_at, and is not forgotten.
        """
        untouched = conversations.c.send_at == mark
        earlier = conversations.c.send_at if again_at is None else _least(conversations.c.send_at, again_at)
        mine = sa.and_(conversations.c.id == conversation_id, conversations.c.send_holder == self._holder)
        with self._engine.begin() as connection:
            connection.execute(
                sa.update(conversations)
                .where(mine, conversations.c.send_until == mark)
                .values(send_at=sa.case((untouched, again_at), else_=earlier), send_holder=None, send_until=0)
            )

    def free(self) -> int:
        """Number of conversations freed that a dead process of this name held."""
        mine = sa.and_(conversations.c.send_holder == self._holder, conversations.c.send_until > 0)
        now = self._clock()
        with self._engine.begin() as connection:
            statement = sa.update(conversations).where(mine)
            return connection.execute(statement.values(send_holder=None, send_until=0, send_at=now)).rowcount

    def _check_holder(self, connection: Connection, conversation_id: str, now: float) -> None:
        statement = sa.select(conversations.c.send_holder, conversations.c.send_until)
        row = connection.execute(statement.where(conversations.c.id == conversation_id)).one()
        if row.send_holder != self._holder or row.send_until <= now:
            raise LostLease(f"what conversation {conversation_id} sends is held by {row.send_holder or 'nobody'}")


def look_now(connection: Connection, conversation_id: str, now: float) -> None:
    """Let the sender look at the conversation at once, in the caller's transaction."""
    look_at(connection, conversation_id, now)


def look_at(connection: Connection, conversation_id: str, at: float) -> None:
    """Let the sender look at the conversation at `at` at the latest, in the caller's transaction."""
    rows.update(connection, conversation_id, send_at=_least(sa.func.coalesce(conversations.c.send_at, at), at))


def _least(left: Any, right: Any) -> sa.ColumnElement[float]:
    return sa.case((left < right, left), else_=right)


def _unplanned(connection: Connection, conversation_id: str) -> list[Message]:
    carried = sa.select(delivery_messages.c.message_id).where(delivery_messages.c.message_id == messages.c.id)
    statement = (
        sa.select(messages.c.id)
        .where(
            messages.c.conversation_id == conversation_id,
            messages.c.direction == "out",
            messages.c.status == Status.QUEUED.value,
            ~carried.exists(),
        )
        .order_by(messages.c.seq)
        .limit(MAX_ROWS)
    )
    return [rows.message(connection, item) for item in connection.execute(statement).scalars().all()]


def _tap_asked_at(connection: Connection, conversation_id: str) -> float:
    """When a notice that asks to tap was taken which no message of the person has followed yet."""
    wrote = sa.select(sa.func.coalesce(sa.func.max(messages.c.seq), 0)).where(
        messages.c.conversation_id == conversation_id, messages.c.direction == "in", messages.c.author == "customer"
    )
    asked = (
        sa.select(sa.func.max(deliveries.c.settled_at))
        .join(delivery_messages, delivery_messages.c.delivery_id == deliveries.c.id)
        .join(messages, messages.c.id == delivery_messages.c.message_id)
        .where(
            deliveries.c.conversation_id == conversation_id,
            deliveries.c.author == "system",
            deliveries.c.state == State.ACCEPTED,
            messages.c.seq > wrote.scalar_subquery(),
            messages.c.payload[ASKS_TAP].as_boolean(),
        )
    )
    return connection.execute(asked).scalar_one_or_none() or 0.0


def _accepted_at(connection: Connection, conversation_id: str) -> float:
    last = sa.select(sa.func.max(deliveries.c.settled_at)).where(
        deliveries.c.conversation_id == conversation_id, deliveries.c.state == State.ACCEPTED
    )
    return connection.execute(last).scalar_one_or_none() or 0.0


def _open_deliveries(connection: Connection, conversation_id: str) -> list[Delivery]:
    statement = (
        select_deliveries()
        .where(deliveries.c.conversation_id == conversation_id, deliveries.c.state.in_([*OPEN]))
        .order_by(deliveries.c.position)
    )
    return [to_delivery(row) for row in connection.execute(statement)]
