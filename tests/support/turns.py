"""Turns for actions: real market profiles, real orders, a fixed time."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine

from actions.services import Services
from actions.turn import Turn
from conversations.attempts import AttemptLog
from core.errors import OrderSourceDown
from core.settings import PROJECT
from markets.load import load_markets
from markets.profile import MarketProfile
from orders.demo_store import DemoOrderStore, build_demo_store
from orders.model import Order

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)  # a Wednesday in the middle of the working day of Europe


@cache
def markets() -> Mapping[str, MarketProfile]:
    """The project's own market profiles."""
    return load_markets(PROJECT / "markets" / "data")


def demo_store(folder: Path) -> DemoOrderStore:
    """The demo orders as they are at NOW."""
    path = folder / "orders.db"
    build_demo_store(path, NOW.date(), now=NOW)
    return DemoOrderStore(path)


def order_in(store: DemoOrderStore, market: str, state: str) -> Order:
    """A demo order of the market in the state."""
    listed = next(order for order in store.demo_orders(market) if order.state == state)
    order = store.find(listed.number)
    assert order
    return order


class DeadSource:
    """An order source that never answers."""

    def find(self, number: str) -> Order | None:
        """Raises OrderSourceDown."""
        raise OrderSourceDown("connection refused")

    def of_customer(self, customer_ref: str, market: str | None = None, limit: int = 5) -> list[Order]:
        """Raises OrderSourceDown."""
        raise OrderSourceDown("connection refused")

    def of_phone(self, phone: str, market: str, limit: int = 5) -> list[Order]:
        """Raises OrderSourceDown."""
        raise OrderSourceDown("connection refused")


def services(engine: Engine, orders: Any) -> Services:
    """Services at NOW."""
    return Services(orders, markets, AttemptLog(engine, clock=NOW.timestamp), now=lambda: NOW)


def turn(market: str = "DE", slots: Mapping[str, Any] | None = None, **changes: Any) -> Turn:
    """A turn of a customer in the market; `changes` are fields of Turn."""
    fields: dict[str, Any] = {
        "conversation_id": "c1",
        "text": "",
        "intent": "",
        "entities": {},
        "faq": (),
        "choices": (),
        "verdict": "answer",
        "market": markets()[market],
        "language": markets()[market].languages[0],
        "channel": "webchat",
        "customer_ref": "",
        "phone": "",
        "now": NOW,
        "slots": dict(slots or {}),
        **changes,
    }
    return Turn(**fields)
