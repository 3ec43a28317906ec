"""The audit log in words: who, on what, and the details, for people. The download keeps the codes."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from conversations.ownership_model import AGENT
from core.schema import conversations
from core.schema_channels import contacts
from desk.agents import display_names, shown_name
from desk.viewer import EVERY_MARKET
from desk.web.words import Words

MOST_NAME = 80
TAIL = 4  # characters of a channel's id that stand for somebody without a name
ID = re.compile(r"[0-9a-f]{32}")
# Where a value's word is, by the detail's name; people.value.<name> is always looked at.
WORDS_OF: Mapping[str, Sequence[str]] = {
    "language": ("shell.language",),
    "languages": ("shell.language",),
    "interface": ("shell.language",),
    "from": ("shell.language",),
    "kind": ("compensation.kind",),
    "reason": ("compensation.reason",),
    "state": ("compensation.state",),
    "step": ("steps.of",),
    "skills": ("people.skill",),
    "duty_hours": ("people.day",),
    "role": ("shell.role",),
    "fields": ("people.detail", "people.field"),
}


@dataclass(frozen=True)
class Detail:
    """One thing that was written down."""

    name: str
    value: str
    conversation: str = ""  # id, where the value is another conversation


@dataclass(frozen=True)
class Shown:
    """A row of the log as people read it."""

    id: int
    at: float
    who: str
    action: str
    market: str
    target: str
    conversation: str  # id, where the target is one
    details: Sequence[Detail]


class AuditWords:
    """Makes rows readable. `customers`: names by conversation id."""

    def __init__(self, words: Words, names: Mapping[str, str], customers: Mapping[str, str]) -> None:
        self._words = words
        self._names = names
        self._customers = customers

    def shown(self, row: Row[Any]) -> Shown:
        """The row."""
        named = "" if row.target.startswith(AGENT) or not row.market else row.target
        target = self._customers.get(row.target) or self._person(row.target)
        action = self._first((f"people.action.{row.action}",)) or row.action
        details = [detail for name, value in row.details.items() if (detail := self._detail(name, value))]
        return Shown(row.id, row.at, self._person(row.who), action, row.market, target, named, details)

    def _person(self, who: str) -> str:
        if who.startswith(AGENT):
            return shown_name(who, self._names)
        return self._first((f"people.who.{who}", f"conversation.who.{who}")) or who

    def _detail(self, name: str, value: Any) -> Detail | None:
        label = self._first((f"people.detail.{name}", f"people.field.{name}")) or name.replace("_", " ")
        if isinstance(value, str) and ID.fullmatch(value):
            customer = self._customers.get(value)
            return Detail(label, customer, value) if customer else None  # a file's or a voucher's: it says nothing
        return Detail(label, self._value(name, value))

    def _value(self, name: str, value: Any) -> str:
        if isinstance(value, bool):
            return self._words(f"people.detail.{'is_so' if value else 'is_not'}")
        if isinstance(value, str):
            return self._word(name, value)
        if isinstance(value, Sequence):
            return self._list(name, value)
        if isinstance(value, Mapping):
            if value.keys() == {"from", "to"}:
                return f"{self._value(name, value['from'])} → {self._value(name, value['to'])}"
            return "; ".join(f"{self._word(name, str(key))} {self._value(name, item)}" for key, item in value.items())
        return json.dumps(value)

    def _list(self, name: str, values: Sequence[Any]) -> str:
        if any(isinstance(item, Mapping) for item in values):
            return str(len(values))
        return self._words.listed(self._value(name, item) for item in values) or self._words("people.field.none")

    def _word(self, name: str, value: str) -> str:
        if value.startswith(AGENT):
            return self._person(value)
        if value == EVERY_MARKET:
            return self._words("people.value.every_market")
        keys = (f"people.value.{name}.{value}", *(f"{area}.{value}" for area in WORDS_OF.get(name, ())))
        return self._first((*keys, f"people.value.{value}")) or value

    def _first(self, keys: Sequence[str]) -> str:
        return next((self._words(key) for key in keys if self._words.has(key)), "")


def read_words(connection: Connection, words: Words, rows: Sequence[Row[Any]]) -> AuditWords:
    """The words for these rows: names are read with two queries."""
    ids = {text for row in rows for text in _texts(row) if row.market and ID.fullmatch(text)}
    return AuditWords(words, display_names(connection), _customers(connection, ids, words))


def _texts(row: Row[Any]) -> Iterator[str]:
    yield row.target
    yield from (value for value in row.details.values() if isinstance(value, str))


def _customers(connection: Connection, ids: set[str], words: Words) -> dict[str, str]:
    """Names by conversation id, as the conversation's page shows them."""
    if not ids:
        return {}
    person = sa.and_(*(contacts.c[name] == conversations.c[name] for name in ("channel", "account", "sender")))
    found = (
        sa.select(conversations.c.id, conversations.c.sender, contacts.c.name)
        .select_from(conversations.outerjoin(contacts, person))
        .where(conversations.c.id.in_(sorted(ids)))
    )
    return {
        row.id: " ".join((row.name or "").split())[:MOST_NAME]
        or words("conversation.customer", tail=row.sender[-TAIL:])
        for row in connection.execute(found)
    }
