"""A promise as a value: its clocks, what shaped it, and how it stands. Pure; every datetime is aware."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from markets.fields import Tier
from markets.openings import utc

Status = Literal["kept", "open", "at_risk", "broken"]
ClockName = Literal["told", "first_reply", "solution", "parts"]


class Reason(StrEnum):
    """Why a promise is as it is."""

    AROUND_THE_CLOCK = "around_the_clock"  # safety: real hours, whoever is in
    CLOSED_NOW = "closed_now"  # counting starts at the next opening
    NOBODY_ON_DUTY = "nobody_on_duty"  # open, but the roster has nobody; for safety: call somebody now
    CLOSED_AT_END = "closed_at_end"  # the hours end while closed, so the next opening counts
    HOLIDAY = "holiday"
    SPECIAL_HOURS = "special_hours"  # Ramadan, or a dated exception
    CLOCK_CHANGE = "clock_change"
    LEAST_TIME = "least_time"  # later, because too little working time would be left
    QUEUE_SHORT = "queue_short"  # earlier than the tier asks for
    QUEUE_LONG = "queue_long"  # the queue takes longer than the tier allows: a lead must act
    CHANNEL_CLOSES = "channel_closes"  # earlier, so that the answer goes out freely
    BY_TEMPLATE = "by_template"  # the channel closes before the promise; the answer comes by template


@dataclass(frozen=True)
class Clock:
    """One thing that is promised: `due` at the latest; somebody must look when it is open at `at_risk_from`."""

    due: datetime
    at_risk_from: datetime

    def status(self, now: datetime, done_at: datetime | None = None) -> Status:
        """How it stands at `now`; what is done at `due` is kept, what is not done by then is broken."""
        # In UTC: two moments of one zone compare by the wall clock, wrongly in the hour that comes twice.
        moment, due = utc(now), utc(self.due)
        if done_at is not None and utc(done_at) <= moment:
            return "kept" if utc(done_at) <= due else "broken"
        if moment >= due:
            return "broken"
        return "at_risk" if moment >= utc(self.at_risk_from) else "open"

    def next_check_at(self, now: datetime, done_at: datetime | None = None) -> datetime | None:
        """When the status changes by itself; None when it is final."""
        if done_at is not None and utc(done_at) <= utc(now):
            return None
        return next((moment for moment in (self.at_risk_from, self.due) if utc(now) < utc(moment)), None)


@dataclass(frozen=True)
class Promise:
    """What a customer who asked at `asked_at` may rely on. All moments are UTC."""

    tier: Tier
    asked_at: datetime
    starts_at: datetime  # when somebody begins to work on it
    first_reply: Clock
    solution: Clock
    parts: Clock | None  # only where parts are promised
    by_template: bool  # what is told lies after the channel's closing: the answer comes by template
    reasons: tuple[Reason, ...]

    @property
    def told(self) -> Clock:
        """The clock that the customer hears of."""
        return self.parts or self.first_reply

    @property
    def told_at(self) -> datetime:
        """The moment that the customer is told: the answer is there by then."""
        return self.told.due

    def clock(self, name: ClockName) -> Clock:
        """The clock of that name. Raises KeyError for parts where none are promised."""
        clock: Clock | None = getattr(self, name)
        if clock is None:
            raise KeyError(f"tier {self.tier} promises no {name}")
        return clock


def status(promise: Promise, now: datetime, done_at: datetime | None = None, clock: ClockName = "told") -> Status:
    """How `clock` of the promise stands at `now`; `done_at`: when it was fulfilled. Raises what Promise.clock does."""
    return promise.clock(clock).status(now, done_at)


def next_check_at(
    promise: Promise, now: datetime, done_at: datetime | None = None, clock: ClockName = "told"
) -> datetime | None:
    """When `status` of the same arguments changes by itself; None when it is final."""
    return promise.clock(clock).next_check_at(now, done_at)
