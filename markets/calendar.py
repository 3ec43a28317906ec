"""When a market's team is in, and the moment that is told to a customer. Pure; every datetime is aware."""

from datetime import datetime

from markets import promise as engine
from markets.fields import Tier
from markets.openings import market_openings, utc
from markets.profile import MarketProfile


def is_open(profile: MarketProfile, at: datetime) -> bool:
    """Whether the team is in at `at`; a slot's start belongs to it, its end does not."""
    return next(market_openings(profile, at)).start <= at


def next_opening(profile: MarketProfile, at: datetime) -> datetime:
    """The first moment from `at` on when the team is in, in the market's time zone; `at` itself while open.

    Raises SetupError when there is none within 60 days, and ValueError for a naive `at`.
    """
    return max(next(market_openings(profile, at)).start, utc(at)).astimezone(profile.zone)


def promise(profile: MarketProfile, tier: Tier, at: datetime) -> datetime:
    """The time by which a customer who writes at `at` has an answer, in the market's time zone.

    It is what markets.promise.promise tells the customer when nothing is known of the roster, the queue and the
    channel. Raises what next_opening raises.
    """
    return engine.promise(profile, tier, at).told_at.astimezone(profile.zone)
