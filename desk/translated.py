"""Customers' messages in an agent's language, out of the cache that whoever translates fills."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from conversations.model import Message
from core.schema_desk import message_translations

MOST = 500  # messages looked up at once


@dataclass(frozen=True)
class Translated:
    """A message in another language. `text` empty: it could not be translated, and `reason` says why."""

    message_id: str
    language: str
    text: str
    engine: str
    reason: str = ""


def digest_of(message: Message) -> str:
    """What the cache knows the original by; an edited message has another one."""
    return hashlib.sha256(f"{message.language}\n{message.text}".encode()).hexdigest()


def translations_of(connection: Connection, messages: Sequence[Message], language: str) -> Mapping[str, Translated]:
    """Translations by message id, in one query, of the last 500 messages; none where nobody has translated yet."""
    known = {message.id: digest_of(message) for message in messages[-MOST:]}
    if not known:
        return {}
    kept = message_translations.c
    statement = sa.select(message_translations).where(kept.message_id.in_(known), kept.language == language)
    found = connection.execute(statement)
    return {row.message_id: _to_translated(row) for row in found if row.digest == known[row.message_id]}


def _to_translated(row: "Row[tuple[str, ...]]") -> Translated:
    return Translated(row.message_id, row.language, row.text, row.engine, row.reason)
