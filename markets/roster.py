"""Who is on duty: shifts as the desk knows them, and what they make of a market's opening hours. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from markets.openings import utc
from markets.working_time import Span, common

MAX_AHEAD = timedelta(days=14)  # a roster says nothing about the time after it
MAX_SHIFTS = 5_000


@dataclass(frozen=True)
class Shift:
    """One person's duty; both moments are aware. Raises ValueError when it ends before it starts."""

    person: str
    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if utc(self.end) <= utc(self.start):
            raise ValueError(f"the shift of {self.person} ends at {self.end}, not after its start at {self.start}")


@dataclass(frozen=True)
class Roster:
    """All shifts up to `known_until`; from then on the opening hours alone count. Raises ValueError for too many."""

    shifts: tuple[Shift, ...]
    known_until: datetime

    def __post_init__(self) -> None:
        utc(self.known_until)
        if len(self.shifts) > MAX_SHIFTS:
            raise ValueError(f"{len(self.shifts)} shifts are too many; pass those of the next {MAX_AHEAD.days} days")

    def people_at(self, at: datetime) -> int:
        """How many are on duty at `at`; somebody with two shifts counts once."""
        return len({shift.person for shift in self.shifts if utc(shift.start) <= utc(at) < utc(shift.end)})

    def on_duty(self, openings: Iterable[Span], now: datetime) -> Iterator[Span]:
        """The parts of `openings` when somebody is on duty, with how many; endless like `openings`."""
        known_until = min(utc(self.known_until), utc(now) + MAX_AHEAD)
        duties = [*self._duties(known_until), Span(known_until, datetime.max.replace(tzinfo=known_until.tzinfo))]
        return common(openings, duties)

    def _duties(self, known_until: datetime) -> Iterator[Span]:
        """Shifts before `known_until`, each person's overlapping ones joined."""
        reached: dict[str, datetime] = {}
        for shift in sorted(self.shifts, key=lambda shift: utc(shift.start)):
            start = max(utc(shift.start), reached.get(shift.person, utc(shift.start)))
            end = min(utc(shift.end), known_until)
            if start < end:
                yield Span(start, end)
                reached[shift.person] = end
