"""What could not be sent: listed with its reason, sent again or discarded by a person."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from conversations.delivery_model import Delivery, State, afresh, select_deliveries, to_delivery
from conversations.delivery_states import move_messages
from conversations.outbox import look_now
from core.database import reading
from core.errors import NotFound
from core.schema import conversations, messages
from core.schema_channels import deliveries, delivery_messages

STOPPED = (State.FAILED, State.HELD)


@dataclass(frozen=True)
class DeadLetter:
    """A delivery that needs a person, with what it says and to whom."""

    delivery: Delivery
    channel: str
    account: str
    sender: str
    market: str
    text: str


class DeadLetters:
    """The list, and what a person can do with it."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock

    def list(self, limit: int = 200) -> Sequence[DeadLetter]:
        """Held and failed deliveries, oldest first; empty when all is well."""
        statement = (
            select_deliveries()
            .add_columns(conversations.c.channel, conversations.c.account, conversations.c.sender)
            .add_columns(conversations.c.market)
            .join(conversations, conversations.c.id == deliveries.c.conversation_id)
            .where(deliveries.c.state.in_([*STOPPED]))
            .order_by(deliveries.c.created_at, deliveries.c.position)
            .limit(limit)
        )
        with reading(self._engine) as connection:
            return [_to_letter(connection, row) for row in connection.execute(statement).all()]

    def resend(self, delivery_id: str) -> None:
        """Try it again now. Raises NotFound when it is not on the list."""
        now = self._clock()
        with self._engine.begin() as connection:
            found = _find(connection, delivery_id)
            connection.execute(sa.update(deliveries).where(deliveries.c.id == found.id).values(**afresh(found, now)))
            move_messages(connection, found.id)
            look_now(connection, found.conversation_id, now)

    def discard(self, delivery_id: str, who: str) -> None:
        """Never send it; its message stays in the record as failed. Raises NotFound."""
        with self._engine.begin() as connection:
            found = _find(connection, delivery_id)
            values = {"state": State.DISCARDED, "code": "discarded", "reason": f"by {who}; was {found.code}"}
            connection.execute(sa.update(deliveries).where(deliveries.c.id == found.id).values(**values))
            move_messages(connection, found.id)


def _find(connection: Connection, delivery_id: str) -> Delivery:
    """The delivery whose id begins so."""
    begins = deliveries.c.id.startswith(delivery_id, autoescape=True)
    stopped = deliveries.c.state.in_([*STOPPED])
    found = connection.execute(select_deliveries().where(begins, stopped).limit(2)).all()
    if len(found) != 1:
        raise NotFound(f"there is no single undelivered message {delivery_id!r}; `aftersail outbox` lists them")
    return to_delivery(found[0])


def _to_letter(connection: Connection, row: sa.Row[tuple[object, ...]]) -> DeadLetter:
    delivery = to_delivery(connection.execute(select_deliveries().where(deliveries.c.id == row.id)).one())
    texts = (
        sa.select(messages.c.text)
        .join(delivery_messages, delivery_messages.c.message_id == messages.c.id)
        .where(delivery_messages.c.delivery_id == delivery.id)
        .order_by(messages.c.seq)
    )
    text = "\n".join(connection.execute(texts).scalars())
    return DeadLetter(delivery, row.channel, row.account, row.sender, row.market, text)
