"""Who gets a conversation that waits. Pure: facts in, a name and a reason out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum


class Reason(StrEnum):
    """Why somebody gets it, or why nobody does yet. It stands in the conversation's events."""

    RETURNS = "returns_to"  # they had this customer's last conversation
    SPEAKS = "speaks"  # they are free and speak the language
    TRANSLATES = "translates"  # they are free; nobody at work speaks the language, or the promise is at risk
    LEAD = "lead"  # a lead is asked for, and they are one
    NOBODY = "nobody"  # nobody is at work for it
    FULL = "full"  # who is at work for it has as many as they can
    SPEAKERS_FULL = "speakers_full"  # who speaks the language will be free in time


@dataclass(frozen=True)
class Case:
    """A conversation that waits for somebody."""

    id: str
    market: str
    language: str  # content code; empty: unknown
    category: str  # of the product; empty: unknown
    promised_at: float
    at_risk: bool
    escalated: bool = False
    safety: bool = False
    before: str = ""  # name of the agent who had the customer's last conversation


@dataclass(frozen=True)
class Worker:
    """Somebody at their desk."""

    name: str
    markets: tuple[str, ...]  # ("*",): all
    languages: tuple[str, ...]
    skills: tuple[str, ...]  # empty: all
    capacity: int
    load: int  # conversations of theirs that wait or were active lately
    idle_since: float  # when they were given one last; 0: never
    lead: bool = False
    on_duty: frozenset[str] = frozenset()  # markets for which they work now

    def can_take(self, case: Case) -> bool:
        """Whether the case may be theirs at all; how busy they are is another question."""
        if case.escalated and not self.lead:
            return False
        if "*" not in self.markets and case.market not in self.markets:
            return False
        # Who is at their desk helps where there is danger, whatever the hour.
        return case.safety or case.market in self.on_duty

    @property
    def is_free(self) -> bool:
        """Whether they can have one more."""
        return self.load < self.capacity

    def speaks(self, case: Case) -> bool:
        """Whether they need no translation."""
        return not case.language or case.language in self.languages

    def knows(self, case: Case) -> bool:
        """Whether they know the product."""
        return not case.category or not self.skills or case.category in self.skills


@dataclass(frozen=True)
class Choice:
    """Who gets it; an empty name: nobody yet."""

    name: str
    reason: Reason


def choose(case: Case, workers: Iterable[Worker]) -> Choice:
    """Who gets the case: who had the customer before, else who speaks the language, knows the product, is no lead
    unless one is asked for, has the smallest share of their capacity taken, and was given nothing for the longest.
    """
    able = [worker for worker in workers if worker.can_take(case)]
    free = [worker for worker in able if worker.is_free]
    if not free:
        return Choice("", Reason.FULL if able else Reason.NOBODY)
    speakers = [worker for worker in free if worker.speaks(case)]
    if not speakers and not case.at_risk and not case.safety and any(worker.speaks(case) for worker in able):
        return Choice("", Reason.SPEAKERS_FULL)
    candidates = speakers or free
    again = next((worker for worker in candidates if worker.name == case.before), None)
    if again:
        return Choice(again.name, Reason.RETURNS)
    best = min(candidates, key=lambda worker: _rank(worker, case))
    reason = Reason.SPEAKS if speakers else Reason.TRANSLATES
    return Choice(best.name, Reason.LEAD if case.escalated else reason)


def plan(cases: Sequence[Case], workers: Sequence[Worker], now: float) -> list[tuple[Case, Choice]]:
    """Each case that somebody gets, in the order in which they are given: danger, then the nearest promise first."""
    at_work = {worker.name: worker for worker in workers}
    given = []
    for case in sorted(cases, key=lambda case: (not case.safety, case.promised_at, case.id)):
        if not any(worker.is_free for worker in at_work.values()):
            break
        choice = choose(case, at_work.values())
        if choice.name:
            busier = at_work[choice.name]
            at_work[choice.name] = replace(busier, load=busier.load + 1, idle_since=now)
            given.append((case, choice))
    return given


def _rank(worker: Worker, case: Case) -> tuple[bool, bool, float, float, str]:
    # Leads stay free for what only they can decide, unless nobody else knows the product.
    return (
        not worker.knows(case),
        worker.lead and not case.escalated,
        worker.load / worker.capacity,
        worker.idle_since,
        worker.name,
    )


@dataclass(frozen=True)
class Absence:
    """How somebody who has conversations stands."""

    disabled: bool
    away: bool  # says so
    changed_at: float  # when they last changed what they say
    seen_at: float | None
    on_duty: bool


def gone_since(absence: Absence, now: float, seen_s: float) -> tuple[str, float] | None:
    """(why, since when) somebody does not answer what they have; None: they are at work."""
    if absence.disabled:
        return "disabled", 0.0
    if absence.seen_at is None or now - absence.seen_at > seen_s:
        return "not_seen", absence.seen_at or 0.0
    if absence.away:
        return "away", absence.changed_at
    return None if absence.on_duty else ("off_duty", 0.0)
