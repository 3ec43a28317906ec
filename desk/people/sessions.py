"""Sessions: who is behind a cookie. A session is a random token, of which only the SHA-256 is stored."""

import hashlib
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from core.database import reading
from core.schema_desk import agent_sessions, agents
from desk.agents import ACTIVE, to_agent
from desk.people.devices import device_name
from desk.viewer import Viewer

IDLE_S = 12 * 3600.0  # without a request
ABSOLUTE_S = 7 * 24 * 3600.0  # since sign-in
FORGET_S = 30 * 24 * 3600.0  # rows of sessions that were over long before
TOUCH_S = 60.0  # `seen_at` is written at most so often
MOST_SESSIONS = 20  # of one person; the one that was still for longest ends
ID_LENGTH = 16  # of a session's digest, enough to name it to its owner
MAX_DEVICE = 200


@dataclass(frozen=True)
class OpenSession:
    """One place where somebody has signed in; moments in seconds since 1970."""

    id: str
    device: str  # what the browser says of itself
    created_at: float
    seen_at: float
    is_this: bool

    @property
    def name(self) -> str:
        """Browser and system; empty when the browser says nothing."""
        return device_name(self.device)


def digest_of(token: str) -> str:
    """What is stored of a token: a copy of the database opens no door."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(connection: Connection, agent_id: str, now: float, device: str = "") -> tuple[str, str]:
    """(token, csrf) of a new session; ends the oldest when there are too many."""
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    connection.execute(
        sa.insert(agent_sessions).values(
            token_hash=digest_of(token),
            agent_id=agent_id,
            csrf=csrf,
            created_at=now,
            seen_at=now,
            expires_at=now + ABSOLUTE_S,
            device=device[:MAX_DEVICE],
        )
    )
    forgotten = sa.and_(agent_sessions.c.agent_id == agent_id, agent_sessions.c.seen_at < now - FORGET_S)
    connection.execute(sa.delete(agent_sessions).where(forgotten))
    for row in _rows(connection, agent_id, now)[MOST_SESSIONS:]:
        end_session(connection, row.token_hash, now)
    return token, csrf


def end_session(connection: Connection, digest: str, now: float) -> None:
    """Nobody is behind it any more; does nothing for one that is unknown or over."""
    connection.execute(
        sa.update(agent_sessions)
        .where(agent_sessions.c.token_hash == digest, agent_sessions.c.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_sessions(connection: Connection, agent_id: str, now: float, but: str = "") -> int:
    """How many sessions of the person were ended: all `but` the one with this digest."""
    ended = connection.execute(
        sa.update(agent_sessions)
        .where(
            agent_sessions.c.agent_id == agent_id,
            agent_sessions.c.ended_at.is_(None),
            agent_sessions.c.token_hash != but,
        )
        .values(ended_at=now)
    )
    return int(ended.rowcount)


def sessions_of(connection: Connection, viewer: Viewer, now: float) -> Sequence[OpenSession]:
    """The viewer's own sessions that are not over, the last used first."""
    return [
        OpenSession(
            row.token_hash[:ID_LENGTH], row.device, row.created_at, row.seen_at, row.token_hash == viewer.session
        )
        for row in _rows(connection, viewer.id, now)
    ]


def end_own_session(connection: Connection, viewer: Viewer, session_id: str, now: float) -> bool:
    """Whether the viewer had a session of this id; it has ended."""
    for row in _rows(connection, viewer.id, now):
        if row.token_hash[:ID_LENGTH] == session_id:
            end_session(connection, row.token_hash, now)
            return True
    return False


def _rows(connection: Connection, agent_id: str, now: float) -> Sequence[sa.Row[tuple[str, str, float, float]]]:
    columns = (
        agent_sessions.c.token_hash,
        agent_sessions.c.device,
        agent_sessions.c.created_at,
        agent_sessions.c.seen_at,
    )
    statement = (
        sa.select(*columns)
        .where(agent_sessions.c.agent_id == agent_id, *_is_open(now))
        .order_by(agent_sessions.c.seen_at.desc(), agent_sessions.c.created_at.desc())
    )
    return connection.execute(statement).all()


def _is_open(now: float | sa.BindParameter[float]) -> Sequence[sa.ColumnElement[bool]]:
    return (
        agent_sessions.c.ended_at.is_(None),
        agent_sessions.c.expires_at > now,
        agent_sessions.c.seen_at > now - IDLE_S,
    )


# Every request asks this: to put it together anew would cost more than to run it.
_OF_DIGEST = (
    sa.select(agents, agent_sessions.c.csrf, agent_sessions.c.seen_at.label("session_seen_at"))
    .join(agent_sessions, agent_sessions.c.agent_id == agents.c.id)
    .where(
        agent_sessions.c.token_hash == sa.bindparam("digest"),
        agents.c.state == ACTIVE,
        *_is_open(sa.bindparam("now", type_=sa.Float())),
    )
)


class Sessions:
    """Finds sessions by their token."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock

    def viewer(self, token: str) -> Viewer | None:
        """Whose session it is; None when it is unknown, over or ended, or its owner disabled."""
        return self.viewer_of(digest_of(token))

    def viewer_of(self, digest: str) -> Viewer | None:
        """The same by `Viewer.session`, for what outlives a request: a stream ends when this is None."""
        now = self._clock()
        with reading(self._engine) as connection:
            row = connection.execute(_OF_DIGEST, {"digest": digest, "now": now}).one_or_none()
        if row is None:
            return None
        if row.session_seen_at < now - TOUCH_S:
            self._touch(digest, row.id, now)
        agent = to_agent(row)
        return Viewer(
            id=agent.id,
            name=agent.name,
            display_name=agent.display_name,
            role=agent.role,
            markets=agent.markets,
            languages=agent.languages,
            interface=agent.interface,
            time_zone=agent.time_zone,
            csrf=row.csrf,
            session=digest,
        )

    def _touch(self, digest: str, agent_id: str, now: float) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                sa.update(agent_sessions).where(agent_sessions.c.token_hash == digest).values(seen_at=now)
            )
            connection.execute(sa.update(agents).where(agents.c.id == agent_id).values(seen_at=now))
