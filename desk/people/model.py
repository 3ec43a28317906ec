"""What an account may be. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desk.agents import Agent
from desk.people.errors import Refused
from desk.viewer import EVERY_MARKET, RIGHTS, Right, Role, Viewer

NAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")
EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")
MAX_EMAIL = 200
LEAST_CAPACITY, MOST_CAPACITY = 1, 50


@dataclass(frozen=True)
class Account:
    """What an admin decides about somebody."""

    display_name: str
    email: str  # small letters; empty: none
    role: Role
    markets: tuple[str, ...]  # codes, or ("*",)
    languages: tuple[str, ...]
    skills: tuple[str, ...]
    capacity: int
    interface: str
    time_zone: str
    duty_hours: Mapping[str, Sequence[str]]

    @property
    def columns(self) -> dict[str, Any]:
        """Values of the table's columns."""
        return {
            "display_name": self.display_name,
            "email": self.email,
            "role": self.role.value,
            "markets": list(self.markets),
            "languages": list(self.languages),
            "skills": list(self.skills),
            "capacity": self.capacity,
            "interface": self.interface,
            "time_zone": self.time_zone,
            "duty_hours": {day: list(slots) for day, slots in self.duty_hours.items()},
        }


def account_of(agent: Agent) -> Account:
    """The account as it is."""
    return Account(
        agent.display_name,
        agent.email,
        agent.role,
        agent.markets,
        agent.languages,
        agent.skills,
        agent.capacity,
        agent.interface,
        agent.time_zone,
        agent.duty_hours,
    )


def check_name(name: str) -> str:
    """The name that somebody signs in with. Raises Refused."""
    if NAME.fullmatch(name) is None:
        raise Refused("name", "name")
    return name


def is_within(markets: Collection[str], viewer: Viewer) -> bool:
    """Whether all these markets are the viewer's."""
    return viewer.every_market or (EVERY_MARKET not in markets and all(viewer.sees(code) for code in markets))


def may_manage(viewer: Viewer, agent: Agent) -> bool:
    """Whether the account is in the viewer's hands: in their markets wholly, and of no role beyond theirs."""
    return viewer.may(Right.PEOPLE) and is_within(agent.markets, viewer) and is_role_within(agent.role, viewer)


def is_role_within(role: Role, viewer: Viewer) -> bool:
    """Whether the role has no right that the viewer's lacks."""
    return RIGHTS[role] <= RIGHTS[viewer.role]


def check_grant(viewer: Viewer, account: Account) -> None:
    """Raises Refused when the viewer gives more than they have."""
    if not is_role_within(account.role, viewer):
        raise Refused("role", "role")
    if not account.markets or not is_within(account.markets, viewer):
        raise Refused("markets", "markets")


def ends_sessions(before: Account, after: Account) -> bool:
    """Whether somebody with the old rights must sign in anew."""
    return before.role != after.role or set(before.markets) != set(after.markets)


def changes(before: Account, after: Account) -> Mapping[str, Any]:
    """What the audit log says of a change: fields by name, the new value of those that are no personal data."""
    told = ("role", "markets", "languages", "skills", "capacity", "interface", "time_zone", "duty_hours")
    old, new = before.columns, after.columns
    changed = [name for name in new if new[name] != old[name]]
    return {name: {"from": old[name], "to": new[name]} if name in told else "changed" for name in changed}
