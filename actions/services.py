"""What actions work with: orders, the current release, attempts, the time. Passed in, never imported."""

import asyncio
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy.engine import Engine

from conversations.attempts import AttemptLog
from conversations.promise_facts import MarketPromise, PromiseFacts, promise_of
from core.database import open_engine
from core.errors import OrderSourceDown
from core.settings import load_settings
from knowledge.release_holder import ReleaseHolder
from markets.fields import Tier
from markets.profile import MarketProfile
from markets.promise import promise
from markets.promise_model import Promise
from orders.demo_store import open_order_source
from orders.model import Order
from orders.source import MAX_LISTED, OrderSource

T = TypeVar("T")

ORDER_TIMEOUT_S = 5.0


def utc_now() -> datetime:
    """The time now, aware."""
    return datetime.now(UTC)


def by_calendar(_conversation_id: str, market: MarketProfile, tier: Tier, now: datetime) -> Promise:
    """The promise when nothing but the market's calendar is known."""
    return promise(market, tier, now)


@dataclass(frozen=True)
class Services:
    """The outside world of the actions."""

    orders: OrderSource
    markets: Callable[[], Mapping[str, MarketProfile]]
    attempts: AttemptLog
    now: Callable[[], datetime] = utc_now
    promise: MarketPromise = by_calendar  # by when a person answers

    def languages(self) -> list[str]:
        """Content codes of every market's languages."""
        return list(dict.fromkeys(language for market in self.markets().values() for language in market.languages))

    async def find_order(self, number: str) -> Order | None:
        """The order, or None. Raises OrderSourceDown when the source does not answer in time."""
        return await self._ask(lambda: self.orders.find(number))

    async def orders_of(self, customer_ref: str, market: str) -> list[Order]:
        """The customer's newest orders in the market; empty when there are none."""
        return await self._ask(lambda: self.orders.of_customer(customer_ref, market))

    async def orders_of_phone(self, phone: str, market: str) -> list[Order]:
        """Orders in the market with the phone number, newest first; empty when there are none."""
        return await self._ask(lambda: self.orders.of_phone(phone, market, MAX_LISTED))

    async def _ask(self, question: Callable[[], T]) -> T:
        try:
            return await asyncio.wait_for(asyncio.to_thread(question), ORDER_TIMEOUT_S)
        except TimeoutError as error:
            raise OrderSourceDown(f"the order source gave no answer in {ORDER_TIMEOUT_S:g} s") from error


def services_for(engine: Engine, holder: ReleaseHolder, orders: OrderSource) -> Services:
    """Services on the record's database and the current release."""

    def markets() -> Mapping[str, MarketProfile]:
        return holder.current().markets

    promised = promise_of(engine, PromiseFacts(markets))
    return Services(orders, markets, AttemptLog(engine), promise=promised)


@functools.cache
def shared_services() -> Services:
    """Services of this process, for `rasa run actions`."""
    settings = load_settings()
    engine = open_engine(settings)
    holder = ReleaseHolder(settings, engine, embedder_fingerprint=None, with_vectors=False)
    return services_for(engine, holder, open_order_source(settings))
