"""Openings in every time zone, where clocks jump, and past midnight."""

import os
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise, takewhile
from zoneinfo import ZoneInfo, available_timezones

import pytest

from markets.hours import Slot, parse_slot
from markets.openings import first_moment, openings
from markets.working_time import Span, WorkingTime

FULL = os.environ.get("AFTERSAIL_PROMISE_SWEEP") == "full"
ZONES = sorted(available_timezones() - {"localtime"})
YEARS = (date(2026, 1, 1), date(2029, 1, 1))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# What a shift plan may hold around a change: whole days, nights, edges in the hour that is skipped or shown twice.
PLANS = {
    "whole days": ("00:00-24:00",),
    "night": ("22:00-06:00",),
    "edges in the change": ("00:30-01:30", "01:45-02:30", "02:30-03:15"),
    "midnight": ("00:00-00:30", "12:00-13:00", "23:15-24:00"),
    "split past midnight": ("09:00-13:00", "21:00-01:30"),
}


@cache
def changes(name: str, first: date = YEARS[0], last: date = YEARS[1]) -> tuple[datetime, ...]:
    """The moments at which the zone's offset changes, to the second."""
    zone, found = ZoneInfo(name), []
    start, end = (datetime.combine(day, time(), tzinfo=UTC) for day in (first, last))
    days = [start + DAY * number for number in range((end - start).days + 1)]
    for low, high in pairwise(days):
        if low.astimezone(zone).utcoffset() == high.astimezone(zone).utcoffset():
            continue
        while high - low > timedelta(seconds=1):
            middle = low + (high - low) // 2
            same = middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset()
            low, high = (middle, high) if same else (low, middle)
        found.append(high.replace(microsecond=0))
    return tuple(found)


def spans(plan: str, zone: str, at: datetime, until: datetime) -> list[Span]:
    slots = tuple(parse_slot(text) for text in PLANS[plan])
    return list(takewhile(lambda span: span.start < until, openings(lambda _: slots, ZoneInfo(zone), at)))


def reaches(zone: ZoneInfo, wall: datetime, around: datetime) -> datetime:
    """The first minute near `around` whose clock shows `wall` or a later time: the slow way."""
    minutes = (around + timedelta(minutes=number) for number in range(-30 * 60, 30 * 60))
    return next(moment for moment in minutes if moment.astimezone(zone).replace(tzinfo=None) >= wall)


def moments(name: str) -> tuple[datetime, ...]:
    every = changes(name)
    return every if FULL else every[:2]


def test_there_are_changes_to_test() -> None:
    counts = {name: len(changes(name)) for name in ZONES}
    assert len(ZONES) > 500
    assert counts["Europe/Berlin"] == counts["America/New_York"] == counts["Australia/Lord_Howe"] == 6
    assert counts["America/Sao_Paulo"] == counts["Asia/Kolkata"] == 0
    assert sum(map(bool, counts.values())) > 150


@pytest.mark.parametrize("plan", PLANS)
def test_openings_in_every_zone(plan: str) -> None:
    """Spans are in order, and each edge is the first moment at which the clock reaches it."""
    for name in ZONES:
        zone = ZoneInfo(name)
        for change in moments(name) or (datetime(2027, 6, 15, 11, 30, tzinfo=UTC),):
            found = spans(plan, name, change - DAY, change + DAY)
            assert all(left.end <= right.start for left, right in pairwise(found)), name
            assert all(span.start < span.end for span in found), name
            slots = [parse_slot(text) for text in PLANS[plan]]
            for edge in {edge for span in found for edge in (span.start, span.end)}:
                _is_first_moment(zone, edge, slots)


def _is_first_moment(zone: ZoneInfo, edge: datetime, slots: list[Slot]) -> None:
    def shown(moment: datetime) -> datetime:
        return moment.astimezone(zone).replace(tzinfo=None)

    before = shown(edge - timedelta(seconds=1))
    clocks = {clock for slot in slots for clock in (slot.start, slot.end)}
    walls = {datetime.combine(before.date() + DAY * ahead, clock) for ahead in (0, 1) for clock in clocks}
    assert any(before < wall <= shown(edge) for wall in walls), (zone, edge)


