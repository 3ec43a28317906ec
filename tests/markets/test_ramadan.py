"""Ramadan by calculation, as announced, and what it makes of opening hours."""

from datetime import date, timedelta

import pytest

from core.errors import ContentError
from markets.hours import parse_slot
from markets.load import load_market
from markets.ramadan import RamadanHours, months_of

SLOT = "10:00-15:00"


def hours(*announced: tuple[str, str]) -> RamadanHours:
    return RamadanHours.model_validate(
        {"slots": [SLOT], "announced": [{"from": first, "to": last} for first, last in announced]}
    )


def days_of(ramadan: RamadanHours, year: int) -> list[date]:
    return [day for number in range(366) if ramadan.slots_on(day := date(year, 1, 1) + timedelta(number))]


@pytest.mark.parametrize(
    ("year", "months"),
    [  # first and last day of Umm al-Qura's months
        (2025, [("2025-03-01", "2025-03-29")]),
        (2026, [("2026-02-18", "2026-03-19")]),
        (2027, [("2027-02-08", "2027-03-08")]),
        (2028, [("2028-01-28", "2028-02-25")]),
        (2030, [("2030-01-05", "2030-02-03"), ("2030-12-26", "2031-01-23")]),  # two in a year
        (2031, [("2030-12-26", "2031-01-23"), ("2031-12-15", "2032-01-13")]),
        (2200, []),
    ],
)
def test_months(year: int, months: list[tuple[str, str]]) -> None:
    assert [(first.isoformat(), last.isoformat()) for first, last in months_of(year)] == months


def test_every_year_of_the_table_has_a_whole_month() -> None:
    for year in range(2000, 2077):
        months = [month for month in months_of(year) if month[0].year == year]
        assert months
        assert all((last - first).days + 1 in (29, 30) for first, last in months), year


def test_hours_apply_in_the_month_alone() -> None:
    days = days_of(hours(), 2027)
    assert (days[0], days[-1], len(days)) == (date(2027, 2, 8), date(2027, 3, 8), 29)
    assert hours().slots_on(days[0]) == (parse_slot(SLOT),)


def test_an_announced_month_replaces_the_calculated_one() -> None:
    days = days_of(hours(("2027-02-09", "2027-03-09")), 2027)
    assert (days[0], days[-1], len(days)) == (date(2027, 2, 9), date(2027, 3, 9), 29)
    assert days_of(hours(("2027-02-09", "2027-03-09")), 2028)[0] == date(2028, 1, 28)  # other years as calculated


def test_slots_come_in_time_order() -> None:
    ramadan = RamadanHours.model_validate({"slots": ["21:00-01:00", SLOT]})
    assert [slot.start.hour for slot in ramadan.slots_on(date(2027, 2, 10))] == [10, 21]


def test_holidays_and_closed_days_stay_closed(markets) -> None:
    saudi = markets["SA"]
    assert saudi.slots_on(date(2027, 2, 12)) == ()  # a Friday
    assert saudi.slots_on(date(2027, 2, 22)) == ()  # Founding Day
    assert len(saudi.slots_on(date(2027, 2, 21))) == 2


def test_a_dated_exception_goes_first(german) -> None:
    path = german / "DE.yml"
    text = path.read_text(encoding="utf-8")
    added = (
        'exceptions:\n  - {from: 2027-02-10, to: 2027-02-10, slots: ["12:00-13:00", "08:00-09:00"]}\n'
        'ramadan_hours: {slots: ["10:00-11:00"]}\n'
    )
    path.write_text(text.replace("holidays:\n", f"{added}holidays:\n"), encoding="utf-8")
    market = load_market(path)
    assert [slot.start.hour for slot in market.slots_on(date(2027, 2, 10))] == [8, 12]
    assert [slot.start.hour for slot in market.slots_on(date(2027, 2, 11))] == [10]
    assert [slot.start.hour for slot in market.slots_on(date(2027, 3, 9))] == [8]


@pytest.mark.parametrize(
    ("ramadan", "what"),
    [
        ("{slots: []}", "at least 1"),
        ('{slots: ["10:00-16:00", "15:00-17:00"]}', "overlap"),
        ('{slots: ["10-16"]}', "not a slot"),
        ('{slots: ["10:00-16:00"], announced: [{from: 2027-02-08, to: 2027-02-12}]}', "is no month"),
        ('{slots: ["10:00-16:00"], anounced: []}', "not known"),
    ],
)
def test_mistakes_are_named(german, ramadan: str, what: str) -> None:
    path = german / "DE.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("holidays:\n", f"ramadan_hours: {ramadan}\nholidays:\n"), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_market(path)
    assert what in caught.value.faults[0].message
    assert caught.value.faults[0].line == text[: text.index("holidays:\n")].count("\n") + 1
