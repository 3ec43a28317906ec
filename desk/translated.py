"""Customers' messages in an agent's language, out of the cache that whoever translates fills."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
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


def first_possible(languages: Sequence[str], source: str, available: Callable[[str, str], bool]) -> str:
    """The first of `languages` that `available` (from, to) says `source` is translated into; empty: none is."""
    return next((code for code in languages if code != source and available(source, code)), "")


def translations_of(connection: Connection, messages: Sequence[Message], language: str) -> Mapping[str, Translated]:
    """Translations by message id, in one query, of the last 500 messages; none where nobody has translated yet."""
    return translations_for(connection, messages, [language])


def translations_for(
    connection: Connection, messages: Sequence[Message], languages: Sequence[str]
) -> Mapping[str, Translated]:
    """The same for a reader of several languages: in the first of them that it could be translated into."""
    known = {message.id: digest_of(message) for message in messages[-MOST:]}
    if not known:
        return {}
    kept = message_translations.c
    statement = sa.select(message_translations).where(kept.message_id.in_(known), kept.language.in_(languages))
    rows = [row for row in connection.execute(statement) if row.digest == known[row.message_id]]
    best_last = sorted(rows, key=lambda row: (not row.reason, bool(row.text), -languages.index(row.language)))
    return {row.message_id: _to_translated(row) for row in best_last}


def _to_translated(row: "Row[tuple[str, ...]]") -> Translated:
    return Translated(row.message_id, row.language, row.text, row.engine, row.reason)
