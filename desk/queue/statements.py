"""The queue as SQL: one statement for a list, whatever it shows, and one for all counts.

To put such a statement together costs more than to run it: each form of it is made once, values are bound to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from conversations.ownership_model import AGENT, BOT, QUEUE
from core.schema import conversations, handoffs, messages
from core.schema_channels import contacts
from core.schema_desk import promises, reads
from desk.queue.filters import Filters, View
from desk.viewer import Viewer

DAY_S = 86_400.0
CLOSED_DAYS = 7
MAX_WORDS = 240  # characters of the customer's last message
AT_RISK_SHARE, AT_RISK_S = 0.25, 1_800.0  # of the time given, where no promise says from when it is at risk

_c, _h = conversations.c, handoffs.c
# Written out, not bound: only so does SQLite use the index of open ones.
IS_OPEN = _c.state == sa.literal_column("'open'")
IS_CLOSED = _c.state == sa.literal_column("'closed'")
WITH_PERSON = _c.owner != BOT
_HANDOFF = sa.and_(_h.conversation_id == _c.id, _h.resolved_at.is_(None))
WAITS = _h.waiting_since.is_not(None)
_HALF = (_h.promised_at - _h.waiting_since) / 2
_GREATER = sa.case(
    (
        (_h.promised_at - _h.waiting_since) * AT_RISK_SHARE > AT_RISK_S,
        (_h.promised_at - _h.waiting_since) * AT_RISK_SHARE,
    ),
    else_=sa.case((_HALF < AT_RISK_S, _HALF), else_=sa.literal(AT_RISK_S)),
)
_TOLD_RISK = (
    sa.select(sa.func.min(promises.c.at_risk_from))
    .where(promises.c.handoff_id == _h.id, promises.c.due_at == _h.promised_at, promises.c.done_at.is_(None))
    .correlate(handoffs)
    .scalar_subquery()
)
IS_TOLD = sa.exists().where(
    promises.c.handoff_id == _h.id, promises.c.due_at == _h.promised_at, promises.c.done_at.is_(None), promises.c.told
)
AT_RISK_FROM = sa.func.coalesce(_TOLD_RISK, _h.promised_at - _GREATER)
_EXACT: Mapping[str, sa.ColumnElement[str]] = {
    "market": _c.market,
    "language": _c.language,
    "channel": _c.channel,
    "tier": _h.tier,
    "owner": _c.owner,
}
_AFTER = ("after_rank", "after_at", "after_id")
_ME = sa.bindparam("me", type_=sa.String())
Key = tuple[int, float, str]  # where a row stands: rank, moment, id


@dataclass(frozen=True)
class Wish:
    """A part of a list: `after` a row, or only the rows of `only`."""

    viewer: Viewer
    filters: Filters
    now: float
    after: Key | None = None
    only: tuple[str, ...] = ()
    limit: int = 100


@dataclass(frozen=True)
class _Form:
    """What makes the statement of one wish another than that of the next."""

    view: View
    exact: tuple[str, ...]  # filters that have a value
    escalated: bool
    at_risk: bool
    every_market: bool
    only: bool
    after: bool


def list_query(wish: Wish) -> tuple[sa.Select[Any], Mapping[str, Any]]:
    """The statement, and its values, of the wish's rows in order: one more than `limit` when there are more."""
    filters, viewer = wish.filters, wish.viewer
    exact = tuple(name for name in _EXACT if getattr(filters, name))
    every, only, after = viewer.every_market, bool(wish.only), wish.after is not None
    form = _Form(filters.view, exact, filters.escalated, filters.at_risk, every, only, after)
    values = {**_values_of(viewer), **{name: getattr(filters, name) for name in exact}}
    values |= {"now": wish.now, "lately": wish.now - CLOSED_DAYS * DAY_S, "only": wish.only, "most": wish.limit + 1}
    if wish.after:
        values |= dict(zip(_AFTER, wish.after, strict=True))
    return _list_statement(form), values


@lru_cache(256)
def _list_statement(form: _Form) -> sa.Select[Any]:
    rank, at = _order(form.view)
    page = (
        sa.select(
            *(_c[name] for name in ("id", "channel", "account", "sender", "market", "language", "owner", "state")),
            *(_c[name] for name in ("hints", "last_seq", "pending_since", "updated_at")),
            *(_h[name] for name in ("reason", "tier", "waiting_since", "promised_at", "escalated")),
            AT_RISK_FROM.label("at_risk_from"),
            IS_TOLD.label("told"),
            rank.label("rank"),
            at.label("at"),
        )
        .select_from(conversations.outerjoin(handoffs, _HANDOFF))
        .where(*_conditions(form))
    )
    if form.only:
        page = page.where(_c.id.in_(sa.bindparam("only", expanding=True)))
    if form.after:
        kinds: tuple[TypeEngine[Any], ...] = (sa.Integer(), sa.Float(), sa.String())
        values: list[Any] = [sa.bindparam(name, type_=kind) for name, kind in zip(_AFTER, kinds, strict=True)]
        page = page.where(sa.tuple_(rank, at, _c.id) > sa.tuple_(*values))
    found = page.order_by(rank, at, _c.id).limit(sa.bindparam("most", type_=sa.Integer())).subquery("page")
    return _with_words(found)


