"""Opening hours in Ramadan: the month by calculation, or as the country's authority announced it."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import Annotated

from holidays.calendars import _IslamicLunar as IslamicTable  # the library offers it to its own calendars only
from pydantic import BaseModel, ConfigDict, Field, model_validator

from markets.hours import Slot, SlotField, check_day

ONE_DAY = timedelta(days=1)
MONTH_DAYS = (28, 31)  # 29 or 30, and a day of difference between the countries' sightings


class Month(BaseModel):
    """One Ramadan as announced."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: date = Field(alias="from")
    last: date = Field(alias="to")

    @model_validator(mode="after")
    def _a_month(self) -> "Month":
        shortest, longest = MONTH_DAYS
        if not shortest <= (self.last - self.first).days + 1 <= longest:
            raise ValueError(f"{self.first} to {self.last} is no month; Ramadan has 29 or 30 days")
        return self


class RamadanHours(BaseModel):
    """Slots that replace those of open days in Ramadan, every year."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slots: Annotated[tuple[SlotField, ...], Field(min_length=1)]
    announced: tuple[Month, ...] = ()  # each takes the place of the calculated month beside it

    @model_validator(mode="after")
    def _no_overlap(self) -> "RamadanHours":
        check_day(self.slots)
        return self

    def slots_on(self, day: date) -> tuple[Slot, ...]:
        """The slots of `day` in time order; empty when it is not in Ramadan."""
        return tuple(sorted(self.slots, key=lambda slot: slot.start)) if self._covers(day) else ()

    def _covers(self, day: date) -> bool:
        if any(month.first <= day <= month.last for month in self.announced):
            return True
        return any(first <= day <= last and not self._is_announced(first, last) for first, last in months_of(day.year))

    def _is_announced(self, first: date, last: date) -> bool:
        return any(month.first <= last and first <= month.last for month in self.announced)


@cache
def months_of(year: int) -> Sequence[tuple[date, date]]:
    """First and last day of each Ramadan that touches `year`, by calculation; empty for one beyond the table."""
    table = IslamicTable()
    ends = sorted({day for near in (year, year + 1) for day, _ in table.eid_al_fitr_dates(near)})
    begins = sorted({day for near in (year, year + 1) for day, _ in table.ramadan_beginning_dates(near)})
    months = [(first, next((day for day in ends if day > first), first) - ONE_DAY) for first in begins]
    return tuple(month for month in months if month[0] <= month[1] and year in (month[0].year, month[1].year))
