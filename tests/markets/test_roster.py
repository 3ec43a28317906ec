"""Shifts and what they leave of the opening hours."""

from datetime import UTC, datetime, timedelta
from itertools import takewhile

import pytest

from markets.roster import MAX_SHIFTS, Roster, Shift
from markets.working_time import Span

START = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = timedelta(hours=1)


def shift(person: str, start: float, end: float) -> Shift:
    return Shift(person, START + start * HOUR, START + end * HOUR)


def on_duty(roster: Roster, *openings: tuple[float, float]) -> list[tuple[float, float, int]]:
    spans = (Span(START + start * HOUR, START + end * HOUR) for start, end in openings)
    found = takewhile(lambda span: span.start < START + 1000 * HOUR, roster.on_duty(spans, START))
    return [((span.start - START) / HOUR, (span.end - START) / HOUR, span.people) for span in found]


@pytest.mark.parametrize(
    ("shifts", "known", "openings", "expected"),
    [
        ([("a", 8, 12)], 48, [(9, 18)], [(9, 12, 1)]),
        ([("a", 8, 12), ("b", 10, 20)], 48, [(9, 18)], [(9, 10, 1), (10, 12, 2), (12, 18, 1)]),
        ([("a", 8, 12), ("a", 10, 14)], 48, [(9, 18)], [(9, 12, 1), (12, 14, 1)]),  # one person, twice on the plan
        ([("a", 8, 12), ("a", 9, 10)], 48, [(9, 18)], [(9, 12, 1)]),
        ([("a", 8, 20)], 48, [(9, 12), (14, 18)], [(9, 12, 1), (14, 18, 1)]),  # a split day
        ([], 12, [(9, 18)], [(12, 18, 1)]),  # not known from 12 on
        ([("a", 8, 20)], 12, [(9, 18)], [(9, 12, 1), (12, 18, 1)]),
        ([("b", 30, 40)], 48, [(9, 18), (33, 42)], [(33, 40, 1)]),
        ([], 2000, [(9, 18), (400, 410)], [(400, 410, 1)]),  # a roster rules 14 days at most
    ],
)
def test_on_duty(shifts: list, known: float, openings: list, expected: list) -> None:
    roster = Roster(tuple(shift(*row) for row in shifts), START + known * HOUR)
    assert on_duty(roster, *openings) == expected


def test_people_at() -> None:
    roster = Roster((shift("a", 8, 12), shift("a", 10, 14), shift("b", 11, 12)), START + 48 * HOUR)
    assert [roster.people_at(START + hour * HOUR) for hour in (7, 8, 11, 12, 14)] == [0, 1, 2, 1, 0]


def test_wrong_rosters_are_refused() -> None:
    with pytest.raises(ValueError, match="not after its start"):
        shift("a", 8, 8)
    with pytest.raises(ValueError, match="without time zone"):
        Shift("a", datetime(2026, 11, 23, 8), START + 10 * HOUR)  # noqa: DTZ001
    with pytest.raises(ValueError, match="too many"):
        Roster((shift("a", 8, 9),) * (MAX_SHIFTS + 1), START)
