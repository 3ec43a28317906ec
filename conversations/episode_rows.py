"""A person's conversations on a channel, as rows; every function takes the connection of its caller's transaction."""

from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations import rows
from conversations.ownership_model import AGENT, BOT
from core.schema import conversations, messages

CUSTOMER = "customer"


def last_of(connection: Connection, channel: str, account: str, sender: str) -> str | None:
    """The id of the person's newest conversation, or None."""
    theirs = sa.and_(
        conversations.c.channel == channel, conversations.c.account == account, conversations.c.sender == sender
    )
    newest = sa.select(conversations.c.id).where(theirs).order_by(conversations.c.created_at.desc()).limit(1)
    found: str | None = connection.execute(newest).scalar_one_or_none()
    return found


def insert(connection: Connection, now: float, **values: Any) -> str:
    """The id of a new conversation that the bot has."""
    new_id = uuid4().hex
    connection.execute(sa.insert(conversations).values(id=new_id, created_at=now, updated_at=now, **values))
    return new_id


def successor(connection: Connection, closed_id: str, now: float) -> tuple[str, bool]:
    """The id of the person's conversation that is open now, and whether it was opened for this."""
    closed = rows.conversation(connection, closed_id)
    person = {"channel": closed.channel, "account": closed.account, "sender": closed.sender}
    found = rows.open_conversation(connection, **person, lock=True)
    if found:
        return found.id, False
    known = {"language": closed.language, "language_state": dict(closed.language_state)}
    hints = closed.hints.to_json()
    return insert(connection, now, **person, **known, market=closed.market, hints=hints, follows=closed_id), True


def is_unanswered(connection: Connection, conversation_id: str) -> bool:
    """Whether the customer had the last word before bot and agents; what the system tells them does not count."""
    spoken = sa.or_(messages.c.author == CUSTOMER, messages.c.author == BOT, messages.c.author.startswith(AGENT))
    last = sa.select(messages.c.author).where(messages.c.conversation_id == conversation_id, spoken)
    author = connection.execute(last.order_by(messages.c.seq.desc()).limit(1)).scalar_one_or_none()
    return bool(author == CUSTOMER)
