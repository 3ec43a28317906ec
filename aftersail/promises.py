"""By when a person answers, from the market's calendar."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from conversations.handoff_rows import Promise
from markets.calendar import promise
from markets.fields import Tier
from markets.profile import MarketProfile

TIERS: Mapping[str, Tier] = {"safety": "safety", "ordinary": "ordinary", "parts": "parts"}


def market_promise(markets: Callable[[], Mapping[str, MarketProfile]]) -> Promise:
    """Promises of the markets as they are at that moment; one that is gone has those of the first."""

    def promised(market: str, tier: str, now: float) -> float:
        known = markets()
        profile = known.get(market) or next(iter(known.values()))
        return promise(profile, TIERS.get(tier, "ordinary"), datetime.fromtimestamp(now, UTC)).timestamp()

    return promised
