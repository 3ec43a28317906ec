"""Compensations as rows: asked for, granted, refused. No payment system is called; what was granted is written down."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from conversations.model import Conversation
from conversations.ownership_errors import NotYours
from core.errors import NotFound
from core.schema import conversations
from core.schema_desk import compensations, notes
from desk.after.compensation_model import (
    ASKED,
    CHECKED,
    GRANTED,
    NEEDS_ORDER,
    REFUND,
    REFUSED,
    AboveAuthority,
    AlreadyDecided,
    Before,
    Compensation,
    NotYourOwn,
    Wanted,
    check,
    is_known_theirs,
    may_give,
    within_authority,
)
from desk.after.compensation_rules import Rules
from desk.after.orders_proofs import remember_proven
from desk.audit import audit
from desk.errors import NotAllowed
from desk.queue.alerts import LEADS, AlertKind, raise_alert, see_as_lead
from desk.viewer import Right, Viewer
from markets.money import Money
from orders.model import Order

MOST = 200
AFTERSAIL = "aftersail"
SELECT = sa.select(compensations, conversations.c.market).join(
    conversations, conversations.c.id == compensations.c.conversation_id
)
_COUNTED = compensations.c.state.in_((GRANTED, ASKED))
WriteNote = Callable[[Compensation], str]  # the event in words of the desk


@dataclass(frozen=True)
class Scene:
    """Who asks, by which rules, when."""

    viewer: Viewer
    rules: Rules
    now: float
    write_note: WriteNote


def ask_for(
    connection: Connection,
    scene: Scene,
    conversation: Conversation,
    wanted: Wanted,
    currency: str,
    order: Order | None,
    key: str,
) -> Compensation:
    """What came of it: granted within the viewer's authority, else asked of a lead.

    The same `key` again changes nothing. Raises NotYours, OverOrderTotal, AboveAuthority, InvalidForm.
    """
    stored_key = hashlib.sha256(f"{conversation.id}|{scene.viewer.id}|{key}".encode()).hexdigest()
    _lock(connection, wanted.order_number or conversation.id)
    known = connection.execute(SELECT.where(compensations.c.key == stored_key)).one_or_none()
    if known:
        return to_compensation(known)
    if not may_give(scene.viewer, _owner_now(connection, conversation.id)):
        raise NotYours(f"conversation {conversation.id} is somebody else's")
    before = given_before(connection, conversation.id, wanted.order_number, currency)
    check(wanted, scene.rules, conversation.market, currency, before, order)
    money = Money(wanted.amount, currency)
    may = within_authority(scene.viewer, scene.rules, conversation.market, money, wanted.kind, before)
    may = may and is_known_theirs(wanted)
    decided: dict[str, Any] = {"decided_by": scene.viewer.owner, "decided_at": scene.now} if may else {}
    values = {"id": uuid4().hex, "conversation_id": conversation.id, "key": stored_key, "currency": currency}
    values |= {"kind": wanted.kind, "order_number": wanted.order_number, "amount": str(wanted.amount)}
    values |= {"reason": wanted.reason, "note": wanted.note, "asked_by": scene.viewer.owner}
    decided |= {"state": GRANTED if may else ASKED, "created_at": scene.now}
    connection.execute(sa.insert(compensations).values(**values, **decided))
    if wanted.proof == CHECKED:
        remember_proven(connection, conversation.id, [wanted.order_number], scene.now)
    made = find(connection, values["id"])
    _write_down(connection, scene, made, {"proof": wanted.proof})
    return made


def decide(connection: Connection, scene: Scene, compensation_id: str, grant: bool) -> Compensation:
    """The compensation as decided. Raises NotFound, NotAllowed, NotYourOwn, AlreadyDecided, AboveAuthority."""
    found = visible(connection, scene.viewer, compensation_id)
    if not scene.viewer.may(Right.DECIDE):
        raise NotAllowed
    if found.asked_by == scene.viewer.owner:
        raise NotYourOwn
    _lock(connection, found.order_number or found.conversation_id)
    if grant:
        before = given_before(connection, found.conversation_id, found.order_number, found.currency)
        if not within_authority(scene.viewer, scene.rules, found.market, found.money, found.kind, before):
            raise AboveAuthority
    open_one = sa.and_(compensations.c.id == found.id, compensations.c.state == ASKED)
    values = {"state": GRANTED if grant else REFUSED, "decided_by": scene.viewer.owner, "decided_at": scene.now}
    if connection.execute(sa.update(compensations).where(open_one).values(**values)).rowcount != 1:
        raise AlreadyDecided
    decided = find(connection, found.id)
    _write_down(connection, scene, decided, {})
    return decided


def find(connection: Connection, compensation_id: str) -> Compensation:
    """The compensation. Raises NotFound."""
    row = connection.execute(SELECT.where(compensations.c.id == compensation_id)).one_or_none()
    if row is None:
        raise NotFound("there is no such compensation")
    return to_compensation(row)


def visible(connection: Connection, viewer: Viewer, compensation_id: str) -> Compensation:
    """The compensation. Raises NotFound, also for one of another market."""
    found = find(connection, compensation_id[:32])
    if not viewer.sees(found.market):
        raise NotFound("there is no such compensation")
    return found


def of_conversation(connection: Connection, conversation_id: str) -> Sequence[Compensation]:
    """The conversation's, the newest first."""
    mine = SELECT.where(compensations.c.conversation_id == conversation_id)
    statement = mine.order_by(compensations.c.created_at.desc()).limit(MOST)
    return [to_compensation(row) for row in connection.execute(statement)]


