"""What the calendar and the roster had to do with a promise. Pure."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from markets.fields import Tier
from markets.openings import market_openings
from markets.profile import MarketProfile
from markets.promise_model import Reason
from markets.roster import Roster


def calendar_reasons(
    market: MarketProfile, tier: Tier, asked: datetime, start: datetime, told: datetime, roster: Roster | None
) -> Iterator[Reason]:
    """Reasons between `asked` and `told`; work begins at `start`."""
    begin, end = asked.astimezone(market.zone), told.astimezone(market.zone)
    if begin.utcoffset() != end.utcoffset():
        yield Reason.CLOCK_CHANGE
    if tier == "safety":
        yield Reason.AROUND_THE_CLOCK
        if roster and not roster.people_at(asked):
            yield Reason.NOBODY_ON_DUTY
        return
    opens = max(next(market_openings(market, asked)).start, asked)
    if opens > asked:
        yield Reason.CLOSED_NOW
    if start > opens:
        yield Reason.NOBODY_ON_DUTY
    for day in _days(begin.date(), end.date()):
        if market.week[day.weekday()] and market.holidays.is_holiday(day):
            yield Reason.HOLIDAY
        elif market.slots_on(day) and market.special_slots(day):
            yield Reason.SPECIAL_HOURS


def _days(first: date, last: date) -> Iterator[date]:
    for ahead in range((last - first).days + 1):
        yield first + timedelta(days=ahead)
