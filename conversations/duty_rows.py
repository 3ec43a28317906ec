"""Who is on duty for a market, from the desk's accounts: their hours, and whether they are there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection

from core.schema_desk import agents
from markets.hours import parse_slot, week_of
from markets.openings import market_openings, openings
from markets.profile import MarketProfile
from markets.roster import MAX_SHIFTS, Roster, Shift
from markets.working_time import Span

logger = structlog.get_logger(__name__)

KNOWN_FOR = timedelta(days=7)  # hours of a week say what the next week is like, no more
BACK_WITHIN = timedelta(hours=1)  # who is away during their hours is reckoned with again after this
ANSWERING = ("agent", "lead")
EVERY_MARKET, HERE = "*", "here"


@dataclass(frozen=True)
class Duty:
    """When somebody works."""

    name: str
    hours: tuple[tuple[str, tuple[str, ...]], ...]  # as opening_hours; empty: the market's
    time_zone: str
    is_here: bool


def duties(connection: Connection, market: str) -> Sequence[Duty]:
    """Everybody who answers customers of the market."""
    names = ("name", "markets", "duty_hours", "time_zone", "presence")
    staff = sa.select(*(agents.c[name] for name in names)).where(
        agents.c.state == "active", agents.c.role.in_(ANSWERING)
    )
    found = connection.execute(staff.order_by(agents.c.name))
    return [
        Duty(row.name, _as_tuple(row.duty_hours), row.time_zone, row.presence == HERE)
        for row in found
        if EVERY_MARKET in row.markets or market in row.markets
    ]


def roster(connection: Connection, profile: MarketProfile, now: datetime) -> Roster | None:
    """Who is on duty for the market in the next week; None when nobody has an account."""
    staff = duties(connection, profile.code)
    return made_roster(staff, profile, now) if staff else None


def made_roster(staff: Sequence[Duty], profile: MarketProfile, now: datetime) -> Roster:
    """The shifts of `staff` in the week after `now`; of more than a roster takes, the first ones."""
    until = now + KNOWN_FOR
    known: dict[tuple[object, str], list[Span]] = {}  # colleagues with the same hours are worked out once
    shifts = []
    for duty in staff:
        key = (duty.hours, duty.time_zone)
        if key not in known:
            known[key] = list(takewhile(lambda span: span.start < until, _spans(duty, profile, now)))
        first = now if duty.is_here else now + BACK_WITHIN
        shifts += [Shift(duty.name, max(span.start, first), span.end) for span in known[key] if span.end > first]
    shifts.sort(key=lambda shift: shift.start)
    if len(shifts) > MAX_SHIFTS:
        until = min(until, shifts[MAX_SHIFTS].start)
    return Roster(tuple(shifts[:MAX_SHIFTS]), until)


def is_on_duty(duty: Duty, profile: MarketProfile, now: datetime) -> bool:
    """Whether somebody is there, and within their hours."""
    return duty.is_here and next(_spans(duty, profile, now)).start <= now


def _as_tuple(hours: Mapping[str, Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((str(days), tuple(map(str, slots))) for days, slots in hours.items())


def _spans(duty: Duty, profile: MarketProfile, now: datetime) -> Iterator[Span]:
    if not duty.hours:
        return market_openings(profile, now)
    try:
        week = week_of({days: [parse_slot(slot) for slot in slots] for days, slots in duty.hours})
        zone = ZoneInfo(duty.time_zone)
    except (ValueError, KeyError, OSError):
        logger.warning("duty_hours_unreadable", agent=duty.name, remedy="correct them in the desk, under people")
        return market_openings(profile, now)
    return openings(lambda day: week[day.weekday()], zone, now)
