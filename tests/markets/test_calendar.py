from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SetupError
from core.settings import PROJECT
from markets.calendar import is_open, next_opening, promise
from markets.hours import opening_ranges
from markets.load import load_market, load_markets
from markets.profile import MarketProfile

MARKETS = load_markets(PROJECT / "markets" / "data")


def at(code: str, local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=MARKETS[code].zone)


# market, local time (23 November 2026 is a Monday), open?
HOURS = [
    ("US", "2026-11-23T08:00", True), ("US", "2026-11-23T20:00", False), ("US", "2026-11-22T11:00", True),
    ("GB", "2026-11-23T17:59", True), ("GB", "2026-11-28T12:00", True), ("GB", "2026-11-28T13:00", False),
    ("DE", "2026-11-23T07:59", False), ("DE", "2026-11-28T10:00", True), ("DE", "2026-11-22T12:00", False),
    ("FR", "2026-11-23T12:29", True), ("FR", "2026-11-23T12:30", False), ("FR", "2026-11-23T13:30", True),
    ("IT", "2026-11-23T13:30", False), ("IT", "2026-11-23T14:30", True), ("IT", "2026-11-28T10:00", False),
    ("ES", "2026-11-23T15:00", False), ("ES", "2026-11-23T18:59", True), ("ES", "2026-11-27T16:30", False),
    ("MX", "2026-11-23T18:59", True), ("MX", "2026-11-28T13:59", True), ("MX", "2026-11-28T14:00", False),
    ("BR", "2026-11-23T08:00", True), ("BR", "2026-11-28T09:00", True), ("BR", "2026-11-29T10:00", False),
    ("SA", "2026-11-22T09:00", True), ("SA", "2026-11-22T14:00", False), ("SA", "2026-11-27T10:00", False),
    ("JP", "2026-11-24T10:00", True), ("JP", "2026-11-24T13:00", False), ("JP", "2026-11-24T17:59", True),
    ("KR", "2026-11-23T12:45", False), ("KR", "2026-11-23T13:30", True), ("KR", "2026-11-23T17:30", False),
    ("TW", "2026-11-23T12:30", False), ("TW", "2026-11-23T13:00", True), ("TW", "2026-11-28T10:00", False),
    ("SG", "2026-11-28T15:59", True), ("SG", "2026-11-28T16:00", False), ("SG", "2026-11-29T12:00", False),
    ("TH", "2026-11-28T17:59", True), ("TH", "2026-11-29T12:00", False), ("TH", "2026-11-23T08:59", False),
    ("ID", "2026-11-27T12:00", False), ("ID", "2026-11-27T13:00", True), ("ID", "2026-11-26T12:00", True),
    ("VN", "2026-11-23T12:30", False), ("VN", "2026-11-28T11:59", True), ("VN", "2026-11-28T14:00", False),
    ("IN", "2026-11-28T18:59", True), ("IN", "2026-11-29T12:00", False), ("IN", "2026-11-23T10:00", True),
]  # fmt: skip


@pytest.mark.parametrize(("code", "local", "expected"), HOURS)
def test_opening_hours(code: str, local: str, expected: bool) -> None:
    assert is_open(MARKETS[code], at(code, local)) is expected
    assert is_open(MARKETS[code], at(code, local).astimezone(UTC)) is expected


# One holiday of each market, on a day and at an hour when people are in otherwise.
HOLIDAYS = [
    ("US", "2026-11-26"), ("GB", "2026-12-28"), ("DE", "2027-03-08"), ("FR", "2026-07-14"), ("IT", "2026-12-07"),
    ("ES", "2026-10-12"), ("MX", "2026-11-16"), ("BR", "2026-09-07"), ("SA", "2026-09-23"), ("JP", "2026-11-23"),
    ("KR", "2026-10-09"), ("TW", "2026-10-09"), ("SG", "2026-08-10"), ("TH", "2026-04-13"), ("ID", "2026-08-17"),
    ("VN", "2026-09-02"), ("IN", "2026-10-02"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "day"), HOLIDAYS)
def test_holidays_are_closed(code: str, day: str) -> None:
    moment = at(code, f"{day}T10:30")
    assert MARKETS[code].week[moment.weekday()], "the test needs a day that is open otherwise"
    assert not is_open(MARKETS[code], moment)
    assert next_opening(MARKETS[code], moment).date() > moment.date()


def test_extra_and_removed_holidays() -> None:
    assert not is_open(MARKETS["DE"], at("DE", "2027-12-24T10:00"))  # 12-24, every year
    assert not is_open(MARKETS["US"], at("US", "2026-11-27T10:00"))  # dated
    assert is_open(MARKETS["US"], at("US", "2026-11-11T10:00"))  # Veterans Day, removed


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2027-02-14T09:30", False),  # ordinary slot, replaced in Ramadan
        ("2027-02-14T15:30", True),
        ("2027-02-14T22:00", True),
        ("2027-02-15T00:30", True),  # past midnight
        ("2027-02-15T01:00", False),
        ("2027-02-19T22:00", False),  # a Friday stays closed
        ("2027-02-19T00:30", True),  # … but Thursday's slot reaches into it
    ],
)
def test_ramadan_slots_past_midnight(local: str, expected: bool) -> None:
    assert is_open(MARKETS["SA"], at("SA", local)) is expected