def _with_words(page: sa.Subquery) -> sa.Select[Any]:
    """The page's rows with the customer's name and last words, which are looked up for them alone."""
    p, m = page.c, messages.alias("m")
    last = (
        sa.select(messages.c.seq)
        .where(messages.c.conversation_id == p.id, messages.c.author == "customer")
        .order_by(messages.c.seq.desc())
        .limit(1)
        .correlate(page)
        .scalar_subquery()
    )
    person = sa.and_(contacts.c.channel == p.channel, contacts.c.account == p.account, contacts.c.sender == p.sender)
    mine = sa.and_(reads.c.conversation_id == p.id, reads.c.agent == sa.bindparam("viewer_name"))
    return (
        sa.select(
            page,
            contacts.c.name,
            contacts.c.last_inbound_at,
            sa.func.substr(m.c.text, 1, MAX_WORDS).label("words"),
            m.c.kind,
            m.c.language.label("words_language"),
            m.c.seq.label("customer_seq"),
            reads.c.seq.label("read_seq"),
        )
        .select_from(
            page.outerjoin(m, sa.and_(m.c.conversation_id == p.id, m.c.seq == last))
            .outerjoin(contacts, person)
            .outerjoin(reads, mine)
        )
        .order_by(p.rank, p.at, p.id)
    )


def counts_query(viewer: Viewer) -> tuple[sa.Select[Any], Mapping[str, Any]]:
    """(view, number) of open conversations, by one walk over them; closed ones are not counted."""
    return _counts_statement(viewer.every_market), _values_of(viewer)


@lru_cache
def _counts_statement(every_market: bool) -> sa.Select[Any]:
    number = sa.func.count()
    cases: dict[View, sa.ColumnElement[bool]] = {
        View.MINE: _c.owner == _ME,
        View.WAITING: _c.owner == QUEUE,
        View.PEOPLE: WITH_PERSON,
        View.BOT: _c.owner == BOT,
        View.ANSWERED: sa.and_(WITH_PERSON, ~WAITS),
    }
    columns = [number.filter(condition).label(view.value) for view, condition in cases.items()]
    joined = conversations.outerjoin(handoffs, _HANDOFF)
    return sa.select(*columns).select_from(joined).where(IS_OPEN, _c.last_seq > 0, *_theirs(every_market))


def choices_query(viewer: Viewer) -> tuple[sa.Select[Any], Mapping[str, Any]]:
    """What open conversations of the viewer can be narrowed to, each once."""
    return _choices_statement(viewer.every_market), _values_of(viewer)


@lru_cache
def _choices_statement(every_market: bool) -> sa.Select[Any]:
    return sa.select(_c.language, _c.channel, _c.owner).distinct().where(IS_OPEN, *_theirs(every_market))


def _values_of(viewer: Viewer) -> dict[str, Any]:
    return {"me": viewer.owner, "viewer_name": viewer.name, "markets": viewer.markets}


def _conditions(form: _Form) -> list[sa.ColumnElement[bool]]:
    found = [*_of_view(form), *_theirs(form.every_market), _c.last_seq > 0]
    found += [_EXACT[name] == sa.bindparam(name) for name in form.exact]
    if form.escalated:
        found.append(_h.escalated)
    if form.at_risk:
        found += [WAITS, sa.bindparam("now", type_=sa.Float()) >= AT_RISK_FROM]
    return found


def _of_view(form: _Form) -> list[sa.ColumnElement[bool]]:
    if form.view is View.CLOSED:
        lately = [IS_CLOSED, _c.updated_at > sa.bindparam("lately")]
        return lately if "owner" in form.exact else [*lately, WITH_PERSON]
    return {
        View.MINE: [IS_OPEN, _c.owner == _ME],
        View.WAITING: [IS_OPEN, _c.owner == QUEUE],
        View.PEOPLE: [IS_OPEN, WITH_PERSON],
        View.BOT: [IS_OPEN, _c.owner == BOT],
        View.ANSWERED: [IS_OPEN, _c.owner.startswith(AGENT), ~WAITS],
    }[form.view]


def _theirs(every_market: bool) -> list[sa.ColumnElement[bool]]:
    return [] if every_market else [_c.market.in_(sa.bindparam("markets", expanding=True))]


def _order(view: View) -> tuple[sa.ColumnElement[int], sa.ColumnElement[float]]:
    """Customers who wait before those who do not; among them danger, then a lead's, then the nearest promise."""
    if view in (View.BOT, View.CLOSED):
        # The newest first. A plain 0 behind ORDER BY would be a column's number.
        return sa.func.abs(sa.literal_column("0"), type_=sa.Integer), -_c.updated_at
    rank = sa.case((~WAITS, 3), (_h.tier == "safety", 0), (_h.escalated, 1), else_=2)
    return rank, sa.case((WAITS, _h.promised_at), else_=_c.updated_at)
