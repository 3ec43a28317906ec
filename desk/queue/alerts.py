"""Alerts: what somebody is called for. A row is written in the transaction of what it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.ownership_model import AGENT, QUEUE
from conversations.promise_model import RUNNING, SAFETY
from core.schema import conversations
from core.schema_channels import contacts
from core.schema_desk import alerts, promises
from desk.viewer import Viewer

LEADS = "leads"
MOST = 60  # shown
NOTHING: Mapping[str, Any] = {}


class AlertKind(StrEnum):
    """What it is about; each has words queue.alert.<kind>."""

    MENTION = "mention"
    ASSIGNED = "assigned"
    ESCALATED = "escalated"
    AT_RISK = "promise_at_risk"
    BROKEN = "promise_broken"
    COMPENSATION = "compensation"  # one is asked for
    DECIDED = "compensation_decided"


DANGER = "queue.alert.danger_waits"  # where a customer in danger waits, nothing is merely at risk
_PROMISES = (AlertKind.AT_RISK.value, AlertKind.BROKEN.value)
_CLOCK = alerts.c.details["clock"].as_string()


@dataclass(frozen=True)
class Alert:
    """An alert with its conversation."""

    id: str
    kind: str
    conversation_id: str
    market: str
    channel: str
    name: str  # of the customer; empty: unknown
    tail: str  # of the sender
    details: Mapping[str, Any]
    created_at: float
    seen_at: float | None  # not None either when nobody need see it any more
    for_leads: bool

    @property
    def word(self) -> str:
        """The key of what it says."""
        return word_of(self.kind, self.details)


def word_of(kind: str, details: Mapping[str, Any]) -> str:
    """The key of what an alert says."""
    in_danger = kind == AlertKind.AT_RISK.value and details.get("tier") == SAFETY
    return DANGER if in_danger else f"queue.alert.{kind}"


def raise_alert(
    connection: Connection,
    agent: str,
    market: str,
    kind: AlertKind | str,
    conversation_id: str,
    now: float,
    details: Mapping[str, Any] = NOTHING,
) -> str:
    """The id of the alert to `agent` (agent:<name>, or leads: of the market). Tell the pages with `deps.news` after
    the commit. One that nobody has seen yet is brought up to date and rings again; it is not listed twice. `details`:
    no customer's words. Raises ValueError for an unknown kind.
    """
    what = AlertKind(kind).value
    same = sa.and_(
        alerts.c.agent == agent,
        alerts.c.seen_at.is_(None),
        alerts.c.kind == what,
        alerts.c.conversation_id == conversation_id,
    )
    known: str | None = connection.execute(sa.select(alerts.c.id).where(same).limit(1)).scalar_one_or_none()
    if known:
        connection.execute(sa.update(alerts).where(alerts.c.id == known).values(details=dict(details), created_at=now))
        return known
    new_id = uuid4().hex
    values = {"agent": agent, "market": market, "kind": what, "conversation_id": conversation_id}
    connection.execute(sa.insert(alerts).values(id=new_id, details=dict(details), created_at=now, **values))
    return new_id


def list_alerts(connection: Connection, viewer: Viewer) -> Sequence[Alert]:
    """The viewer's newest alerts, those not seen first."""
    c = conversations.c
    person = sa.and_(contacts.c.channel == c.channel, contacts.c.account == c.account, contacts.c.sender == c.sender)
    statement = (
        sa.select(alerts, c.channel, c.sender, contacts.c.name, _settled().label("settled"))
        .join(conversations, c.id == alerts.c.conversation_id)
        .outerjoin(contacts, person)
        .where(_is_for(viewer))
        .order_by(sa.not_(_is_open()), alerts.c.created_at.desc())
        .limit(MOST)
    )
    return [_to_alert(row) for row in connection.execute(statement)]


def count_unseen(connection: Connection, viewer: Viewer) -> int:
    """Alerts of the viewer that nobody has seen and that still call for somebody."""
    statement = sa.select(sa.func.count()).select_from(alerts).where(_is_for(viewer), _is_open())
    return int(connection.execute(statement).scalar_one())


def see(connection: Connection, viewer: Viewer, now: float, alert_id: str = "") -> int:
    """Number of the viewer's alerts that are seen from now on: the one, or all."""
    which = [_is_for(viewer), alerts.c.seen_at.is_(None)]
    if alert_id:
        which.append(alerts.c.id == alert_id)
    return _see(connection, viewer, now, which)


def see_conversation(connection: Connection, viewer: Viewer, conversation_id: str, now: float) -> int:
    """Number of alerts of the conversation, to the viewer alone, that are seen from now on: they look at it."""
    which = [alerts.c.agent == viewer.owner, alerts.c.conversation_id == conversation_id, alerts.c.seen_at.is_(None)]
    return _see(connection, viewer, now, which)


def see_as_lead(connection: Connection, viewer: Viewer, conversation_id: str, kind: AlertKind, now: float) -> int:
    """Number of alerts to all leads about it that nobody need see any more: the viewer has settled it."""
    which = [alerts.c.agent == LEADS, alerts.c.kind == kind.value, alerts.c.conversation_id == conversation_id]
    return _see(connection, viewer, now, [*which, alerts.c.seen_at.is_(None)])


def _see(connection: Connection, viewer: Viewer, now: float, which: Sequence[sa.ColumnElement[bool]]) -> int:
    statement = sa.update(alerts).where(*which).values(seen_at=now, seen_by=viewer.owner)
    return connection.execute(statement).rowcount


def _is_open() -> sa.ColumnElement[bool]:
    return sa.and_(alerts.c.seen_at.is_(None), sa.not_(_settled()))


def _settled() -> sa.ColumnElement[bool]:
    """Of a promise: it runs no more, or what was at risk is in somebody else's hands than of those who were called."""
    running = sa.and_(
        promises.c.conversation_id == alerts.c.conversation_id,
        promises.c.state.in_([state.value for state in RUNNING]),
        sa.or_(_CLOCK.is_(None), promises.c.clock == _CLOCK),
    )
    runs = sa.select(promises.c.id).where(running).correlate(alerts).exists()
    of_alert = conversations.c.id == alerts.c.conversation_id
    owner = sa.select(conversations.c.owner).where(of_alert).correlate(alerts).scalar_subquery()
    owned = sa.case(
        (alerts.c.agent == LEADS, owner.startswith(AGENT)), else_=sa.and_(owner != alerts.c.agent, owner != QUEUE)
    )
    taken = sa.and_(alerts.c.kind == AlertKind.AT_RISK.value, owned)
    return sa.and_(alerts.c.kind.in_(_PROMISES), sa.or_(sa.not_(runs), taken))


def _is_for(viewer: Viewer) -> sa.ColumnElement[bool]:
    to = [viewer.owner, LEADS] if viewer.is_lead else [viewer.owner]
    theirs = alerts.c.agent.in_(to)
    return theirs if viewer.every_market else sa.and_(theirs, alerts.c.market.in_(viewer.markets))


def _to_alert(row: sa.Row[Any]) -> Alert:
    return Alert(
        id=row.id,
        kind=row.kind,
        conversation_id=row.conversation_id,
        market=row.market,
        channel=row.channel,
        name=" ".join((row.name or "").split())[:80],
        tail=row.sender[-4:],
        details=row.details,
        created_at=row.created_at,
        seen_at=row.created_at if row.seen_at is None and row.settled else row.seen_at,
        for_leads=row.agent == LEADS,
    )
