"""What has changed in the database since somebody last looked: one question for all open pages together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from core.database import reading
from core.schema import conversations
from core.schema_desk import agent_sessions, agents, alerts
from desk.agents import ACTIVE
from desk.people.sessions import IDLE_S
from desk.queue.alerts import word_of
from desk.viewer import Role, Viewer

OVERLAP_S = 12.0  # a transaction may be seen so long after the time that it wrote: it waits 10 s for the lock at most
MOST = 2_000  # changes at a time; above it everybody loads anew
MOST_IDS = 500  # of one question, below SQLite's least limit of variables
CLOSED = "closed"


@dataclass(frozen=True)
class Change:
    """A conversation that is not as it was."""

    id: str
    market: str
    owner: str  # bot, queue, agent:<name>, closed
    seq: int
    at: float


@dataclass(frozen=True)
class NewAlert:
    """An alert that nobody was told of yet."""

    id: str
    agent: str  # agent:<name>, leads
    market: str
    data: Mapping[str, Any]  # id, kind, conversation, market, at


@dataclass(frozen=True)
class Seen:
    """What one look found."""

    changes: Sequence[Change]
    alerts: Sequence[NewAlert]
    too_many: bool = False


_CHANGE = sa.select(*(conversations.c[name] for name in ("id", "market", "owner", "state", "last_seq", "updated_at")))
_SINCE = (
    _CHANGE.where(conversations.c.updated_at >= sa.bindparam("since"))
    .order_by(conversations.c.updated_at.desc())
    .limit(MOST + 1)
)
_NAMED = _CHANGE.where(conversations.c.id.in_(sa.bindparam("ids", expanding=True)))
_ALERTS = sa.select(alerts).where(alerts.c.created_at >= sa.bindparam("since"), alerts.c.seen_at.is_(None)).limit(MOST)


def look(engine: Engine, since: float, named: Sequence[str], everything: bool) -> Seen:
    """What has changed. `named`: conversations that somebody rang for; `everything`: also what nobody rang for."""
    changes: dict[str, Change] = {}
    with reading(engine) as connection:
        if everything:
            changes |= {row.id: _change(row) for row in connection.execute(_SINCE, {"since": since - OVERLAP_S})}
        too_many = len(changes) > MOST
        for start in range(0, len(named), MOST_IDS):
            part = connection.execute(_NAMED, {"ids": list(named[start : start + MOST_IDS])})
            changes |= {row.id: _change(row) for row in part}
        called = [_alert(row) for row in connection.execute(_ALERTS, {"since": since - OVERLAP_S})]
    return Seen(list(changes.values()), called, too_many)


def living_sessions(connection: Connection, sessions: Sequence[str], now: float) -> Mapping[str, Viewer]:
    """The sessions (SHA-256 of the token) that are not over, with whose they are and what those may see."""
    living: dict[str, Viewer] = {}
    for start in range(0, len(sessions), MOST_IDS):
        statement = (
            sa.select(agents, agent_sessions.c.token_hash)
            .join(agent_sessions, agent_sessions.c.agent_id == agents.c.id)
            .where(
                agent_sessions.c.token_hash.in_(sessions[start : start + MOST_IDS]),
                agent_sessions.c.ended_at.is_(None),
                agent_sessions.c.expires_at > now,
                agent_sessions.c.seen_at > now - IDLE_S,
                agents.c.state == ACTIVE,
            )
        )
        living |= {row.token_hash: _viewer(row) for row in connection.execute(statement)}
    return living


def _change(row: Row[Any]) -> Change:
    owner = row.owner if row.state == "open" else CLOSED
    return Change(row.id, row.market, owner, row.last_seq, row.updated_at)


def _alert(row: Row[Any]) -> NewAlert:
    data = {"id": row.id, "kind": row.kind, "conversation": row.conversation_id, "market": row.market}
    data["word"] = word_of(row.kind, row.details)
    return NewAlert(row.id, row.agent, row.market, {**data, "at": row.created_at})


def _viewer(row: Row[Any]) -> Viewer:
    """Enough of a viewer to compare rights; signs nothing."""
    return Viewer(
        id=row.id,
        name=row.name,
        display_name=row.display_name,
        role=Role(row.role),
        markets=tuple(row.markets),
        languages=tuple(row.languages),
        interface=row.interface,
        time_zone=row.time_zone,
        csrf="",
        session=row.token_hash,
    )
