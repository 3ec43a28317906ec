"""What the bot remembers between turns, and the language that it answers in; in the caller's transaction."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations import rows
from core.schema import trackers

# Written once, because SQLAlchemy spends more time on making a statement than the database on running it.
_SLOTS = sa.select(trackers.c.slots).where(trackers.c.conversation_id == sa.bindparam("conversation"))
_REMEMBER = (
    sa.update(trackers)
    .where(trackers.c.conversation_id == sa.bindparam("conversation"))
    .values(slots=sa.bindparam("memory"), updated_at=sa.bindparam("now"))
)


def slots_of(connection: Connection, conversation_id: str) -> dict[str, Any]:
    """The bot's slots; empty when it remembers nothing."""
    found: dict[str, Any] | None = connection.execute(_SLOTS, {"conversation": conversation_id}).scalar_one_or_none()
    return found or {}


def remember(connection: Connection, conversation_id: str, slots: Mapping[str, Any], now: float) -> None:
    """Store the bot's slots in place of those there were."""
    memory = {"memory": dict(slots), "now": now}
    if connection.execute(_REMEMBER, {"conversation": conversation_id, **memory}).rowcount == 0:
        new = {"conversation_id": conversation_id, "slots": dict(slots), "updated_at": now}
        connection.execute(sa.insert(trackers), new)


def choose_language(connection: Connection, conversation_id: str, language: str) -> None:
    """Remember the language that was chosen for the conversation."""
    state = {**rows.conversation(connection, conversation_id).language_state, "chosen": language}
    rows.update(connection, conversation_id, language=language, language_state=state)
