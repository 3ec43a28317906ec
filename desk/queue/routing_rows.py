"""What routing must know, from the database: who is at work with how much, what waits, and who left whom waiting."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from conversations.ownership_model import AGENT, QUEUE
from core.schema import conversations, handoffs, ownership_events
from core.schema_desk import agents
from desk.agents import ACTIVE, HERE, Agent, to_agent
from desk.queue.routing import Absence, Case, Worker, gone_since
from desk.queue.routing_rules import RoutingRules
from desk.queue.statements import AT_RISK_FROM, IS_OPEN
from desk.viewer import Right, Role

ROLES = (Role.AGENT, Role.LEAD)  # who is given conversations; an admin takes them
EVENTS = 2_000  # the newest of them tell who was given something last
SAFETY = "safety"  # the tier of danger
MOST = 200  # cases looked at in one go, those with the nearest promises
OnDuty = Callable[[Agent, str, float], bool]  # (agent, market, now)
CategoryOf = Callable[[str], str]  # product's SKU -> category; empty: unknown

_c, _h = conversations.c, handoffs.c
_HANDOFF = sa.and_(_h.conversation_id == _c.id, _h.resolved_at.is_(None))


@dataclass(frozen=True)
class Left:
    """A conversation whose customer waits for somebody who is gone."""

    id: str
    market: str
    owner: str
    why: str


def waiting_cases(connection: Connection, now: float, category_of: CategoryOf) -> list[Case]:
    """What waits in the queue, the nearest promise first."""
    before = conversations.alias("before")
    statement = (
        sa.select(
            *(_c.id, _c.market, _c.language, _h.packet, _h.tier, _h.promised_at, _h.escalated),
            AT_RISK_FROM.label("at_risk_from"),
            before.c.owner.label("had_it"),
        )
        .select_from(handoffs.join(conversations, _HANDOFF).outerjoin(before, before.c.id == _c.follows))
        .where(_h.resolved_at.is_(None), _h.waiting_since.is_not(None), IS_OPEN, _c.owner == QUEUE)
        .order_by(_h.tier != SAFETY, _h.promised_at)
        .limit(MOST)
    )
    return [_case(row, now, category_of) for row in connection.execute(statement)]


def loads(connection: Connection, now: float, rules: RoutingRules, owner: str = "") -> Mapping[str, int]:
    """Conversations by owner that wait or were active lately; of one owner if given."""
    busy = sa.or_(_h.waiting_since.is_not(None), _c.updated_at > now - rules.active_s)
    statement = (
        sa.select(_c.owner, sa.func.count().label("number"))
        .select_from(handoffs.join(conversations, _HANDOFF))
        .where(_h.resolved_at.is_(None), IS_OPEN, busy, _c.owner == owner if owner else _c.owner.startswith(AGENT))
        .group_by(_c.owner)
    )
    return {row.owner: row.number for row in connection.execute(statement)}


def workers(
    connection: Connection,
    people: Sequence[Agent],
    markets: Sequence[str],
    now: float,
    rules: RoutingRules,
    duty: OnDuty,
) -> list[Worker]:
    """Everybody who is at their desk and takes conversations."""
    taken, given = loads(connection, now, rules), _given_at(connection)
    return [
        Worker(
            name=agent.name,
            markets=agent.markets,
            languages=agent.languages,
            skills=agent.skills,
            capacity=max(1, agent.capacity),
            load=taken.get(agent.owner, 0) if agent.capacity > 0 else max(1, taken.get(agent.owner, 0)),
            idle_since=given.get(agent.owner, 0.0),
            lead=agent.may(Right.DECIDE),
            on_duty=frozenset(code for code in markets if agent.sees(code) and duty(agent, code, now)),
        )
        for agent in people
        if agent.role in ROLES and is_here(agent, now, rules)
    ]


def is_here(agent: Agent, now: float, rules: RoutingRules) -> bool:
    """Whether they say that they are at their desk, and gave a sign of life lately."""
    return agent.presence == HERE and agent.seen_at is not None and now - agent.seen_at <= rules.seen_s


def left_alone(connection: Connection, now: float, rules: RoutingRules, duty: OnDuty) -> list[Left]:
    """Conversations whose customer has waited long enough for an owner who is gone as long.

    Who has taken one by their own hand works, whatever the roster says, while their page gives signs of life.
    """
    statement = (
        sa.select(_c.id, _c.market, _c.owner, _h.waiting_since, _h.tier == SAFETY, _came(), _came(by_hand=True))
        .select_from(handoffs.join(conversations, _HANDOFF))
        .where(_h.resolved_at.is_(None), _h.waiting_since.is_not(None), IS_OPEN, _c.owner.startswith(AGENT))
        .order_by(_h.promised_at)
    )
    people = {AGENT + row.name: row for row in connection.execute(sa.select(agents))}

    @cache  # an owner has many conversations
    def gone_from(owner: str, market: str, works: bool, by_hand: bool) -> tuple[str, float] | None:
        absence = _absence(people[owner], market, works, now, duty)
        return gone_since(replace(absence, away=False) if by_hand else absence, now, rules.seen_s)

    found = []
    for case, market, owner, waiting_since, safety, came, taken in connection.execute(statement).tuples():
        by_hand = taken is not None and taken == came
        # Danger knows no hours.
        gone = gone_from(owner, market, bool(safety) or by_hand, by_hand) if owner in people else None
        alone_since = max(gone[1], waiting_since, came or 0.0) if gone else now
        if gone and (people[owner].state != ACTIVE or now - alone_since >= rules.gone_s):
            found.append(Left(case, market, owner, gone[0]))
    return found[:MOST]


def _given_at(connection: Connection) -> Mapping[str, float]:
    """When each was last given or took a conversation, as far as the last events tell."""
    newest = sa.select(ownership_events.c.to_owner, ownership_events.c.at).order_by(ownership_events.c.id.desc())
    events = newest.limit(EVENTS).subquery()
    statement = sa.select(events.c.to_owner, sa.func.max(events.c.at).label("at")).group_by(events.c.to_owner)
    return {row.to_owner: row.at for row in connection.execute(statement)}


def _came(*, by_hand: bool = False) -> sa.ScalarSelect[Any]:
    """When the conversation came to its owner; `by_hand`: when they took it themselves."""
    event = ownership_events.c
    newest = sa.select(sa.func.max(event.at)).where(event.conversation_id == _c.id, event.to_owner == _c.owner)
    return (newest.where(event.who == _c.owner) if by_hand else newest).correlate(conversations).scalar_subquery()


def _absence(row: Row[Any], market: str, works: bool, now: float, duty: OnDuty) -> Absence:
    agent = to_agent(row)
    return Absence(
        disabled=agent.state != ACTIVE,
        away=agent.presence != HERE,
        changed_at=row.updated_at,
        seen_at=agent.seen_at,
        on_duty=works or duty(agent, market, now),
    )


def _case(row: Row[Any], now: float, category_of: CategoryOf) -> Case:
    given = row.packet.get("given") if isinstance(row.packet, dict) else None
    sku = given.get("product") if isinstance(given, dict) else None
    had_it = row.had_it or ""
    return Case(
        id=row.id,
        market=row.market,
        language=row.language,
        category=category_of(sku) if isinstance(sku, str) else "",
        promised_at=row.promised_at,
        at_risk=now >= row.at_risk_from,
        escalated=bool(row.escalated),
        safety=row.tier == SAFETY,
        before=had_it.removeprefix(AGENT) if had_it.startswith(AGENT) else "",
    )
