"""Promises by name: holidays, clock changes, roster, queue, channel, and how they stand later."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.settings import PROJECT
from markets.calendar import promise as told_at
from markets.load import load_market, load_markets
from markets.promise import promise
from markets.promise_model import Reason, next_check_at, status
from markets.roster import Roster, Shift

MARKETS = load_markets(PROJECT / "markets" / "data")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def at(code: str, local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=MARKETS[code].zone)


CASES = [
    ("Friday evening before Whit Monday", "DE", "ordinary", "2027-05-14T18:30", "2027-05-18T08:00",
     "closed_now closed_at_end holiday"),
    ("Maundy Thursday evening; clocks change on Easter Sunday", "DE", "ordinary", "2027-03-25T18:30",
     "2027-03-30T08:00", "closed_now closed_at_end holiday clock_change"),
    ("Golden Week", "JP", "ordinary", "2026-05-01T17:00", "2026-05-07T10:00", "closed_at_end holiday"),
    ("Golden Week, half an hour before closing", "JP", "ordinary", "2026-05-01T17:30", "2026-05-07T10:30",
     "holiday least_time"),
    ("Three holidays in September", "JP", "parts", "2026-09-18T12:00", "2026-09-24T10:00", "closed_at_end holiday"),
    ("Ramadan evening, before iftar ends", "SA", "ordinary", "2027-02-14T19:00", "2027-02-15T21:00",
     "closed_now special_hours"),
    ("Ramadan night, after midnight", "SA", "ordinary", "2027-02-15T00:30", "2027-02-16T00:30", "special_hours"),
    ("Last evening of Ramadan", "SA", "ordinary", "2027-03-08T22:00", "2027-03-15T09:00",
     "closed_at_end holiday special_hours"),
    ("Ramadan that is not in any file", "SA", "ordinary", "2029-01-21T19:00", "2029-01-22T21:00",
     "closed_now special_hours"),
    ("Thursday night, weekend on Friday and Saturday", "SA", "ordinary", "2026-11-26T22:00", "2026-11-30T09:00",
     "closed_now"),
    ("Last day of Ramadan by the country's own calendar", "ID", "ordinary", "2027-03-09T14:00", "2027-03-12T08:00",
     "closed_at_end holiday special_hours"),
    ("Clocks go forward at night", "US", "ordinary", "2026-03-07T15:30", "2026-03-09T08:00",
     "closed_at_end clock_change"),
    ("Clocks go back at night", "US", "ordinary", "2026-10-31T15:30", "2026-11-01T14:30", "clock_change"),
    ("Thanksgiving and the day after", "US", "ordinary", "2028-11-22T18:00", "2028-11-25T10:00",
     "closed_at_end holiday"),
    ("No clock change in Brazil", "BR", "ordinary", "2026-10-17T12:00", "2026-10-19T08:00", "closed_at_end"),
    ("Clocks go forward at the weekend", "GB", "ordinary", "2026-03-28T12:30", "2026-03-30T08:30",
     "clock_change least_time"),
    ("Clocks go back at the weekend", "GB", "ordinary", "2026-10-24T11:00", "2026-10-26T08:00",
     "closed_at_end clock_change"),
    ("Chinese New Year", "TW", "ordinary", "2027-02-03T15:00", "2027-02-11T09:00", "closed_at_end holiday"),
    ("Chinese New Year", "SG", "ordinary", "2027-02-05T18:00", "2027-02-09T09:00", "closed_at_end holiday"),
    ("Seollal", "KR", "ordinary", "2027-02-05T16:30", "2027-02-10T10:00", "closed_at_end holiday"),
    ("Tet", "VN", "ordinary", "2027-02-03T16:00", "2027-02-11T08:00", "closed_at_end holiday"),
    ("Songkran", "TH", "ordinary", "2027-04-12T15:00", "2027-04-16T09:00", "closed_at_end holiday"),
    ("Diwali", "IN", "ordinary", "2027-10-28T12:00", "2027-10-30T10:00", "closed_at_end holiday"),
    ("Midday break", "IT", "ordinary", "2026-11-23T13:30", "2026-11-24T14:30", "closed_now"),
    ("Plain weekday", "DE", "ordinary", "2026-11-23T10:00", "2026-11-24T10:00", ""),
    ("Parts over Christmas", "DE", "parts", "2026-12-23T17:00", "2026-12-28T08:00", "closed_at_end holiday"),
    ("Safety at three in the night of a holiday", "DE", "safety", "2026-12-25T03:00", "2026-12-25T05:00",
     "around_the_clock"),
    ("Safety over the hour that is skipped", "US", "safety", "2026-03-08T01:00", "2026-03-08T04:00",
     "around_the_clock clock_change"),
    ("Safety over the hour that comes twice", "GB", "safety", "2026-10-25T00:30", "2026-10-25T01:30+00:00",
     "around_the_clock clock_change"),
    ("Safety in Ramadan", "SA", "safety", "2027-02-19T02:00", "2027-02-19T04:00", "around_the_clock"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "code", "tier", "now", "due", "reasons"), CASES, ids=[case[0] for case in CASES])
def test_promise(name: str, code: str, tier: str, now: str, due: str, reasons: str) -> None:
    made = promise(MARKETS[code], tier, at(code, now))
    moment = datetime.fromisoformat(due)
    assert made.told_at == (moment if moment.tzinfo else at(code, due))
    assert made.told_at.tzinfo is UTC
    assert {str(reason) for reason in made.reasons} == set(reasons.split())
    local = told_at(MARKETS[code], tier, at(code, now))
    assert local.tzinfo == MARKETS[code].zone
    assert local.astimezone(UTC) == made.told_at


def test_three_clocks() -> None:
    monday = at("DE", "2026-11-23T10:00")
    parts = promise(MARKETS["DE"], "parts", monday)
    assert [parts.first_reply.due, parts.parts.due, parts.solution.due] == [
        at("DE", f"2026-11-{day}T10:00") for day in (24, 26, 26)
    ]
    ordinary = promise(MARKETS["DE"], "ordinary", monday)
    assert ordinary.solution.due == at("DE", "2026-11-25T10:00")
    assert ordinary.parts is None
    with pytest.raises(KeyError, match="promises no parts"):
        ordinary.clock("parts")
    assert promise(MARKETS["DE"], "safety", monday).solution.due == monday + 24 * HOUR


# Germany, Monday 10:00: conversations ahead, minutes for each, people on duty until the evening (0: not known), told
QUEUES = [
    (0, 12, 0, "2026-11-23T11:00", "queue_short"),  # an hour at least
    (3, 12, 0, "2026-11-23T11:40", "queue_short"),  # 4 × 12 min × 2, up to five minutes
    (3, 12, 2, "2026-11-23T11:00", "queue_short"),
    (19, 15, 2, "2026-11-23T15:00", "queue_short"),
    (49, 12, 0, "2026-11-24T10:00", "queue_long"),
    (24, 12, 0, "2026-11-24T10:00", ""),  # just what a day holds
    (100_000, 1440, 1, "2026-11-24T10:00", "queue_long"),
]


@pytest.mark.parametrize(("ahead", "minutes", "people", "due", "reasons"), QUEUES)
def test_queue(ahead: int, minutes: int, people: int, due: str, reasons: str) -> None:
    now, evening = at("DE", "2026-11-23T10:00"), at("DE", "2026-11-23T18:00")
    shifts = tuple(Shift(f"agent {number}", now - HOUR, evening) for number in range(people))
    roster = Roster(shifts, evening) if people else None
    made = promise(MARKETS["DE"], "ordinary", now, on_duty=roster, queue_ahead=ahead, pace=minutes * MINUTE)
    assert made.told_at == at("DE", due)
    assert made.reasons == tuple(map(Reason, reasons.split()))


def test_queue_takes_the_markets_pace_when_none_is_measured() -> None:
    now = at("DE", "2026-11-23T10:00")
    assert promise(MARKETS["DE"], "ordinary", now, queue_ahead=3).told_at == at("DE", "2026-11-23T11:40")


@pytest.mark.parametrize(("ahead", "pace"), [(-1, MINUTE), (100_001, MINUTE), (1, 0 * MINUTE), (1, 25 * HOUR)])
def test_an_impossible_queue_is_refused(ahead: int, pace: timedelta) -> None:
    with pytest.raises(ValueError, match="is not possible"):
        promise(MARKETS["DE"], "ordinary", at("DE", "2026-11-23T10:00"), queue_ahead=ahead, pace=pace)


def test_nobody_on_duty_although_open() -> None:
    now = at("DE", "2026-11-23T10:00")
    roster = Roster((Shift("ann", at("DE", "2026-11-24T12:00"), at("DE", "2026-11-24T18:00")),), now + 48 * HOUR)
    made = promise(MARKETS["DE"], "ordinary", now, on_duty=roster)
    assert made.starts_at == at("DE", "2026-11-24T12:00")
    assert made.told_at == at("DE", "2026-11-25T12:00")
    assert made.reasons == (Reason.NOBODY_ON_DUTY,)


def test_an_empty_roster_never_softens_safety() -> None:
    now = at("DE", "2026-12-25T03:00")
    made = promise(MARKETS["DE"], "safety", now, on_duty=Roster((), now + 99 * HOUR), queue_ahead=100_000)
    assert made.told_at == now + 2 * HOUR
    assert made.reasons == (Reason.AROUND_THE_CLOCK, Reason.NOBODY_ON_DUTY)


# tier, now, hours until the channel closes, told, reasons
WINDOWS = [
    ("ordinary", "2026-11-23T10:00", 24, "2026-11-24T09:30", "channel_closes"),
    ("ordinary", "2026-11-23T10:00", 25, "2026-11-24T10:00", ""),
    ("ordinary", "2026-11-20T16:30", 24, "2026-11-21T13:30", "channel_closes"),  # Saturday instead of Monday
    ("ordinary", "2026-11-23T12:00", 9, "2026-11-23T17:30", "channel_closes"),  # before people leave
    ("ordinary", "2026-11-21T13:45", 24, "2026-11-23T08:45", "least_time by_template"),  # no time left before
    ("ordinary", "2026-11-23T10:00", -1, "2026-11-24T10:00", "by_template"),
    ("parts", "2026-11-23T10:00", 24, "2026-11-26T10:00", "channel_closes by_template"),
    ("safety", "2026-11-22T03:00", 24, "2026-11-22T05:00", "around_the_clock"),
    ("safety", "2026-11-22T03:00", 1.5, "2026-11-22T04:00", "around_the_clock channel_closes"),
    ("safety", "2026-11-22T03:00", 1, "2026-11-22T05:00", "around_the_clock by_template"),
]


@pytest.mark.parametrize(("tier", "now", "hours", "due", "reasons"), WINDOWS)
def test_channel(tier: str, now: str, hours: float, due: str, reasons: str) -> None:
    asked = at("DE", now)
    made = promise(MARKETS["DE"], tier, asked, channel_closes_at=asked.astimezone(UTC) + hours * HOUR)
    assert made.told_at == at("DE", due)
    assert {str(reason) for reason in made.reasons} - {"closed_at_end"} == set(reasons.split())
    assert made.by_template == ("by_template" in reasons)


def test_a_queue_that_does_not_fit_before_closing_goes_by_template() -> None:
    now = at("DE", "2026-11-23T10:00")
    made = promise(MARKETS["DE"], "ordinary", now, queue_ahead=9, channel_closes_at=now + 3 * HOUR)  # 4 h of work
    assert made.by_template
    assert made.told_at == at("DE", "2026-11-23T14:00")


# now, done, status, next check; promised at Monday 10:00 for Tuesday 10:00: ten hours of work, the last 2.5 at risk
STATES = [
    ("2026-11-23T10:00", None, "open", "2026-11-23T17:30"),
    ("2026-11-23T17:29", None, "open", "2026-11-23T17:30"),
    ("2026-11-23T17:30", None, "at_risk", "2026-11-24T10:00"),
    ("2026-11-24T09:59", None, "at_risk", "2026-11-24T10:00"),
    ("2026-11-24T10:00", None, "broken", None),
    ("2026-11-25T10:00", "2026-11-24T10:00", "kept", None),
    ("2026-11-25T10:00", "2026-11-24T10:01", "broken", None),
    ("2026-11-23T12:00", "2026-11-23T12:00", "kept", None),
    ("2026-11-23T12:00", "2026-11-23T13:00", "open", "2026-11-23T17:30"),  # a clock that runs behind
]


@pytest.mark.parametrize(("now", "done", "state", "check"), STATES)
def test_status(now: str, done: str | None, state: str, check: str | None) -> None:
    made = promise(MARKETS["DE"], "ordinary", at("DE", "2026-11-23T10:00"))
    done_at = at("DE", done) if done else None
    assert status(made, at("DE", now), done_at) == state
    assert next_check_at(made, at("DE", now), done_at) == (at("DE", check) if check else None)


def test_status_in_the_hour_that_comes_twice() -> None:
    """Due at 01:30, the second time; 01:45 the first time is half past by the wall clock, and early in fact."""
    made = promise(MARKETS["GB"], "safety", at("GB", "2026-10-25T00:30"))
    due = replace(made.told, due=made.told_at.astimezone(MARKETS["GB"].zone))
    for clock in (made.told, due):
        assert clock.status(at("GB", "2026-10-25T01:45")) == "open"
        assert clock.status(at("GB", "2026-10-25T01:29").replace(fold=1)) == "at_risk"
        assert clock.status(at("GB", "2026-10-25T01:30").replace(fold=1)) == "broken"
        assert clock.next_check_at(at("GB", "2026-10-25T01:20").replace(fold=1)).astimezone(UTC) == made.told_at


def test_the_alarm_comes_while_somebody_works() -> None:
    """A promise for Monday's first minute is at risk on Saturday, not on Sunday night."""
    made = promise(MARKETS["DE"], "ordinary", at("DE", "2026-11-20T16:30"))
    assert made.told_at == at("DE", "2026-11-23T08:00")
    assert made.told.at_risk_from == at("DE", "2026-11-21T12:37:30")
    assert status(made, at("DE", "2026-11-21T13:00"), clock="solution") == "at_risk"


def test_settings_of_the_market_shape_the_promise(german) -> None:
    path = german / "DE.yml"
    text = path.read_text(encoding="utf-8")
    rules = "safety: 1, ordinary: 8, parts: 30, least_minutes: 15, margin_minutes: 60, minutes_each: 5, headroom: 1"
    rules += ", at_risk_share: 0.5, solution: {ordinary: 12}"
    path.write_text(text.replace("safety: 2, ordinary: 24, parts: 72", rules), encoding="utf-8")
    market, now = load_market(path), at("DE", "2026-11-23T08:00")
    assert promise(market, "safety", now).told_at == now + HOUR
    assert promise(market, "ordinary", now).told_at == now + 8 * HOUR
    assert promise(market, "ordinary", now).told.at_risk_from == now + 4 * HOUR
    assert promise(market, "ordinary", now).solution.due == at("DE", "2026-11-24T08:00")
    assert promise(market, "ordinary", now, queue_ahead=2).told_at == now + 15 * MINUTE
    assert promise(market, "ordinary", now, channel_closes_at=now + 5 * HOUR).told_at == now + 4 * HOUR