def test_whole_days_are_all_of_the_time_in_every_zone() -> None:
    for name in ZONES:
        for change in moments(name) or (datetime(2027, 6, 15, tzinfo=UTC),):
            start, end = change - 30 * HOUR, change + 30 * HOUR
            work = WorkingTime(openings(lambda _: (parse_slot("00:00-24:00"),), ZoneInfo(name), start))
            assert work.between(start, end) == end - start, (name, change)
            assert work.after(start, 30 * HOUR) == change, (name, change)


def test_a_night_shift_is_shorter_or_longer_by_the_change() -> None:
    for name in ZONES:
        zone = ZoneInfo(name)
        for change in moments(name):
            local = (change - timedelta(seconds=1)).astimezone(zone)
            if not (local.hour >= 22 or local.hour < 5):
                continue
            offsets = [moment.astimezone(zone).utcoffset() for moment in (change - HOUR, change)]
            night = next(span for span in spans("night", name, change - HOUR, change + DAY) if span.end > change)
            assert night.end - night.start == 8 * HOUR - (offsets[1] - offsets[0]), (name, change)


def test_every_quarter_of_the_days_around_a_change() -> None:
    """first_moment against a search minute by minute, with jumps of 30 to 120 minutes and at midnight."""
    names = (
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/Havana",
        "Antarctica/Troll", "Asia/Beirut", "America/Santiago", "Africa/Casablanca", "America/St_Johns",
    )  # fmt: skip
    for name in names:
        zone = ZoneInfo(name)
        for change in changes(name)[:2]:
            day = (change - timedelta(seconds=1)).astimezone(zone).date()
            for quarter in range(0, 96, 1 if FULL else 3):
                clock = time(quarter // 4, quarter % 4 * 15)
                found = first_moment(day, clock, zone)
                assert found == reaches(zone, datetime.combine(day, clock), found), (name, day, clock)


@pytest.mark.parametrize(
    ("zone", "day", "clock", "moment"),
    [
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:00"),  # skipped: the jump itself
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30"),  # twice: the first
        ("America/New_York", "2026-03-08", "02:00", "2026-03-08T07:00"),
        ("America/New_York", "2026-11-01", "01:00", "2026-11-01T05:00"),
        ("America/Havana", "2026-03-08", "00:00", "2026-03-08T05:00"),  # midnight is skipped
        ("America/Havana", "2026-11-01", "00:00", "2026-11-01T04:00"),  # midnight comes twice
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30"),  # half an hour
        ("Pacific/Apia", "2011-12-30", "12:00", "2011-12-30T10:00"),  # a whole day is skipped
        ("Asia/Kathmandu", "2026-06-01", "09:00", "2026-06-01T03:15"),
    ],
)
def test_first_moment(zone: str, day: str, clock: str, moment: str) -> None:
    found = first_moment(date.fromisoformat(day), time.fromisoformat(clock), ZoneInfo(zone))
    assert found == datetime.fromisoformat(moment).replace(tzinfo=UTC)


def test_a_skipped_day_has_no_opening() -> None:
    apia = spans(
        "split past midnight", "Pacific/Apia", datetime(2011, 12, 29, tzinfo=UTC), datetime(2012, 1, 1, tzinfo=UTC)
    )
    days = {span.start.astimezone(ZoneInfo("Pacific/Apia")).date() for span in apia}
    assert date(2011, 12, 30) not in days
    assert {date(2011, 12, 29), date(2011, 12, 31)} <= days


def test_a_special_night_that_reaches_into_the_next_slot_is_counted_once() -> None:
    def slots_on(day: date) -> tuple[Slot, ...]:
        return (parse_slot("20:00-02:00" if day == date(2026, 11, 23) else "01:00-09:00"),)

    start = datetime(2026, 11, 23, 12, tzinfo=UTC)
    work = WorkingTime(openings(slots_on, ZoneInfo("UTC"), start))
    assert work.between(start, start + DAY) == 13 * HOUR
    assert work.after(start, 7 * HOUR) == datetime(2026, 11, 24, 3, tzinfo=UTC)
