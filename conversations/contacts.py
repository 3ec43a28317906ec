"""People on the channels: by which ids a channel knows them, and when they last wrote."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from core.database import reading
from core.schema import conversations
from core.schema_channels import contact_aliases, contacts, reply_tokens

MAX_NAME = 200  # characters that the table takes


@dataclass(frozen=True)
class Contact:
    """A person on one of our accounts."""

    channel: str
    account: str
    sender: str  # the first id that we knew the person by; conversations carry it
    name: str
    address: Mapping[str, str]  # what the channel needs to reach them
    profile: Mapping[str, Any] | None  # what the vendor told, and when it was asked; None: it was not
    last_inbound_at: float | None
    blocked: bool


class Contacts:
    """Reads and writes people."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock

    def resolve(self, channel: str, account: str, sender: str, aliases: Sequence[str]) -> str:
        """The id that the person's conversations carry, however the channel calls them now."""
        names = list(dict.fromkeys([sender, *aliases]))
        with reading(self._engine) as connection:
            known = _known_aliases(connection, channel, account, names)
        if len(known) == len(names) and len(set(known.values())) == 1:  # the usual case takes no write lock
            return known[sender]
        with self._engine.begin() as connection:
            return _resolve(connection, channel, account, names)

    def wrote(self, channel: str, account: str, sender: str, at: float, name: str, address: Mapping[str, str]) -> None:
        """The person wrote at `at`: who writes has not blocked us."""
        values = {"last_inbound_at": at, "blocked": False, **({"name": name[:MAX_NAME]} if name else {})}
        with self._engine.begin() as connection:
            known = find(connection, channel, account, sender)
            if known and known.last_inbound_at is not None:
                values["last_inbound_at"] = max(at, known.last_inbound_at)
            before = known.address if known else {}
            late = values["last_inbound_at"] != at  # an older message that came after a younger one
            address = {**address, **before} if late else {**before, **address}
            self._put(connection, channel, account, sender, {**values, "address": address})

    def rename(self, channel: str, account: str, sender: str, names: Sequence[str], address: Mapping[str, str]) -> None:
        """The channel knows the person by `names` from now on, whomever it called so before.

        The phone that the channel verified proves nothing any more: its number may soon be somebody else's.
        """
        with self._engine.begin() as connection:
            person = _resolve(connection, channel, account, [sender])
            key = {"channel": channel, "account": account}
            taken = sa.delete(contact_aliases).where(*_is(contact_aliases, key), contact_aliases.c.alias.in_(names))
            connection.execute(taken)
            theirs = [{**key, "alias": name, "sender": person} for name in dict.fromkeys(names)]
            connection.execute(sa.insert(contact_aliases), theirs)
            self._put(connection, channel, account, person, {"address": dict(address)})
            _forget_phone(connection, {**key, "sender": person})

    def block(self, channel: str, account: str, sender: str, blocked: bool) -> None:
        """Remember that the person does not want messages, or does again."""
        with self._engine.begin() as connection:
            self._put(connection, channel, account, sender, {"blocked": blocked})

    def learn(self, channel: str, account: str, sender: str, profile: Mapping[str, Any], at: float) -> None:
        """Remember what the vendor told of the person when it was asked at `at`: {"name", "language"}, or nothing."""
        name = str(profile.get("name") or "")[:MAX_NAME]
        values = {"profile": {**profile, "asked_at": at}, **({"name": name} if name else {})}
        with self._engine.begin() as connection:
            self._put(connection, channel, account, sender, values)

    def find(self, channel: str, account: str, sender: str) -> Contact | None:
        """The person; None when unknown."""
        with reading(self._engine) as connection:
            return find(connection, channel, account, sender)

    def keep_token(self, channel: str, account: str, sender: str, token: str, received_at: float) -> None:
        """Keep the right to answer for free; the same token again changes nothing."""
        with self._engine.begin() as connection:
            if connection.execute(sa.select(reply_tokens.c.token).where(reply_tokens.c.token == token)).first():
                return
            row = {"channel": channel, "account": account, "sender": sender, "received_at": received_at}
            connection.execute(sa.insert(reply_tokens).values(token=token, **row))

    def expiring(self, channel: str, received_from: float, received_to: float) -> Sequence[tuple[str, str]]:
        """(account, sender) of people whose newest token came in this span and is unused."""
        token, person = reply_tokens.c, (reply_tokens.c.account, reply_tokens.c.sender)
        newest = (
            sa.select(*person, sa.func.max(token.received_at).label("at"))
            .where(token.channel == channel, token.received_at >= received_from)
            .group_by(*person)
            .subquery()
        )
        same = (token.account == newest.c.account, token.sender == newest.c.sender, token.received_at == newest.c.at)
        unused = sa.exists().where(token.channel == channel, *same, token.used_at.is_(None))
        statement = sa.select(newest.c.account, newest.c.sender).where(newest.c.at <= received_to, unused)
        with reading(self._engine) as connection:
            return [(row.account, row.sender) for row in connection.execute(statement)]

    def purge_tokens(self, before: float) -> int:
        """Number of tokens forgotten that came before."""
        with self._engine.begin() as connection:
            return connection.execute(sa.delete(reply_tokens).where(reply_tokens.c.received_at < before)).rowcount

    def _put(self, connection: Connection, channel: str, account: str, sender: str, values: dict[str, Any]) -> None:
        key = {"channel": channel, "account": account, "sender": sender}
        values = {**values, "updated_at": self._clock()}
        if connection.execute(sa.update(contacts).where(*_is(contacts, key)).values(**values)).rowcount == 0:
            connection.execute(sa.insert(contacts).values(**{**key, "address": {}, **values}))


