"""People at the desk as rows; accounts are made and changed in desk/people/."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from core.schema_desk import agents
from desk.viewer import EVERY_MARKET, RIGHTS, Right, Role

HERE, AWAY = "here", "away"
ACTIVE, DISABLED = "active", "disabled"


@dataclass(frozen=True)
class Agent:
    """Somebody who may sign in."""

    id: str
    name: str
    display_name: str
    email: str
    role: Role
    markets: tuple[str, ...]
    languages: tuple[str, ...]
    skills: tuple[str, ...]  # product categories; empty: all
    capacity: int  # conversations at the same time
    interface: str
    time_zone: str
    duty_hours: Mapping[str, Any]  # as opening_hours of a market; empty: the market's
    presence: str  # here, away
    seen_at: float | None
    state: str  # active, disabled
    has_password: bool

    @property
    def owner(self) -> str:
        """The name in a conversation's `owner`."""
        return f"agent:{self.name}"

    def may(self, right: Right) -> bool:
        """Whether their role has the right."""
        return right in RIGHTS[self.role]

    def sees(self, market: str) -> bool:
        """Whether the market is theirs."""
        return EVERY_MARKET in self.markets or market in self.markets


def list_agents(connection: Connection, include_disabled: bool = False) -> Sequence[Agent]:
    """Everybody, by name; only those who may sign in unless `include_disabled`."""
    statement = sa.select(agents).order_by(agents.c.name)
    if not include_disabled:
        statement = statement.where(agents.c.state == ACTIVE)
    return [to_agent(row) for row in connection.execute(statement)]


def agent_named(connection: Connection, name: str) -> Agent | None:
    """The agent who signs in as `name`, disabled ones too; None when there is none."""
    row = connection.execute(sa.select(agents).where(agents.c.name == name)).one_or_none()
    return to_agent(row) if row else None


def display_names(connection: Connection) -> Mapping[str, str]:
    """Display names by owner (agent:<name>) of everybody, disabled ones too."""
    found = connection.execute(sa.select(agents.c.name, agents.c.display_name))
    return {f"agent:{row.name}": row.display_name for row in found}


def shown_name(who: str, names: Mapping[str, str]) -> str:
    """What people call an agent; the sign-in name of one who is gone; others as they are."""
    return names.get(who, who.removeprefix("agent:"))


def to_agent(row: Row[Any]) -> Agent:
    """The row's agent."""
    return Agent(
        id=row.id,
        name=row.name,
        display_name=row.display_name,
        email=row.email,
        role=Role(row.role),
        markets=tuple(row.markets),
        languages=tuple(row.languages),
        skills=tuple(row.skills),
        capacity=row.capacity,
        interface=row.interface,
        time_zone=row.time_zone,
        duty_hours=row.duty_hours,
        presence=row.presence,
        seen_at=row.seen_at,
        state=row.state,
        has_password=bool(row.password_hash),
    )
