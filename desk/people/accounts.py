"""Accounts: made, changed, switched off. Each change is judged and written down in its transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.ownership_model import AGENT
from core.errors import NotFound
from core.schema import conversations, handoffs
from core.schema_desk import agents
from desk.agents import ACTIVE, DISABLED, Agent, agent_named, to_agent
from desk.audit import audit
from desk.people.errors import Refused
from desk.people.links import make_link, void_links
from desk.people.model import Account, account_of, changes, check_name, ends_sessions
from desk.people.sessions import end_sessions
from desk.viewer import EVERY_MARKET, Role


@dataclass(frozen=True)
class By:
    """Who does it, when."""

    who: str  # agent:<name>, cli, aftersail
    now: float
    session: str = ""  # digest of their own session, which goes on


def agent_by_id(connection: Connection, agent_id: str) -> Agent:
    """The agent, disabled ones too. Raises NotFound."""
    row = connection.execute(sa.select(agents).where(agents.c.id == agent_id)).one_or_none()
    if row is None:
        raise NotFound("there is no such account")
    return to_agent(row)


def create_account(connection: Connection, name: str, account: Account, by: By) -> Agent:
    """The new agent, who cannot sign in before a link was used. Raises Refused."""
    check_name_is_free(connection, check_name(name))
    _check_email(connection, account.email, "")
    agent_id = uuid4().hex
    connection.execute(
        sa.insert(agents).values(id=agent_id, name=name, created_at=by.now, updated_at=by.now, **account.columns)
    )
    _write_down(connection, by, "account_created", name, {"role": account.role.value, "markets": list(account.markets)})
    return agent_by_id(connection, agent_id)


def check_name_is_free(connection: Connection, name: str) -> None:
    """Raises Refused when somebody has it."""
    if agent_named(connection, name) is not None:
        raise Refused("name", "name_taken")


@dataclass(frozen=True)
class Load:
    """What somebody has in hand."""

    open: int  # conversations
    waiting: int  # those whose customer waits for an answer


def load_of(connection: Connection, agent: Agent) -> Load:
    """The agent's."""
    theirs = sa.and_(conversations.c.owner == f"{AGENT}{agent.name}", conversations.c.state == "open")
    unresolved = sa.and_(handoffs.c.conversation_id == conversations.c.id, handoffs.c.resolved_at.is_(None))
    statement = (
        sa.select(sa.func.count(sa.distinct(conversations.c.id)), sa.func.count(handoffs.c.waiting_since))
        .select_from(conversations.outerjoin(handoffs, unresolved))
        .where(theirs)
    )
    row = connection.execute(statement).one()
    return Load(int(row[0]), int(row[1]))


def change_account(connection: Connection, agent: Agent, account: Account, by: By) -> None:
    """Write it. A change of role or markets ends the sessions. Raises Refused."""
    before = account_of(agent)
    if before == account:
        return
    _check_email(connection, account.email, agent.id)
    if not (account.role is Role.ADMIN and EVERY_MARKET in account.markets):
        _check_not_last_admin(connection, agent)
    details = changes(before, account)
    _update(connection, agent, by, account.columns)
    ended = 0
    if ends_sessions(before, account):
        ended = end_sessions(connection, agent.id, by.now, by.session)
    _write_down(connection, by, "account_changed", agent.name, {**details, "sessions_ended": ended})


def disable_account(connection: Connection, agent: Agent, by: By) -> None:
    """Nobody signs in with it: sessions end, links are void. Raises Refused for the last admin."""
    _check_not_last_admin(connection, agent)
    _update(connection, agent, by, {"state": DISABLED, "presence": "away"})
    void_links(connection, agent.id, by.now)
    ended = end_sessions(connection, agent.id, by.now)
    _write_down(connection, by, "account_disabled", agent.name, {"sessions_ended": ended})


def enable_account(connection: Connection, agent: Agent, by: By) -> None:
    """It can be used again, with the password that it had."""
    _update(connection, agent, by, {"state": ACTIVE})
    _write_down(connection, by, "account_enabled", agent.name, {})


def give_link(connection: Connection, agent: Agent, by: By) -> str:
    """Path of a one-time link with which somebody chooses the account's password. Raises Refused."""
    if agent.state != ACTIVE:
        raise Refused("state", "disabled")
    _write_down(connection, by, "link_made", agent.name, {})
    return make_link(connection, agent.id, by.now)


def set_password(connection: Connection, agent: Agent, password_hash: str, by: By) -> None:
    """A new password: links are void and sessions end, but the one that it was changed in."""
    _update(connection, agent, by, {"password_hash": password_hash})
    void_links(connection, agent.id, by.now)
    ended = end_sessions(connection, agent.id, by.now, by.session)
    _write_down(connection, by, "password_changed", agent.name, {"sessions_ended": ended})


def change_profile(connection: Connection, agent: Agent, values: Mapping[str, Any], by: By) -> None:
    """What people change about themselves."""
    changed = [name for name, value in values.items() if _plain(getattr(agent, name)) != value]
    if changed:
        _update(connection, agent, by, {name: values[name] for name in changed})
        action = "presence_changed" if changed == ["presence"] else "profile_changed"
        details = {"presence": values["presence"]} if "presence" in changed else {"fields": changed}
        _write_down(connection, by, action, agent.name, details)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _update(connection: Connection, agent: Agent, by: By, values: Mapping[str, Any]) -> None:
    connection.execute(sa.update(agents).where(agents.c.id == agent.id).values(**values, updated_at=by.now))


def _write_down(connection: Connection, by: By, action: str, name: str, details: Mapping[str, Any]) -> None:
    audit(connection, by.who, action, target=f"agent:{name}", details=details, now=by.now)


def _check_email(connection: Connection, email: str, but: str) -> None:
    if not email:
        return
    statement = sa.select(agents.c.id).where(agents.c.email == email, agents.c.id != but).limit(1)
    if connection.execute(statement).one_or_none() is not None:
        raise Refused("email", "email_taken")


def _check_not_last_admin(connection: Connection, agent: Agent) -> None:
    """Raises Refused when nobody would be left who may do everything. Locks the rows where the database can."""
    statement = sa.select(agents).where(agents.c.role == Role.ADMIN.value, agents.c.state == ACTIVE).with_for_update()
    left = [row for row in connection.execute(statement) if EVERY_MARKET in row.markets and row.id != agent.id]
    was = agent.role is Role.ADMIN and EVERY_MARKET in agent.markets and agent.state == ACTIVE
    if was and not left:
        raise Refused("role", "last_admin")
