"""Opening hours as stretches of real time: exact where clocks jump, and where a slot reaches past midnight. Pure."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.errors import SetupError
from markets.hours import Slot
from markets.profile import MarketProfile
from markets.working_time import Span

MAX_CLOSED_DAYS = 60
ONE_DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def market_openings(profile: MarketProfile, at: datetime) -> Iterator[Span]:
    """When the market's team is in, from the span on that holds or follows `at`; endless.

    Raises SetupError when there is no opening in 60 days, and ValueError for a naive `at`.
    """
    try:
        yield from openings(profile.slots_on, profile.zone, at)
    except LookupError as error:
        raise SetupError(
            f"Market {profile.code} has {error}; check opening_hours and holidays in markets/data/{profile.code}.yml"
        ) from None


def openings(slots_on: Callable[[date], Sequence[Slot]], zone: ZoneInfo, at: datetime) -> Iterator[Span]:
    """Spans of the slots that `slots_on` gives for each day, in time order, without overlap; endless.

    Raises LookupError when there is none in 60 days.
    """
    moment = utc(at)
    last = moment.astimezone(zone).date()
    day = last - ONE_DAY  # yesterday's last slot may reach past midnight
    reached = datetime.min.replace(tzinfo=UTC)  # an exception's night may reach into the next day's slots
    while (day - last).days <= MAX_CLOSED_DAYS:
        for slot in slots_on(day):
            start, end = _bounds(slot, day, zone)
            if end > max(start, reached, moment):
                yield Span(max(start, reached), end)
                reached, last = end, day
        day += ONE_DAY
    raise LookupError(f"no opening within {MAX_CLOSED_DAYS} days after {last}")


def first_moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The first moment (UTC) at which the zone's clocks show `clock` on `day`, or jump over it.

    Where clocks go back and show a time twice, it is the first time.
    """
    wall = datetime.combine(day, clock, tzinfo=zone)
    late = wall.astimezone(UTC)
    if _shown(late, zone) == wall.replace(tzinfo=None):
        return late
    # In a gap the first reading lies after the jump, the second one (fold) before it.
    early = wall.replace(fold=1).astimezone(UTC)
    while late - early > SECOND:
        middle = early + SECOND * ((late - early) // SECOND // 2)
        if _shown(middle, zone) >= wall.replace(tzinfo=None):
            late = middle
        else:
            early = middle
    return late


def utc(at: datetime) -> datetime:
    """`at` in UTC. Raises ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError("a datetime without time zone; pass an aware one")
    return at.astimezone(UTC)


def _bounds(slot: Slot, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    overnight = slot.end <= slot.start
    end_day = day + ONE_DAY if overnight else day
    return first_moment(day, slot.start, zone), first_moment(end_day, slot.end, zone)


def _shown(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)
