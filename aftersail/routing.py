"""Giving conversations to agents, put together: market hours, product categories, rules."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy.engine import Engine

from conversations.promise_model import Promise
from core.settings import PROJECT
from desk.queue.assigning import Assigner
from desk.queue.duty import Duty
from desk.queue.routing_rules import load_routing_rules
from markets.profile import MarketProfile
from orders.products import load_products


def open_assigner(
    engine: Engine,
    markets: Callable[[], Mapping[str, MarketProfile]],
    promise: Promise,
    news: Callable[[str], object],
    clock: Callable[[], float] = time.time,
    outside: frozenset[str] = frozenset(),
) -> Assigner:
    """`outside`: markets whose hand-offs go to another helpdesk. Raises ContentError for rules that cannot be read."""
    products = load_products(PROJECT / "orders" / "data")
    kinds: Mapping[str, str] = {product.sku: product.kind for product in products.entries}
    duty = Duty(markets)
    rules = load_routing_rules()
    rules = replace(rules, markets={**rules.markets, **dict.fromkeys(outside, False)})
    return Assigner(engine, rules, duty, lambda sku: kinds.get(sku, ""), promise, news, clock)