def find(connection: Connection, channel: str, account: str, sender: str) -> Contact | None:
    """The person; None when unknown."""
    key = {"channel": channel, "account": account, "sender": sender}
    columns = [contacts.c[name] for name in Contact.__dataclass_fields__]
    row = connection.execute(sa.select(*columns).where(*_is(contacts, key))).one_or_none()
    return Contact(**row._mapping) if row else None


def newest_token(
    connection: Connection, channel: str, account: str, sender: str, since: float
) -> tuple[str, float] | None:
    """(token, when it came) of the person's newest unused token; None when there is none since then."""
    key = {"channel": channel, "account": account, "sender": sender}
    statement = (
        sa.select(reply_tokens.c.token, reply_tokens.c.received_at)
        .where(*_is(reply_tokens, key), reply_tokens.c.used_at.is_(None), reply_tokens.c.received_at >= since)
        .order_by(reply_tokens.c.received_at.desc())
        .limit(1)
    )
    row = connection.execute(statement).one_or_none()
    return (row.token, row.received_at) if row else None


def use_token(connection: Connection, token: str, now: float) -> None:
    """Mark the token as used; using it again changes nothing."""
    connection.execute(
        sa.update(reply_tokens)
        .where(reply_tokens.c.token == token, reply_tokens.c.used_at.is_(None))
        .values(used_at=now)
    )


def return_token(connection: Connection, token: str) -> None:
    """Mark the token as unused: the vendor did not take the call that it was for."""
    connection.execute(sa.update(reply_tokens).where(reply_tokens.c.token == token).values(used_at=None))


def _known_aliases(connection: Connection, channel: str, account: str, names: Sequence[str]) -> dict[str, str]:
    rows = connection.execute(
        sa.select(contact_aliases.c.alias, contact_aliases.c.sender).where(
            contact_aliases.c.channel == channel,
            contact_aliases.c.account == account,
            contact_aliases.c.alias.in_(names),
        )
    ).all()
    return {row.alias: row.sender for row in rows}


def _resolve(connection: Connection, channel: str, account: str, names: Sequence[str]) -> str:
    key = {"channel": channel, "account": account}
    known = _known_aliases(connection, channel, account, names)
    unknown = names[0]  # whom nobody knows is called so
    number = _changed_hands(connection, key, names, known)
    if number:
        _take_away(connection, {**key, "sender": known.pop(number)}, number)
        unknown = next(name for name in names if not name.isdigit())
    main = next((known[name] for name in names if name in known), unknown)
    new = [{**key, "alias": name, "sender": main} for name in names if name not in known]
    if new:
        connection.execute(sa.insert(contact_aliases), new)
    return main


def _changed_hands(
    connection: Connection, key: Mapping[str, str], names: Sequence[str], known: Mapping[str, str]
) -> str:
    """The phone number among `names` that was another person's; empty: none.

    Networks give a number to somebody new; a channel never gives its own ids to two people. So a number that comes
    with none of the ids that its person has brings nobody that person's conversation.
    """
    number = next((name for name in names if name.isdigit() and name in known), "")
    ids = [name for name in names if not name.isdigit()]
    if not number or not ids or any(known.get(name) == known[number] for name in ids):
        return ""
    before = _is(contact_aliases, {**key, "sender": known[number]})
    theirs = connection.execute(sa.select(contact_aliases.c.alias).where(*before)).scalars()
    return number if any(not name.isdigit() for name in theirs) else ""


def _take_away(connection: Connection, person: Mapping[str, str], number: str) -> None:
    """What is said to the person does not go to the number any more, and it proves nothing for them."""
    known = find(connection, **person)
    if known:
        left = {name: value for name, value in known.address.items() if value != number}
        connection.execute(sa.update(contacts).where(*_is(contacts, person)).values(address=left))
    connection.execute(
        sa.delete(contact_aliases).where(*_is(contact_aliases, person), contact_aliases.c.alias == number)
    )
    _forget_phone(connection, person)


def _forget_phone(connection: Connection, person: Mapping[str, str]) -> None:
    theirs = sa.select(conversations.c.id, conversations.c.hints).where(*_is(conversations, person))
    for row in connection.execute(theirs).all():
        hints = {name: value for name, value in row.hints.items() if name != "phone"}
        connection.execute(sa.update(conversations).where(conversations.c.id == row.id).values(hints=hints))


def _is(table: sa.Table, key: Mapping[str, str]) -> list[sa.ColumnElement[bool]]:
    return [table.c[name] == value for name, value in key.items()]