def given_before(connection: Connection, conversation_id: str, order_number: str, currency: str) -> Before:
    """What the order has got so far; without an order, what the conversation has got for none."""
    scope = compensations.c.order_number == order_number
    if not order_number:
        scope = sa.and_(scope, compensations.c.conversation_id == conversation_id)
    rows = connection.execute(
        sa.select(compensations.c.kind, compensations.c.amount, compensations.c.state).where(
            scope, _COUNTED, compensations.c.currency == currency
        )
    ).all()
    granted = sum((Decimal(row.amount) for row in rows if row.state == GRANTED), Decimal(0))
    refunds = sum((Decimal(row.amount) for row in rows if row.kind == REFUND), Decimal(0))
    goods = sum((Decimal(row.amount) for row in rows if row.kind in NEEDS_ORDER), Decimal(0))
    return Before(granted, refunds, goods)


def earlier_claims(connection: Connection, conversation: Conversation, orders: Sequence[str], since: float) -> int:
    """How many compensations the same customer, or these orders, have got or asked for in other conversations."""
    same = sa.and_(
        conversations.c.channel == conversation.channel,
        conversations.c.account == conversation.account,
        conversations.c.sender == conversation.sender,
    )
    tests = [same]
    if orders:
        tests.append(compensations.c.order_number.in_(list(orders)[:MOST]))
    if conversation.hints.customer_ref:
        tests.append(conversations.c.hints["customer_ref"].as_string() == conversation.hints.customer_ref)
    statement = (
        sa.select(sa.func.count())
        .select_from(compensations.join(conversations, conversations.c.id == compensations.c.conversation_id))
        .where(
            sa.or_(*tests),
            _COUNTED,
            conversations.c.market == conversation.market,
            compensations.c.conversation_id != conversation.id,
            compensations.c.created_at >= since,
        )
    )
    return int(connection.execute(statement).scalar_one())


def _write_down(connection: Connection, scene: Scene, made: Compensation, more: Mapping[str, str]) -> None:
    """The audit's row, a note in the conversation for whoever reads it next, and who is called to it."""
    details = {"kind": made.kind, "amount": str(made.amount), "currency": made.currency, "reason": made.reason}
    details |= {"compensation": made.id, "order": made.order_number, "state": made.state, **more}
    action = f"compensation_{made.state}"
    audit(
        connection,
        scene.viewer.owner,
        action,
        target=made.conversation_id,
        market=made.market,
        details=details,
        now=scene.now,
    )
    note = {"id": uuid4().hex, "conversation_id": made.conversation_id, "author": AFTERSAIL, "mentions": []}
    connection.execute(sa.insert(notes).values(**note, text=scene.write_note(made), created_at=scene.now))
    _call(connection, scene, made)


def _call(connection: Connection, scene: Scene, made: Compensation) -> None:
    """Alert the leads to what is asked for, and whoever asked to what came of it."""
    about = made.market, made.conversation_id
    details = {"by": scene.viewer.owner, "compensation": made.id, "state": made.state}
    if made.state == ASKED:
        raise_alert(connection, LEADS, about[0], AlertKind.COMPENSATION, about[1], scene.now, details)
        return
    if made.decided_by == made.asked_by:
        return
    raise_alert(connection, made.asked_by, about[0], AlertKind.DECIDED, about[1], scene.now, details)
    if not any(one.state == ASKED for one in of_conversation(connection, made.conversation_id)):
        see_as_lead(connection, scene.viewer, made.conversation_id, AlertKind.COMPENSATION, scene.now)


def _owner_now(connection: Connection, conversation_id: str) -> str:
    """Who has it; it stays theirs until the transaction ends."""
    owner = sa.select(conversations.c.owner).where(conversations.c.id == conversation_id).with_for_update()
    return str(connection.execute(owner).scalar_one())


def _lock(connection: Connection, what: str) -> None:
    """One at a time for an order. SQLite has one writer anyway, who has begun before anything was read."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(f"compensation:{what}"))))


def to_compensation(row: Row[Any]) -> Compensation:
    """The compensation of a row of SELECT."""
    names = [name for name in Compensation.__dataclass_fields__ if name != "amount"]
    return Compensation(**{name: getattr(row, name) for name in names}, amount=Decimal(row.amount))
