"""What somebody needs to decide on compensations: whose they are, what the order cost, what was granted before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from core.errors import OrderSourceDown
from core.schema import conversations
from core.schema_channels import contacts
from core.schema_desk import audit_log, compensations
from desk.after.compensation_model import ASKED, GRANTED, UNPROVED, Compensation
from markets.money import Money
from orders.source import OrderSource

MOST_ASKED = 60  # orders that the shop is asked for, for one page
MAX_NAME = 80
_PERSON = ("channel", "account", "sender")


@dataclass(frozen=True)
class Case:
    """What stands around a compensation."""

    name: str  # of the customer; empty: not known
    tail: str  # of the sender
    of_order: Money | None  # granted before for the order; None: nothing
    of_customer: Money | None  # granted before to the customer, in this currency
    times: int  # how often to the customer
    unproved: bool  # nobody has checked that the order is theirs


def cases_of(connection: Connection, items: Sequence[Compensation]) -> Mapping[str, Case]:
    """By compensation id; four queries for all."""
    people = _people(connection, {item.conversation_id for item in items})
    granted = _granted(connection, items, people)
    unproved = _unproved(connection, {item.conversation_id for item in items if item.state == ASKED})
    return {item.id: _case(item, people, granted, item.id in unproved) for item in items}


def totals_of(shop: OrderSource, items: Sequence[Compensation]) -> Mapping[str, Money]:
    """What the orders cost, by number; without those that are not known. The first failed call ends the search."""
    found: dict[str, Money] = {}
    numbers = dict.fromkeys((item.order_number, item.market) for item in items if item.order_number)
    try:
        for number, market in list(numbers)[:MOST_ASKED]:
            order = shop.find(number)
            if order is not None and order.market == market:
                found[number] = order.total
    except OrderSourceDown:
        return found
    return found


def _case(item: Compensation, people: Mapping[str, Row[Any]], granted: Sequence[Row[Any]], unproved: bool) -> Case:
    who = people[item.conversation_id]
    before = [row for row in granted if row.id != item.id and row.created_at <= item.created_at]
    theirs = [row for row in before if _person(row) == _person(who)]
    same_order = [row for row in before if item.order_number and row.order_number == item.order_number]
    name = " ".join((who.name or "").split())[:MAX_NAME]
    sums = (_sum(same_order, item.currency), _sum(theirs, item.currency))
    return Case(name, who.sender[-4:], *sums, len(theirs), unproved)


def _sum(rows: Sequence[Row[Any]], currency: str) -> Money | None:
    amounts = [Decimal(row.amount) for row in rows if row.currency == currency]
    return Money(sum(amounts, Decimal(0)), currency) if amounts else None


def _people(connection: Connection, ids: set[str]) -> Mapping[str, Row[Any]]:
    c = conversations.c
    person = sa.and_(*(contacts.c[name] == c[name] for name in _PERSON))
    statement = sa.select(c.id, *(c[name] for name in _PERSON), contacts.c.name).outerjoin(contacts, person)
    return {row.id: row for row in connection.execute(statement.where(c.id.in_(ids)))}


def _granted(connection: Connection, items: Sequence[Compensation], people: Mapping[str, Row[Any]]) -> list[Row[Any]]:
    """Everything granted for these orders and to these customers."""
    c = conversations.c
    numbers = {item.order_number for item in items if item.order_number}
    persons = {_person(row) for row in people.values()}
    statement = (
        sa.select(compensations, *(c[name] for name in _PERSON))
        .join(conversations, c.id == compensations.c.conversation_id)
        .where(compensations.c.state == GRANTED)
        .where(
            sa.or_(
                compensations.c.order_number.in_(numbers), sa.tuple_(*(c[name] for name in _PERSON)).in_(list(persons))
            )
        )
    )
    return list(connection.execute(statement))


def _person(row: Row[Any]) -> tuple[str, str, str]:
    return (row.channel, row.account, row.sender)


def _unproved(connection: Connection, ids: set[str]) -> set[str]:
    """Ids of those that were asked for without a proof of the order."""
    asked = sa.and_(audit_log.c.action == f"compensation_{ASKED}", audit_log.c.target.in_(ids))
    details = connection.execute(sa.select(audit_log.c.details).where(asked)).scalars()
    return {str(each.get("compensation")) for each in details if each.get("proof") == UNPROVED}
