"""Signing in with name and password. Nothing tells a wrong name from a wrong password, not even the time."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from core.database import reading
from core.schema_desk import agents
from desk.agents import ACTIVE, Agent, to_agent
from desk.audit import audit
from desk.people.guard import Guard, Try
from desk.people.model import NAME
from desk.people.passwords import Passwords
from desk.people.sessions import digest_of, end_session, open_session


@dataclass(frozen=True)
class Browser:
    """Where somebody signs in."""

    address: str
    device: str  # what it says of itself
    old_token: str = ""  # of the session that it has: it ends


@dataclass(frozen=True)
class SignedIn:
    """A new session."""

    agent: Agent
    token: str


def sign_in(
    engine: Engine, passwords: Passwords, guard: Guard, tried: Try, password: str, browser: Browser, now: float
) -> SignedIn | None:
    """The new session; None when name and password do not belong together. Raises TooOften, RetryLater."""
    guard.count(tried)
    with reading(engine) as connection:
        row = connection.execute(
            sa.select(agents).where(agents.c.name == tried.name, agents.c.state == ACTIVE)
        ).one_or_none()
    stored = row.password_hash if row else ""
    if not passwords.verify(stored, password) or row is None:
        _write_down_failure(engine, tried.name, now)
        return None
    guard.forgive(tried)
    fresh = passwords.hash(password) if passwords.is_old(stored) else ""
    with engine.begin() as connection:
        return _open(connection, row.id, stored, fresh, browser, now)


def _open(
    connection: Connection, agent_id: str, stored: str, fresh: str, browser: Browser, now: float
) -> SignedIn | None:
    """Looks again: password or account may have changed while the hash was made."""
    row = connection.execute(
        sa.select(agents).where(agents.c.id == agent_id, agents.c.password_hash == stored, agents.c.state == ACTIVE)
    ).one_or_none()
    if row is None:
        return None
    if fresh:
        connection.execute(sa.update(agents).where(agents.c.id == agent_id).values(password_hash=fresh))
    return start_session(connection, to_agent(row), browser, "password", now)


def start_session(connection: Connection, agent: Agent, browser: Browser, by: str, now: float) -> SignedIn:
    """A new session with a new token; the browser's old one ends, whoever it belonged to."""
    if browser.old_token:
        end_session(connection, digest_of(browser.old_token), now)
    token, _ = open_session(connection, agent.id, now, browser.device)
    connection.execute(sa.update(agents).where(agents.c.id == agent.id).values(seen_at=now))
    audit(connection, agent.owner, "sign_in", target=agent.owner, details={"by": by}, now=now)
    return SignedIn(agent, token)


def check_own_password(
    engine: Engine, passwords: Passwords, guard: Guard, tried: Try, password: str, agent_id: str
) -> bool:
    """Whether somebody who is signed in knows their password. Raises TooOften, RetryLater."""
    guard.count(tried)
    with reading(engine) as connection:
        stored = connection.execute(sa.select(agents.c.password_hash).where(agents.c.id == agent_id)).scalar_one()
    if not passwords.verify(stored, password):
        return False
    guard.forgive(tried)
    return True


def _write_down_failure(engine: Engine, name: str, now: float) -> None:
    """People type passwords into the field of the name: what looks unlike a name belongs into no log."""
    shown = name if NAME.fullmatch(name) else ""
    with engine.begin() as connection:
        audit(connection, shown or "unknown", "sign_in_failed", target=f"agent:{shown}" if shown else "", now=now)
