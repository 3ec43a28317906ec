"""Who looks at the desk, and what they may do. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

EVERY_MARKET = "*"


class Role(StrEnum):
    """What somebody is at the desk."""

    AGENT = "agent"
    LEAD = "lead"
    EDITOR = "editor"
    ADMIN = "admin"


class Right(StrEnum):
    """What somebody may do, in their markets only."""

    SIGNED_IN = "signed_in"  # nothing but being somebody
    READ = "read"  # conversations with customers
    ANSWER = "answer"  # take, write, hand back, close
    DECIDE = "decide"  # over conversations of others, and on what agents ask for
    EDIT = "edit"  # content
    PEOPLE = "people"  # accounts
    AUDIT = "audit"  # what everybody did


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.AGENT: frozenset({Right.SIGNED_IN, Right.READ, Right.ANSWER}),
    Role.LEAD: frozenset({Right.SIGNED_IN, Right.READ, Right.ANSWER, Right.DECIDE, Right.AUDIT}),
    Role.EDITOR: frozenset({Right.SIGNED_IN, Right.EDIT}),
    Role.ADMIN: frozenset(Right),
}


@dataclass(frozen=True)
class Viewer:
    """Somebody who has signed in, for one request."""

    id: str
    name: str  # signs in with it
    display_name: str
    role: Role
    markets: tuple[str, ...]  # codes; ("*",): all
    languages: tuple[str, ...]  # content codes that they read and write, the best first; never empty
    interface: str  # language of the desk
    time_zone: str
    csrf: str  # of this session
    session: str  # SHA-256 of the session's token, to end it

    @property
    def owner(self) -> str:
        """The name in a conversation's `owner` and a message's `author`."""
        return f"agent:{self.name}"

    @property
    def is_lead(self) -> bool:
        """Whether they decide over conversations of others."""
        return Right.DECIDE in RIGHTS[self.role]

    @property
    def every_market(self) -> bool:
        """Whether no market is closed to them."""
        return EVERY_MARKET in self.markets

    def may(self, right: Right) -> bool:
        """Whether their role has the right."""
        return right in RIGHTS[self.role]

    def sees(self, market: str) -> bool:
        """Whether the market is theirs."""
        return self.every_market or market in self.markets
