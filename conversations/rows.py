"""Rows to values and back; every function takes the connection of its caller's transaction."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from conversations.model import Conversation, Hints, Inbound, Message, Status
from core.errors import NotFound
from core.schema import conversations, messages

# Written once, because SQLAlchemy spends more time on making a statement than the database on running it.
_CONVERSATION = sa.select(conversations).where(conversations.c.id == sa.bindparam("id"))
_OPEN_CONVERSATION = sa.select(conversations).where(
    conversations.c.channel == sa.bindparam("channel"),
    conversations.c.account == sa.bindparam("account"),
    conversations.c.sender == sa.bindparam("sender"),
    conversations.c.state == "open",
)
_LOCKED_CONVERSATION = _OPEN_CONVERSATION.with_for_update()  # nobody else has it until the transaction ends
_BY_PROVIDER_ID = sa.select(messages).where(
    messages.c.channel == sa.bindparam("channel"), messages.c.provider_id == sa.bindparam("provider_id")
)
_MESSAGE = sa.select(messages).where(messages.c.id == sa.bindparam("id"))
_HISTORY = (
    sa.select(messages)
    .where(messages.c.conversation_id == sa.bindparam("conversation"), messages.c.seq > sa.bindparam("after"))
    .order_by(messages.c.seq)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_NEXT_RECEIVED = (
    sa.select(messages)
    .where(
        messages.c.conversation_id == sa.bindparam("conversation"),
        messages.c.direction == "in",
        messages.c.status == "received",
    )
    .order_by(messages.c.seq)
    .limit(1)
)
_INSERT = sa.insert(messages)
_INSERT_AND_READ = _INSERT.returning(messages)


def conversation(connection: Connection, conversation_id: str) -> Conversation:
    """The conversation. Raises NotFound."""
    row = connection.execute(_CONVERSATION, {"id": conversation_id}).one_or_none()
    if row is None:
        raise NotFound(f"there is no conversation {conversation_id}")
    return _to_conversation(row)


def open_conversation(
    connection: Connection, channel: str, account: str, sender: str, lock: bool = False
) -> Conversation | None:
    """The person's open conversation with the account of the channel, or None; `lock`: to be changed."""
    values = {"channel": channel, "account": account, "sender": sender}
    row = connection.execute(_LOCKED_CONVERSATION if lock else _OPEN_CONVERSATION, values).one_or_none()
    return _to_conversation(row) if row else None


def by_provider_id(connection: Connection, channel: str, provider_id: str) -> Message | None:
    """The message that the channel calls `provider_id`, or None."""
    row = connection.execute(_BY_PROVIDER_ID, {"channel": channel, "provider_id": provider_id}).one_or_none()
    return _to_message(row) if row else None


def message(connection: Connection, message_id: str) -> Message:
    """The message. Raises NotFound."""
    row = connection.execute(_MESSAGE, {"id": message_id}).one_or_none()
    if row is None:
        raise NotFound(f"there is no message {message_id}")
    return _to_message(row)


def history(connection: Connection, conversation_id: str, after_seq: int, limit: int) -> list[Message]:
    """Messages after `after_seq`, oldest first."""
    values = {"conversation": conversation_id, "after": after_seq, "most": limit}
    return [_to_message(row) for row in connection.execute(_HISTORY, values)]


def next_received(connection: Connection, conversation_id: str) -> Message | None:
    """The oldest inbound message that is not handled, or None."""
    row = connection.execute(_NEXT_RECEIVED, {"conversation": conversation_id}).one_or_none()
    return _to_message(row) if row else None


def insert_message(connection: Connection, **values: Any) -> Message:
    """The message as stored, with a new id."""
    return _to_message(connection.execute(_INSERT_AND_READ, [{"id": uuid4().hex, **values}]).one())


def insert_inbound(
    connection: Connection,
    conversation: Conversation,
    inbound: Inbound,
    *,
    language: str,
    payload: Mapping[str, Any],
    status: Status,
    now: float,
) -> Message:
    """The customer's message as stored, the conversation's next; `conversation` must be as it stands."""
    return insert_message(
        connection,
        conversation_id=conversation.id,
        seq=conversation.last_seq + 1,
        direction="in",
        author="customer",
        kind=inbound.kind.value,
        text=inbound.text,
        language=language,
        payload={**inbound.payload, **payload},
        channel=conversation.channel,
        provider_id=inbound.provider_id,
        status=status.value,
        created_at=now,
        said_at=inbound.said_at,
    )


def insert_messages(connection: Connection, new: Sequence[dict[str, Any]]) -> None:
    """Store messages, which all have the same columns, each with a new id; only outgoing.py calls this."""
    if new:
        connection.execute(_INSERT, [{"id": uuid4().hex, **values} for values in new])


def update(connection: Connection, conversation_id: str, **values: Any) -> None:
    """Change columns of a conversation."""
    connection.execute(sa.update(conversations).where(conversations.c.id == conversation_id).values(**values))


def _to_conversation(row: Row[Any]) -> Conversation:
    return Conversation(
        id=row.id,
        channel=row.channel,
        sender=row.sender,
        market=row.market,
        language=row.language,
        language_state=row.language_state,
        hints=Hints.from_json(row.hints),
        owner=row.owner,
        state=row.state,
        last_seq=row.last_seq,
        pending=row.pending,
        account=row.account,
    )


def _to_message(row: Row[Any]) -> Message:
    return Message(
        id=row.id,
        conversation_id=row.conversation_id,
        seq=row.seq,
        direction=row.direction,
        author=row.author,
        kind=row.kind,
        text=row.text,
        language=row.language,
        payload=row.payload,
        provider_id=row.provider_id or "",
        status=row.status,
        created_at=row.created_at,
        gate=row.gate,
    )
