"""One-time links: the first password, and a new one when it is forgotten."""

import secrets

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.schema_desk import agent_links, agents
from desk.agents import ACTIVE, Agent, to_agent
from desk.people.sessions import digest_of

LINK_S = 24 * 3600.0
FORGET_S = 30 * 24 * 3600.0  # rows of links that were over long before
MAX_TOKEN = 100


def make_link(connection: Connection, agent_id: str, now: float) -> str:
    """Path with a new token, good for 24 hours and once; earlier ones of the person are void."""
    void_links(connection, agent_id, now)
    forgotten = sa.and_(agent_links.c.agent_id == agent_id, agent_links.c.expires_at < now - FORGET_S)
    connection.execute(sa.delete(agent_links).where(forgotten))
    token = secrets.token_urlsafe(32)
    connection.execute(
        sa.insert(agent_links).values(
            token_hash=digest_of(token), agent_id=agent_id, created_at=now, expires_at=now + LINK_S
        )
    )
    return f"/desk/link?token={token}"


def void_links(connection: Connection, agent_id: str, now: float) -> None:
    """No link of the person is good any more."""
    connection.execute(
        sa.update(agent_links)
        .where(agent_links.c.agent_id == agent_id, agent_links.c.used_at.is_(None))
        .values(used_at=now)
    )


def link_owner(connection: Connection, token: str, now: float) -> Agent | None:
    """Whose link it is, without using it; None when unknown, used or over, or its owner disabled."""
    if not token or len(token) > MAX_TOKEN:
        return None
    statement = (
        sa.select(agents)
        .join(agent_links, agent_links.c.agent_id == agents.c.id)
        .where(agents.c.state == ACTIVE, *_is_good(token, now))
    )
    row = connection.execute(statement).one_or_none()
    return to_agent(row) if row else None


def use_link(connection: Connection, token: str, now: float) -> Agent | None:
    """Whose link it is; nobody can use it again. None as above."""
    owner = link_owner(connection, token, now)
    if owner is None:
        return None
    used = connection.execute(sa.update(agent_links).where(*_is_good(token, now)).values(used_at=now))
    return owner if used.rowcount == 1 else None


def _is_good(token: str, now: float) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        agent_links.c.token_hash == digest_of(token),
        agent_links.c.used_at.is_(None),
        agent_links.c.expires_at > now,
    )