@pytest.mark.parametrize(
    ("code", "now", "opens"),
    [
        ("DE", "2026-11-23T12:00", "2026-11-23T12:00"),  # open: now
        ("DE", "2026-11-21T14:00", "2026-11-23T08:00"),  # Saturday afternoon
        ("IT", "2026-11-23T13:00", "2026-11-23T14:30"),  # midday break
        ("SA", "2026-11-26T21:00", "2026-11-29T09:00"),  # Thursday night to Sunday
        ("DE", "2026-12-23T18:00", "2026-12-28T08:00"),  # Christmas
        ("JP", "2026-12-28T18:00", "2027-01-04T10:00"),  # New Year
        ("TW", "2027-02-03T18:00", "2027-02-11T09:00"),  # Lunar New Year
        ("DE", "2026-03-28T14:00", "2026-03-30T08:00"),  # over the start of summer time
        ("DE", "2026-10-24T14:00", "2026-10-26T08:00"),  # over its end
    ],
)
def test_next_opening(code: str, now: str, opens: str) -> None:
    opening = next_opening(MARKETS[code], at(code, now))
    assert opening == at(code, opens)
    assert opening.tzinfo == MARKETS[code].zone


@pytest.mark.parametrize(
    ("code", "tier", "now", "due"),
    [
        ("DE", "safety", "2026-11-22T03:00", "2026-11-22T05:00"),  # Sunday night: around the clock
        ("DE", "ordinary", "2026-11-23T10:00", "2026-11-24T10:00"),
        ("DE", "ordinary", "2026-11-23T19:00", "2026-11-25T08:00"),  # counts from Tuesday 08:00
        ("DE", "ordinary", "2026-11-20T16:30", "2026-11-23T08:00"),  # Friday + 24 h is closed Saturday
        ("DE", "ordinary", "2026-11-21T09:00", "2026-11-23T08:00"),  # from Saturday 10:00, Sunday is closed
        ("IT", "ordinary", "2026-11-23T13:30", "2026-11-24T14:30"),
        ("IT", "ordinary", "2026-11-23T18:45", "2026-11-25T09:00"),
        ("SA", "ordinary", "2026-11-26T20:00", "2026-11-29T09:00"),
        ("DE", "parts", "2026-11-23T10:00", "2026-11-26T10:00"),
        ("DE", "parts", "2026-12-23T17:00", "2026-12-28T08:00"),
        ("US", "ordinary", "2026-11-25T19:00", "2026-11-28T10:00"),  # Thanksgiving and the day after
    ],
)
def test_promise(code: str, tier: str, now: str, due: str) -> None:
    assert promise(MARKETS[code], tier, at(code, now)) == at(code, due)


def test_safety_counts_real_hours_when_clocks_change() -> None:
    before = at("DE", "2026-03-29T01:30")
    assert promise(MARKETS["DE"], "safety", before) - before.astimezone(UTC) == timedelta(hours=2)
    assert promise(MARKETS["DE"], "safety", before).hour == 4


def test_slots_across_a_clock_change(german) -> None:
    path = german / "DE.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('sat: ["10:00-14:00"]', 'sat: ["22:00-06:00"]'), encoding="utf-8")
    night = load_market(path)
    start = datetime(2026, 3, 28, 22, tzinfo=night.zone).astimezone(UTC)
    minutes = [start + timedelta(minutes=15 * step) for step in range(4 * 10)]
    assert sum(is_open(night, minute) for minute in minutes) == 4 * 7  # eight hours on the wall, seven in fact


def test_phrase_parts() -> None:
    def ranges(code: str) -> list[tuple[int, int, int]]:
        return [(part.first, part.last, len(part.slots)) for part in opening_ranges(MARKETS[code].week)]

    assert ranges("DE") == [(0, 4, 1), (5, 5, 1)]
    assert ranges("US") == [(0, 4, 1), (5, 6, 1)]
    assert ranges("SA") == [(6, 3, 2)]  # Sunday to Thursday
    assert ranges("ES") == [(0, 3, 2), (4, 4, 1)]
    assert ranges("ID") == [(0, 3, 1), (4, 4, 2), (5, 5, 1)]


def test_every_day_alike_is_one_range(german) -> None:
    path = german / "DE.yml"
    old = '  mon-fri: ["08:00-18:00"]\n  sat: ["10:00-14:00"]'
    path.write_text(path.read_text().replace(old, '  mon-sun: ["00:00-24:00"]'), encoding="utf-8")
    always = load_market(path)
    assert [(part.first, part.last) for part in opening_ranges(always.week)] == [(0, 6)]
    assert is_open(always, datetime(2026, 11, 23, 0, 0, tzinfo=always.zone))


def test_naive_times_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        is_open(MARKETS["DE"], datetime(2026, 11, 23, 12))  # noqa: DTZ001


def test_no_opening_within_sixty_days_is_an_error(german) -> None:
    path = german / "DE.yml"
    days = [f'"{month:02d}-{day:02d}"' for month in range(1, 13) for day in range(1, 29)]
    days += [f'"{month:02d}-{day}"' for month in range(1, 13) for day in (29, 30) if month != 2]
    days += [f'"{month:02d}-31"' for month in (1, 3, 5, 7, 8, 10, 12)]
    text = path.read_text(encoding="utf-8").replace('extra: ["12-24", "12-31"]', f"extra: [{', '.join(days)}]")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SetupError, match="DE has no opening within 60 days"):
        next_opening(load_market(path), datetime(2026, 11, 23, 12, tzinfo=UTC))


moments = st.datetimes(datetime(2025, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.sampled_from(sorted(MARKETS)), moments)
def test_openings_and_promises_hold_everywhere(code: str, moment: datetime) -> None:
    profile: MarketProfile = MARKETS[code]
    opening = next_opening(profile, moment)
    assert opening >= moment
    assert is_open(profile, opening)
    assert is_open(profile, moment) == (opening == moment)
    for tier, hours in profile.promise_hours.items():
        due = promise(profile, tier, moment)
        assert due >= moment + timedelta(hours=hours)
        assert tier == "safety" or is_open(profile, due)
        assert due.tzinfo == ZoneInfo(profile.time_zone)
