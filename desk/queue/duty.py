"""Whether somebody works now: by their own hours in their own time zone, or by the market's."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import structlog
from pydantic import TypeAdapter, ValidationError

from desk.agents import Agent
from markets.calendar import is_open
from markets.hours import WeeklyHours, week_of
from markets.openings import openings
from markets.profile import MarketProfile

logger = structlog.get_logger(__name__)

_HOURS: TypeAdapter[WeeklyHours] = TypeAdapter(WeeklyHours)


class Duty:
    """Answers for agents and markets; `markets` are those of the current release."""

    def __init__(self, markets: Callable[[], Mapping[str, MarketProfile]]) -> None:
        self._markets = markets
        self._open: dict[str, tuple[MarketProfile, float, bool]] = {}  # by market: whether it was open when last asked

    def __call__(self, agent: Agent, market: str, now: float) -> bool:
        """Whether the agent works for the market at `now`."""
        at = datetime.fromtimestamp(now, UTC)
        if agent.duty_hours:
            try:
                return _works(agent, at)
            except (ValidationError, LookupError) as error:  # the account page refuses such hours
                logger.warning("wrong_duty_hours", agent=agent.id, error=str(error))
                return False
        profile = self._markets().get(market)
        return profile is not None and self._is_open(profile, market, at)

    def _is_open(self, profile: MarketProfile, market: str, at: datetime) -> bool:
        """One round of routing asks for each market as often as there are agents and conversations."""
        known = self._open.get(market)
        if known is None or known[0] is not profile or known[1] != at.timestamp():
            known = self._open[market] = (profile, at.timestamp(), is_open(profile, at))
        return known[2]


def _works(agent: Agent, at: datetime) -> bool:
    week = week_of(_HOURS.validate_python(dict(agent.duty_hours)))
    return next(openings(lambda day: week[day.weekday()], ZoneInfo(agent.time_zone), at)).start <= at
