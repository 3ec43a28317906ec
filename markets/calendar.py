"""When a market's team is in, and by when an answer is promised. Pure; every datetime is aware."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.errors import SetupError
from markets.fields import Tier
from markets.hours import OpeningRange, Slot, opening_ranges
from markets.profile import MarketProfile

MAX_DAYS_AHEAD = 60


def is_open(profile: MarketProfile, at: datetime) -> bool:
    """Whether the team is in at `at`; a slot's start belongs to it, its end does not."""
    moment = _utc(at)
    today = _local_date(profile, moment)
    return any(start <= moment < end for start, end in _openings(profile, today, 1))


def next_opening(profile: MarketProfile, at: datetime) -> datetime:
    """The first moment from `at` on when the team is in, in the market's time zone; `at` itself while open.

    Raises SetupError when there is none within 60 days, and ValueError for a naive `at`.
    """
    moment = _utc(at)
    today = _local_date(profile, moment)
    for start, end in _openings(profile, today, MAX_DAYS_AHEAD):
        if moment < end:
            return max(start, moment).astimezone(profile.zone)
    raise SetupError(
        f"Market {profile.code} has no opening within {MAX_DAYS_AHEAD} days after {today}; "
        f"check opening_hours and holidays in markets/data/{profile.code}.yml"
    )


def promise(profile: MarketProfile, tier: Tier, at: datetime) -> datetime:
    """The time by which a customer who writes at `at` has an answer, in the market's time zone.

    Safety counts hours around the clock, because somebody is on call. The other tiers count from the next
    opening and end inside opening hours. Raises what next_opening raises.
    """
    hours = timedelta(hours=profile.promise_hours[tier])
    if tier == "safety":
        return (_utc(at) + hours).astimezone(profile.zone)
    opening = next_opening(profile, at)
    return next_opening(profile, opening.astimezone(UTC) + hours)


def opening_phrase_parts(profile: MarketProfile) -> tuple[OpeningRange, ...]:
    """Open weekdays of an ordinary week, equal neighbours joined; a range over the weekend comes first."""
    return opening_ranges(profile.week)


def _openings(profile: MarketProfile, today: date, days: int) -> Iterator[tuple[datetime, datetime]]:
    # Yesterday counts too: its last slot may reach past midnight.
    for ahead in range(-1, days + 1):
        day = today + timedelta(days=ahead)
        for slot in profile.slots_on(day):
            yield _bounds(slot, day, profile.zone)


def _bounds(slot: Slot, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    overnight = slot.end <= slot.start
    end_day = day + timedelta(days=1) if overnight else day
    return _wall(day, slot.start, zone), _wall(end_day, slot.end, zone)


def _wall(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a datetime without time zone; pass an aware one")
    return at.astimezone(UTC)


def _local_date(profile: MarketProfile, moment: datetime) -> date:
    return moment.astimezone(profile.zone).date()
