"""The promise itself in every IANA time zone, around every clock change from 2026 to 2028, with all that is known.

Zones whose clocks change at the same moments by the same amount are one case: 600 names are some 70 behaviours.
AFTERSAIL_PROMISE_SWEEP=full takes each name by itself.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.settings import PROJECT
from core.yaml_files import read_yaml, without_lines
from markets.calendar import is_open
from markets.profile import MarketProfile
from markets.promise import promise
from markets.roster import Roster, Shift
from tests.markets.test_openings import FULL, ZONES, changes

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STILL = datetime(2027, 6, 15, 11, 30, tzinfo=UTC)  # asked where no clock changes
AROUND = (-25, -9, -0.5, 0, 0.5, 2)  # hours from the change at which somebody asks
TIERS = ("safety", "ordinary", "parts")
# Opening hours with edges in the hour that is skipped or comes twice, and a night.
HOURS = {"mon-fri": ["09:00-13:00", "21:00-01:30"], "sat-sun": ["01:45-02:30"]}
KNOWN = ("nothing", "roster", "queue", "channel", "everything")


@cache
def market(zone: str) -> MarketProfile:
    """Germany's holidays and rules on the zone's clocks."""
    data = without_lines(read_yaml(PROJECT / "markets" / "data" / "DE.yml").data)
    return MarketProfile.model_validate({**data, "time_zone": zone, "opening_hours": HOURS})


@cache
def behaviours() -> tuple[str, ...]:
    """One zone for each way in which clocks change; each zone of its own when FULL."""
    if FULL:
        return tuple(ZONES)
    found: dict[object, str] = {}
    for name in ZONES:
        zone = ZoneInfo(name)
        offsets = tuple(moment.astimezone(zone).utcoffset() for moment in (STILL, *changes(name)))
        found.setdefault((changes(name), offsets), name)
    return tuple(found.values())


def known(what: str, asked: datetime) -> dict[str, Any]:
    """What is known at `asked`."""
    shifts = [Shift(f"agent {day % 2}", asked + day * DAY, asked + day * DAY + 7 * HOUR) for day in range(6)]
    facts: dict[str, dict[str, Any]] = {
        "nothing": {},
        "roster": {"on_duty": Roster(tuple(shifts), asked + 6 * DAY)},
        "queue": {"queue_ahead": 4, "pace": timedelta(minutes=20)},
        "channel": {"channel_closes_at": asked + 23 * HOUR},
    }
    everything = {name: value for each in facts.values() for name, value in each.items()}
    return {**facts, "everything": everything}[what]


def asks(zone: str) -> Iterator[datetime]:
    """When somebody asks in the zone."""
    for change in changes(zone) or (STILL,):
        yield from (change + hours * HOUR for hours in AROUND)


def test_every_zone_is_behind_some_case() -> None:
    assert len(behaviours()) > 40
    covered = {(changes(name)) for name in behaviours()}
    assert all(changes(name) in covered for name in ZONES)


@pytest.mark.parametrize("what", KNOWN)
def test_what_holds_in_every_zone(what: str) -> None:
    for zone in behaviours():
        profile = market(zone)
        for asked in asks(zone):
            facts = known(what, asked)
            for tier in TIERS:
                made = promise(profile, tier, asked, **facts)
                place = (zone, asked, tier)
                assert asked < made.told.at_risk_from < made.told_at, place
                assert made.first_reply.due <= made.told_at <= made.solution.due, place
                if tier == "safety":
                    assert made.told_at == asked + 2 * HOUR, place  # real hours, whatever the clock shows
                    continue
                for clock in filter(None, (made.first_reply, made.solution, made.parts)):
                    assert is_open(profile, clock.due), place
                if what != "nothing":
                    roster = {"on_duty": facts["on_duty"]} if "on_duty" in facts else {}
                    assert made.told_at <= promise(profile, tier, asked, **roster).told_at, place


def test_who_asks_later_is_never_promised_an_earlier_moment() -> None:
    for zone in behaviours():
        profile = market(zone)
        for change in changes(zone) or (STILL,):
            asked = [change + hours * HOUR for hours in AROUND]
            for tier in TIERS:
                told = [promise(profile, tier, at).told_at for at in asked]
                assert all(left <= right for left, right in pairwise(told)), (zone, change, tier)


def test_safety_is_never_softened() -> None:
    """Nothing that is known makes it later: an empty roster, a long queue, a closed channel."""
    worst = {
        "on_duty": Roster((), STILL + 7 * DAY),
        "queue_ahead": 10_000,
        "pace": 4 * HOUR,
        "channel_closes_at": STILL + HOUR,
    }
    for zone in behaviours():
        assert promise(market(zone), "safety", STILL, **worst).told_at == STILL + 2 * HOUR
