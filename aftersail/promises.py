"""By when a person answers, from the market's calendar and what is known of team, queue and channel."""

from collections.abc import Callable, Mapping

from conversations.promise_facts import PromiseFacts
from conversations.promise_model import Promise
from markets.profile import MarketProfile


def market_promise(markets: Callable[[], Mapping[str, MarketProfile]]) -> Promise:
    """Promises of the markets as they are at that moment; one that is gone has those of the first."""
    return PromiseFacts(markets)
