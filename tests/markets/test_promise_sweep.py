"""Every market through 2026 to 2028, against a grid of quarter hours that is made another way.

The grid takes the day's slots and the zone's offset, and no arithmetic of the product. By itself the sweep takes every
61st hour and the hours around clock changes and holidays; AFTERSAIL_PROMISE_SWEEP=full takes every hour (minutes).
"""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.settings import PROJECT
from markets.calendar import is_open
from markets.load import load_markets
from markets.promise import promise
from markets.promise_model import Promise, Reason
from markets.roster import Roster, Shift

MARKETS = load_markets(PROJECT / "markets" / "data")
FULL = os.environ.get("AFTERSAIL_PROMISE_SWEEP") == "full"
STEP = 1 if FULL else 61
HOUR, DAY, QUARTER = timedelta(hours=1), timedelta(days=1), timedelta(minutes=15)
ZERO = datetime(2025, 12, 1, tzinfo=UTC)  # of the grid
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
HOURS = (LAST - FIRST) // HOUR
QUARTERS = (LAST + 60 * DAY - ZERO) // QUARTER
DAY_QUARTERS = 96


@cache
def offsets(code: str) -> np.ndarray:
    """The zone's offset in quarters, for each quarter of the grid; no market changes its clocks within an hour."""
    zone = MARKETS[code].zone
    hours = (ZERO + HOUR * number for number in range(QUARTERS // 4))
    return np.repeat([moment.astimezone(zone).utcoffset() // QUARTER for moment in hours], 4)


@cache
def grid(code: str) -> np.ndarray:
    """Whether the market is open, for each quarter hour from ZERO on."""
    days = QUARTERS // DAY_QUARTERS + 4
    wall = np.zeros(days * DAY_QUARTERS, bool)
    for number in range(days - 1):
        for slot in MARKETS[code].slots_on(ZERO.date() + DAY * (number - 1)):
            start, end = (minutes // 15 for minutes in slot.minutes)
            wall[number * DAY_QUARTERS + start : number * DAY_QUARTERS + end] = True
    return wall[np.arange(QUARTERS) + DAY_QUARTERS + offsets(code)]


@cache
def expected(code: str, hours: int) -> np.ndarray:
    """Quarter of the grid that is due, for each hour from FIRST on: the rule of docs/promises.md, from the grid."""
    is_in = grid(code)
    opens = np.flatnonzero(is_in)
    following = np.searchsorted(opens, np.arange(len(is_in)))  # number of the next open quarter
    asked = (FIRST - ZERO) // QUARTER + 4 * np.arange(HOURS)
    start = opens[following[asked]]
    rolled = opens[following[start + 4 * hours]]
    least = opens[following[start] + 4]
    return np.maximum(rolled, least)


def quarter(moment: datetime) -> int:
    count, rest = divmod(moment - ZERO, QUARTER)
    assert not rest
    return count


def special_hours(code: str) -> Iterator[int]:
    """Hours since FIRST around clock changes, and before and on holidays."""
    changes = np.flatnonzero(np.diff(offsets(code)[(FIRST - ZERO) // QUARTER :][::4]))
    yield from (int(change) + near for change in changes for near in range(-26, 3, 1 if FULL else 4))
    day = FIRST.date()
    while day < LAST.date():
        if MARKETS[code].week[day.weekday()] and MARKETS[code].holidays.is_holiday(day):
            noon = int((datetime(day.year, day.month, day.day, 5, tzinfo=UTC) - FIRST) / HOUR)
            yield from (noon - 20, noon)
        day += DAY


def sampled(code: str) -> list[int]:
    start = sorted(MARKETS).index(code) % STEP
    return sorted({hour for hour in [*range(start, HOURS, STEP), *special_hours(code)] if 0 <= hour < HOURS})


def check(code: str, asked: datetime, made: Promise) -> None:
    """What holds for every promise, whatever is known of roster, queue and channel."""
    assert asked < made.told.at_risk_from < made.told_at
    assert made.first_reply.due <= made.told_at <= made.solution.due
    for clock in filter(None, (made.first_reply, made.solution, made.parts)):
        assert made.tier == "safety" or is_open(MARKETS[code], clock.due)
    if made.tier == "safety":
        assert made.told_at <= asked + 2 * HOUR


@pytest.mark.parametrize("code", sorted(MARKETS))
def test_every_market(code: str) -> None:
    market, hours = MARKETS[code], sampled(code)
    due = {tier: expected(code, market.promise_hours[tier]) for tier in ("ordinary", "parts")}
    before: dict[str, datetime] = {}
    for number in hours:
        asked = FIRST + number * HOUR
        for tier in ("ordinary", "parts", "safety"):
            made = promise(market, tier, asked)
            check(code, asked, made)
            if tier == "safety":
                assert made.told_at == asked + 2 * HOUR
            else:
                assert quarter(made.told_at) == due[tier][number], (code, tier, asked)
            assert made.told_at >= before.get(tier, FIRST), "asked later, promised earlier"
            before[tier] = made.told_at


@pytest.mark.parametrize("code", sorted(MARKETS))
def test_the_rule_itself_in_every_hour(code: str) -> None:
    """The grid that the engine agrees with: in order, open, not in the past, and bounded in working time."""
    for tier in ("ordinary", "parts"):
        hours = MARKETS[code].promise_hours[tier]
        due, is_in = expected(code, hours), grid(code)
        asked = (FIRST - ZERO) // QUARTER + 4 * np.arange(HOURS)
        assert (np.diff(due) >= 0).all()
        assert is_in[due].all()
        count = np.concatenate([[0], np.cumsum(is_in)])
        worked = count[due] - count[asked]
        assert worked.min() >= 4  # an hour of work at least
        assert worked.max() <= 4 * hours  # and never more than the tier's hours
        assert (due - asked).min() >= 4 * hours


@st.composite
def facts(draw: st.DrawFn) -> dict:
    code = draw(st.sampled_from(sorted(MARKETS)))
    asked = FIRST + draw(st.integers(0, HOURS * 3600 - 1)) * timedelta(seconds=1)
    shifts = tuple(
        Shift(f"agent {number % 3}", asked + start * QUARTER, asked + (start + length) * QUARTER)
        for number, (start, length) in enumerate(
            draw(st.lists(st.tuples(st.integers(-20, 200), st.integers(1, 40)), max_size=5))
        )
    )
    roster = st.builds(Roster, st.just(shifts), st.integers(1, 300).map(lambda ahead: asked + ahead * QUARTER))
    known = {
        "on_duty": draw(st.none() | roster),
        "queue_ahead": draw(st.none() | st.integers(0, 200)),
        "channel_closes_at": draw(st.none() | st.integers(-10, 400).map(lambda ahead: asked + ahead * QUARTER)),
    }
    return {
        "code": code,
        "asked": asked,
        "tier": draw(st.sampled_from(["safety", "ordinary", "parts"])),
        "known": known,
    }


def working(code: str, roster: Roster | None, moment: datetime) -> bool:
    known = roster is None or moment >= roster.known_until or roster.people_at(moment) > 0
    return known and is_open(MARKETS[code], moment)


@given(facts(), st.integers(1, 72 * 3600))
@settings(max_examples=3000 if FULL else 250, deadline=None)
def test_whatever_is_known(facts: dict, later: int) -> None:
    code, tier, asked, known = facts["code"], facts["tier"], facts["asked"], facts["known"]
    market, closes = MARKETS[code], known["channel_closes_at"]
    made = promise(market, tier, asked, **known)
    check(code, asked, made)
    assert tier == "safety" or working(code, known["on_duty"], made.told_at)
    alone = promise(market, tier, asked, on_duty=known["on_duty"])
    assert made.told_at <= alone.told_at, "queue and channel never make it later"
    margin = timedelta(minutes=market.promise_rules.margin_minutes)
    assert made.by_template == (closes is not None and made.told_at > closes - margin)
    assert made.by_template == (Reason.BY_TEMPLATE in made.reasons)
    # With the same facts, who asks later is never promised an earlier moment.
    assert promise(market, tier, asked + later * timedelta(seconds=1), **known).told_at >= made.told_at


@given(facts())
@settings(max_examples=1000 if FULL else 100, deadline=None)
def test_more_people_and_fewer_waiting_are_never_worse(facts: dict) -> None:
    market, tier, asked, roster = MARKETS[facts["code"]], facts["tier"], facts["asked"], facts["known"]["on_duty"]
    told = [promise(market, tier, asked, on_duty=roster, queue_ahead=ahead).told_at for ahead in (0, 5, 25, 125)]
    assert all(left <= right for left, right in pairwise(told))
    if roster:
        more = Roster((*roster.shifts, Shift("more", asked, asked + 8 * HOUR)), roster.known_until)
        assert promise(market, tier, asked, on_duty=more, queue_ahead=5).told_at <= told[1]


def test_the_sweep_meets_holidays_and_clock_changes() -> None:
    assert sum(len(sampled(code)) for code in MARKETS) > 7_000
    assert all(len(list(special_hours(code))) > 30 for code in MARKETS)
    assert date(2026, 3, 29) in {(FIRST + hour * HOUR).date() for hour in special_hours("DE")}
