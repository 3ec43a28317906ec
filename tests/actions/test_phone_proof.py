"""A phone that the channel has verified: what it opens, and where it opens nothing."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from actions.order_access import ENDED
from actions.order_tasks import run_task
from actions.outcome import Outcome
from orders.demo_store import DemoOrderStore
from orders.model import Order
from tests.support.turns import DeadSource, markets, order_in, services, turn

PROOF = sorted(code for code, market in markets().items() if market.channel_phone_is_proof)
NO_PROOF = sorted(set(markets()) - set(PROOF))
STRANGER = "+390600000000"


class Orders:
    """An order source with these orders; every phone is that of all of them."""

    def __init__(self, *orders: Order) -> None:
        self._orders = orders

    def find(self, number: str) -> Order | None:
        """The order."""
        return next((order for order in self._orders if order.number == number), None)

    def of_customer(self, customer_ref: str, market: str | None = None, limit: int = 5) -> list[Order]:
        """None."""
        return []

    def of_phone(self, phone: str, market: str, limit: int = 5) -> list[Order]:
        """All of them."""
        return list(self._orders)


def names(outcome: Outcome) -> list[str]:
    return [line.name for message in outcome.says for line in (message.line, *message.then)]


async def ask(engine: Engine, store: Any, market: str, task: str = "order_status", **changes: Any) -> Outcome:
    return await run_task(turn(market, **changes), services(engine, store), task)


def test_most_markets_take_it_and_privacy_comes_first_in_some() -> None:
    assert NO_PROOF == ["DE", "JP"]


@pytest.mark.parametrize("market", PROOF)
async def test_it_shows_the_order_at_once(engine: Engine, store: DemoOrderStore, market: str) -> None:
    order = order_in(store, market, "in_transit")
    number = {"order_number": [order.number]}
    typed = await ask(engine, store, market, entities={**number, "phone": [order.phone]})
    assert names(typed) == ["utter_ask_order_proof"]  # anybody can type one
    verified = await ask(engine, store, market, entities=number, phone=order.phone)
    assert names(verified)[0] == "utter_order_in_transit"
    stranger = await ask(engine, store, market, entities=number, phone=STRANGER)
    assert names(stranger) == ["utter_ask_order_proof"]


@pytest.mark.parametrize("market", NO_PROOF)
async def test_where_the_market_does_not_take_it_proof_is_asked(
    engine: Engine, store: DemoOrderStore, market: str
) -> None:
    order = order_in(store, market, "in_transit")
    numbered = await ask(engine, store, market, entities={"order_number": [order.number]}, phone=order.phone)
    assert names(numbered) == ["utter_ask_order_proof"]
    assert names(await ask(engine, store, market, phone=order.phone)) == ["utter_ask_order_number"]


async def test_another_market_is_no_way_around(engine: Engine, store: DemoOrderStore) -> None:
    order = order_in(store, "DE", "in_transit")
    entities = {"order_number": [order.number]}
    assert names(await ask(engine, store, "IT", entities=entities, phone=order.phone)) == ["utter_ask_order_proof"]
    wrong = await ask(engine, store, "IT", entities={**entities, "email": ["x@example.com"]}, phone=order.phone)
    assert names(wrong) == ["utter_order_proof_failed"]


@pytest.mark.parametrize(
    ("market", "ordered", "phone"),
    [("BR", "+5531987654321", "+553187654321"), ("MX", "+525512345678", "+5215512345678")],
)
async def test_whatsapps_form_of_the_number(
    engine: Engine, store: DemoOrderStore, market: str, ordered: str, phone: str
) -> None:
    order = replace(order_in(store, market, "in_transit"), phone=ordered)
    shown = await ask(engine, Orders(order), market, entities={"order_number": [order.number]}, phone=phone)
    assert names(shown)[0] == "utter_order_in_transit"


@pytest.mark.parametrize("market", ["IT", "BR", "SA"])
async def test_the_only_open_order_needs_no_number(engine: Engine, store: DemoOrderStore, market: str) -> None:
    opened, closed = order_in(store, market, "in_transit"), order_in(store, market, "delivered")
    shown = await ask(engine, Orders(closed, opened), market, phone=opened.phone)
    assert names(shown)[0] == "utter_order_in_transit"
    assert shown.slots["order_number"] == opened.number


@pytest.mark.parametrize("market", PROOF)
async def test_the_stores_own_orders_are_found_by_phone(engine: Engine, store: DemoOrderStore, market: str) -> None:
    order = order_in(store, market, "in_transit")
    still_open = [one for one in store.of_phone(order.phone, market, 50) if one.state not in ENDED]
    shown = await ask(engine, store, market, phone=order.phone)
    assert names(shown)[0] == ("utter_order_in_transit" if len(still_open) == 1 else "utter_choose_order")
    assert names(await ask(engine, store, market, phone=STRANGER)) == ["utter_ask_order_number"]


async def test_of_several_open_orders_the_customer_chooses(engine: Engine, store: DemoOrderStore) -> None:
    one, other = order_in(store, "IT", "in_transit"), order_in(store, "IT", "delayed")
    outcome = await ask(engine, Orders(one, other), "IT", phone=one.phone)
    assert names(outcome) == ["utter_choose_order"]
    assert [title for title, _ in outcome.says[0].choices] == [one.number, other.number]


@pytest.mark.parametrize(
    ("task", "said"), [("order_status", "utter_ask_order_number"), ("start_return", "utter_return_possible")]
)
async def test_a_delivered_order_is_what_a_return_is_about(
    engine: Engine, store: DemoOrderStore, task: str, said: str
) -> None:
    order = order_in(store, "IT", "delivered")
    assert names(await ask(engine, Orders(order), "IT", task, phone=order.phone)) == [said]


async def test_a_dead_order_system_is_said(engine: Engine) -> None:
    assert names(await ask(engine, DeadSource(), "IT", phone=STRANGER)) == ["utter_order_system_down"]
