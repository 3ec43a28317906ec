"""Which orders a conversation is about: proved, named in it, or known to be the customer's."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations import handoff_rows
from conversations.memory import slots_of
from conversations.model import Conversation
from core.errors import OrderSourceDown
from core.schema import conversations, messages
from core.schema_desk import audit_log
from desk.after.orders_proofs import NO_PROOFS, Proofs
from orders.model import Order
from orders.number import find_order_numbers, is_valid
from orders.source import OrderSource

MOST_ORDERS = 6
MOST_NUMBERS = 8
LOOK_BACK = 60  # messages of the customer that are searched for numbers
LOOKED_UP = "order_looked_up"  # in the audit: an agent's own look stays with the conversation


@dataclass(frozen=True)
class FoundOrder:
    """An order, and how it is known to belong here."""

    order: Order
    proven: bool  # the customer has proved that it is theirs, or it is filed under their name
    source: str  # proven, written, account, phone, named, looked_up: words orders.source.*
    matches: tuple[str, ...] = ()  # what the customer wrote and is the order's own: email, postcode


@dataclass(frozen=True)
class FoundOrders:
    """What could be found."""

    orders: Sequence[FoundOrder]
    unknown: Sequence[str] = ()  # numbers of which the shop has no order in this market
    failed: bool = False  # the shop did not answer: there may be more


def sources_of(connection: Connection, conversation: Conversation) -> Mapping[str, str]:
    """By number, how it got here; the surest first."""
    found: dict[str, str] = {}
    slots = slots_of(connection, conversation.id)
    for number, source in _every_number(connection, conversation, slots):
        if isinstance(number, str) and is_valid(number):
            found.setdefault(number, source)
    return dict(list(found.items())[:MOST_NUMBERS])


def find_orders(
    source: OrderSource, conversation: Conversation, numbers: Mapping[str, str], proofs: Proofs = NO_PROOFS
) -> FoundOrders:
    """The orders, at most MOST_ORDERS. The first call that fails ends the search: each may wait for its timeout."""
    found: dict[str, FoundOrder] = {}
    unknown: list[str] = []
    try:
        for number, how in numbers.items():
            order = source.find(number)
            if order is None or order.market != conversation.market:
                unknown.append(number)
            else:
                found[number] = _found(order, how, proofs)
        for order, how in _customers(source, conversation):
            known = found.get(order.number)
            if known is None or not known.proven:
                found[order.number] = _found(order, how, proofs)
    except OrderSourceDown:
        return FoundOrders(list(found.values())[:MOST_ORDERS], unknown, failed=True)
    return FoundOrders(list(found.values())[:MOST_ORDERS], unknown)


def _found(order: Order, how: str, proofs: Proofs) -> FoundOrder:
    matches = proofs.matches(order)
    proven = how in ("proven", "account") or (how == "phone" and proofs.phone)
    return FoundOrder(order, proven or bool(matches), "written" if matches and not proven else how, matches)


def _customers(source: OrderSource, conversation: Conversation) -> Iterator[tuple[Order, str]]:
    hints = conversation.hints
    if hints.customer_ref:
        for order in source.of_customer(hints.customer_ref, conversation.market, MOST_ORDERS):
            yield order, "account"
    if hints.phone:
        for order in source.of_phone(hints.phone, conversation.market, MOST_ORDERS):
            yield order, "phone"


def _every_number(
    connection: Connection, conversation: Conversation, slots: Mapping[str, Any]
) -> Iterator[tuple[Any, str]]:
    for number in slots.get("proven_orders") or ():
        yield number, "proven"
    yield from ((number, "looked_up") for number in _looked_up(connection, conversation.id))
    handoff = handoff_rows.of_conversation(connection, conversation.id)
    packet: Mapping[str, Any] = handoff.packet if handoff else {}
    yield (packet.get("order") or {}).get("number"), "named"
    yield (packet.get("given") or {}).get("order_number"), "named"
    yield slots.get("order_number"), "named"
    yield (slots.get("settled") or {}).get("order_number"), "named"
    for text in _customers_words(connection, conversation.id):
        yield from ((found.value, "named") for found in find_order_numbers(text) if found.valid)


def _customers_words(connection: Connection, conversation_id: str) -> Sequence[str]:
    """The newest first; where an agent has opened it again and the customer said nothing yet, what they said before."""
    own = _words_in(connection, conversation_id)
    before = sa.select(conversations.c.follows).where(conversations.c.id == conversation_id)
    follows = None if own else connection.execute(before).scalar_one()
    return _words_in(connection, follows) if follows else own


def _words_in(connection: Connection, conversation_id: str) -> Sequence[str]:
    theirs = sa.and_(messages.c.conversation_id == conversation_id, messages.c.author == "customer")
    statement = sa.select(messages.c.text).where(theirs).order_by(messages.c.seq.desc()).limit(LOOK_BACK)
    return list(connection.execute(statement).scalars())


def _looked_up(connection: Connection, conversation_id: str) -> Iterator[str]:
    mine = sa.and_(audit_log.c.target == conversation_id, audit_log.c.action == LOOKED_UP)
    statement = sa.select(audit_log.c.details).where(mine).order_by(audit_log.c.id.desc()).limit(MOST_NUMBERS)
    for details in connection.execute(statement).scalars():
        if details.get("found"):
            yield str(details.get("order", ""))
