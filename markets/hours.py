"""Opening hours as data: slots, weeks, dated exceptions and holidays, with their checks."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property
from typing import Annotated

import holidays
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, model_validator

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60
_SLOT = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_DATE = re.compile(r"(\d{4}-)?\d{2}-\d{2}")


@dataclass(frozen=True)
class Slot:
    """A stretch of wall-clock time that starts on its day and may end on the next one."""

    start: time
    end: time  # at or before `start`: on the next day; 00:00 is midnight at the end of the day

    @property
    def minutes(self) -> tuple[int, int]:
        """Start and end in minutes after midnight of the slot's day; the end may exceed 1440."""
        start = self.start.hour * 60 + self.start.minute
        end = self.end.hour * 60 + self.end.minute
        return start, end if end > start else end + DAY_MINUTES


@dataclass(frozen=True)
class OpeningRange:
    """Consecutive weekdays with the same slots; `first` may come after `last` (Sunday to Thursday)."""

    first: int  # 0 is Monday, 6 is Sunday
    last: int
    slots: tuple[Slot, ...]


def parse_slot(text: object) -> Slot:
    """The slot that `text` ("09:00-13:00", "21:00-01:00") names. Raises ValueError saying what to write."""
    match = _SLOT.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f'{text!r} is not a slot; write it in quotes as "09:00-13:00"')
    start_hour, start_minute, end_hour, end_minute = (int(part) for part in match.groups())
    if end_hour == 24 and end_minute:
        raise ValueError(f"{text!r} ends after 24:00; the last minute of a day is written 24:00")
    slot = Slot(time(start_hour, start_minute), time(end_hour % 24, end_minute))
    if slot.start == slot.end and text != "00:00-24:00":
        raise ValueError(f'{text!r} is empty; write "00:00-24:00" for the whole day')
    return slot


def parse_days(text: str) -> tuple[int, ...]:
    """Weekdays (0 is Monday) that `text` ("mon-fri", "sun-thu", "sat") names. Raises ValueError."""
    first, dash, last = text.partition("-")
    if first not in DAYS or (dash and last not in DAYS):
        raise ValueError(f"{text!r} is no weekday; use {', '.join(DAYS)} or a range such as mon-fri")
    start, end = DAYS.index(first), DAYS.index(last if dash else first)
    return tuple((start + step) % 7 for step in range((end - start) % 7 + 1))


def _day_range(text: str) -> str:
    parse_days(text)
    return text


def week_of(hours: Mapping[str, Iterable[Slot]]) -> tuple[tuple[Slot, ...], ...]:
    """Slots of each weekday, Monday first, in time order; a closed day is empty."""
    week: list[tuple[Slot, ...]] = [()] * 7
    for days, slots in hours.items():
        for day in parse_days(days):
            week[day] = tuple(sorted(slots, key=lambda slot: slot.start))
    return tuple(week)


def _checked(hours: dict[str, tuple[Slot, ...]]) -> dict[str, tuple[Slot, ...]]:
    days = [day for text in hours for day in parse_days(text)]
    twice = sorted({day for day in days if days.count(day) > 1})
    if twice:
        raise ValueError(f"{DAYS[twice[0]]} stands in more than one range; keep it in one")
    if not any(hours.values()):
        raise ValueError("the market is never open; give at least one slot on one day")
    _check_overlaps(week_of(hours))
    return hours


def _check_overlaps(week: tuple[tuple[Slot, ...], ...]) -> None:
    spans = sorted(
        (day * DAY_MINUTES + start, day * DAY_MINUTES + end)
        for day, slots in enumerate(week)
        for start, end in (slot.minutes for slot in slots)
    )
    first_again = [(start + 7 * DAY_MINUTES, end) for start, end in spans[:1]]
    for (_, end), (start, _) in zip(spans, spans[1:] + first_again, strict=True):
        if start < end:
            day = DAYS[start // DAY_MINUTES % 7]
            raise ValueError(f"two slots overlap on {day}; let one end before the next starts")


def check_day(slots: Iterable[Slot]) -> None:
    """Raises ValueError when two slots of one day overlap."""
    _check_overlaps((tuple(sorted(slots, key=lambda slot: slot.start)), (), (), (), (), (), ()))


def opening_ranges(week: tuple[tuple[Slot, ...], ...]) -> tuple[OpeningRange, ...]:
    """Open weekdays with equal neighbours joined, Monday first; a range over the weekend comes before all."""
    changes = [day for day in range(7) if week[day] != week[day - 1]]
    if not changes:
        return (OpeningRange(0, 6, week[0]),)
    ranges = []
    for position, first in enumerate(changes):
        last = (changes[(position + 1) % len(changes)] - 1) % 7
        ranges.append(OpeningRange(first, last, week[first]))
    ranges.sort(key=lambda part: (part.first <= part.last, part.first))
    return tuple(part for part in ranges if part.slots)


SlotField = Annotated[Slot, PlainValidator(parse_slot)]
DayRange = Annotated[str, AfterValidator(_day_range)]
WeeklyHours = Annotated[dict[DayRange, tuple[SlotField, ...]], AfterValidator(_checked)]


class HoursException(BaseModel):
    """Dated slots, e.g. in Ramadan, that replace the slots of days which are open anyway."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: date = Field(alias="from")
    last: date = Field(alias="to")
    slots: Annotated[tuple[SlotField, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> "HoursException":
        if self.last < self.first:
            raise ValueError("'to' lies before 'from'; swap the two dates")
        if self.last - self.first > timedelta(days=366):
            raise ValueError("the exception is longer than a year; change opening_hours instead")
        check_day(self.slots)
        return self


def _day_text(text: str) -> str:
    if _DATE.fullmatch(text) is None:
        raise ValueError(f"{text!r} is not a day; write 2026-12-24, or 12-24 for every year")
    try:
        date.fromisoformat(text if len(text) > 5 else f"2024-{text}")
    except ValueError:
        raise ValueError(f"{text!r} is not in the calendar; correct month and day") from None
    return text


DayText = Annotated[str, AfterValidator(_day_text)]


class HolidayRules(BaseModel):
    """Public holidays: those of the `holidays` library, plus `extra`, minus `removed`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    country: str
    subdivision: str | None = None
    extra: tuple[DayText, ...] = ()  # 2026-12-24, or 12-24 for every year
    removed: tuple[DayText, ...] = ()

    @model_validator(mode="after")
    def _known(self) -> "HolidayRules":
        try:
            holidays.country_holidays(self.country, subdiv=self.subdivision, years=2026)
        except NotImplementedError:
            place = self.country if self.subdivision is None else f"{self.country}/{self.subdivision}"
            raise ValueError(f"the holidays library does not know {place}; use a code that it lists") from None
        return self

    @cached_property
    def _public(self) -> holidays.HolidayBase:
        return holidays.country_holidays(self.country, subdiv=self.subdivision)

    def is_holiday(self, day: date) -> bool:
        """Whether nobody works on `day`. Years are computed on first use and kept."""
        names = {day.isoformat(), day.isoformat()[5:]}
        if names & set(self.removed):
            return False
        return bool(names & set(self.extra)) or day in self._public
