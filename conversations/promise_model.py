"""What somebody was promised, as values that a hand-off carries and the table keeps. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.engine import Connection

HOUR_S = 3600.0
# Hours by tier where nobody says what the market's calendar promises (conversations.promise_facts).
HOURS: Mapping[str, int] = {"safety": 2, "ordinary": 24, "parts": 72}
AT_RISK_SHARE = 0.25  # of the time, before its end, where no working time is known
FIRST_REPLY, SOLUTION, PARTS = "first_reply", "solution", "parts"
ANSWERS = (FIRST_REPLY, PARTS)  # clocks that an answer stops
SAFETY = "safety"


class PromiseState(StrEnum):
    """How a promise stands; it moves from left to right only: open, at_risk, broken, then one of the ends."""

    OPEN = "open"
    AT_RISK = "at_risk"
    BROKEN = "broken"
    KEPT = "kept"
    LATE = "late"  # done after it was due
    VOID = "void"  # nobody waits for it any more


RUNNING = (PromiseState.OPEN, PromiseState.AT_RISK, PromiseState.BROKEN)


@dataclass(frozen=True)
class Asked:
    """Who asks for a promise."""

    conversation_id: str
    market: str
    tier: str  # safety, ordinary, parts
    at: float  # seconds since 1970


@dataclass(frozen=True)
class PromisedClock:
    """One thing that is promised."""

    name: str  # first_reply, solution, parts
    due_at: float
    at_risk_from: float


@dataclass(frozen=True)
class Promised:
    """Everything that is promised at one moment."""

    tier: str
    clocks: tuple[PromisedClock, ...]
    reasons: tuple[str, ...] = ()

    @property
    def told(self) -> PromisedClock:
        """The clock that the customer hears of: the parts', else the first reply's."""
        named = {clock.name: clock for clock in self.clocks}
        return named.get(PARTS) or named[FIRST_REPLY]

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON."""
        clocks = [[clock.name, clock.due_at, clock.at_risk_from] for clock in self.clocks]
        return {"tier": self.tier, "clocks": clocks, "reasons": list(self.reasons)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Promised":
        """What to_json wrote."""
        clocks: Sequence[tuple[str, float, float]] = data["clocks"]
        return cls(data["tier"], tuple(PromisedClock(*clock) for clock in clocks), tuple(data.get("reasons", ())))


Promise = Callable[[Connection, Asked], Promised]  # within the transaction that starts the clock


def in_hours(_connection: Connection | None, asked: Asked) -> Promised:
    """The tier's hours, day and night."""
    return plain(asked.tier, asked.at, asked.at + HOURS.get(asked.tier, HOURS["ordinary"]) * HOUR_S)


def plain(tier: str, at: float, due_at: float) -> Promised:
    """Promises of which nothing but the moment is known that the customer is told."""
    first = min(due_at, at + HOURS["ordinary"] * HOUR_S) if tier == PARTS else due_at
    moments = {FIRST_REPLY: first, **({PARTS: due_at} if tier == PARTS else {}), SOLUTION: due_at + 24 * HOUR_S}
    clocks = [PromisedClock(name, due, due - (due - at) * AT_RISK_SHARE) for name, due in moments.items()]
    return Promised(tier, tuple(clocks))
