"""The customer's orders beside a conversation: which ones, where they are, what is said when nobody knows."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from conversations.memory import remember
from conversations.model import Hints
from core.errors import OrderSourceDown
from core.schema_desk import audit_log
from desk.after.orders_pages import Moments
from desk.after.parcel_steps import way_of
from desk.web.words import load_words
from markets.load import load_markets
from orders.model import SCAN_EVENTS, STATES, Order, Scan
from tests.support.desk import DeskWorld
from tests.support.installation import Installation

MARKETS = load_markets(Path("markets/data"))


class Down:
    """A shop that does not answer."""

    def __init__(self) -> None:
        self.calls = 0

    def find(self, number: str) -> Order | None:
        """Never."""
        self.calls += 1
        raise OrderSourceDown("slow")

    def of_customer(self, customer_ref: str, market: str | None = None, limit: int = 5) -> list[Order]:
        """Never."""
        return [self.find("")] if customer_ref else []  # type: ignore[list-item]

    def of_phone(self, phone: str, market: str, limit: int = 5) -> list[Order]:
        """Never."""
        return self.of_customer(phone)


def panel(desk: DeskWorld, conversation: str, who: str = "anna", **agent: Any) -> str:
    answer = desk.client(who, partial=True, **agent).get(f"/desk/c/{conversation}/orders")
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_named_order_is_not_proved(desk: DeskWorld, desk_installation: Installation) -> None:
    order = desk_installation.order("DE", "in_transit")
    case = desk.waiting(f"wo ist {order.number}?")
    text = panel(desk, case.conversation_id)
    assert order.number in text
    assert "Named in the chat" in text
    assert "Not proved" in text
    assert 'aria-current="step"' in text
    assert (order.parcels[0].tracking_number or "?") in text


def test_a_proved_one_is(desk: DeskWorld, desk_installation: Installation) -> None:
    order = desk_installation.order("DE", "delivered")
    case = desk.waiting("hallo")
    with desk.engine.begin() as connection:
        remember(connection, case.conversation_id, {"proven_orders": [order.number]}, desk.clock())
    text = panel(desk, case.conversation_id)
    assert "Proved" in text
    assert "Not proved" not in text


def test_orders_of_the_account_and_of_the_phone(desk: DeskWorld, desk_installation: Installation) -> None:
    order = desk_installation.order("DE", "delivered")
    signed_in = desk.waiting("hallo", hints=Hints(customer_ref=order.customer_ref))
    assert order.number in panel(desk, signed_in.conversation_id)
    caller = desk.waiting("hallo", hints=Hints(phone=order.phone))
    text = panel(desk, caller.conversation_id)
    assert order.number in text
    assert "Same phone" in text


def test_another_markets_order_is_not_shown(desk: DeskWorld, desk_installation: Installation) -> None:
    order = desk_installation.order("FR", "delivered")
    case = desk.waiting(f"wo ist {order.number}?")
    text = panel(desk, case.conversation_id)
    assert f"not found in this market: {order.number}" in text
    assert order.customer_name not in text
    assert 'class="order"' not in text
    looked = desk.client("anna", partial=True).post(
        f"/desk/c/{case.conversation_id}/orders", data={"number": order.number}
    )
    assert f"no order {order.number}" in looked.text
    assert 'class="order"' not in looked.text


def test_a_look_at_another_number_is_written_down_and_stays(desk: DeskWorld, desk_installation: Installation) -> None:
    order = desk_installation.order("DE", "in_customs")
    case = desk.waiting("hallo")
    agent = desk.client("anna", partial=True)
    answer = agent.post(f"/desk/c/{case.conversation_id}/orders", data={"number": order.number.lower()[4:]})
    assert answer.status_code == 200
    assert order.number in answer.text
    with desk.engine.connect() as connection:
        row = connection.execute(sa.select(audit_log).where(audit_log.c.action == "order_looked_up")).one()
    assert (row.who, row.target, row.details["found"]) == ("agent:anna", case.conversation_id, True)
    assert "Looked up by an agent" in panel(desk, case.conversation_id)
    for wrong in ("ORK-1", "<b>", "x" * 41, ""):
        sent = agent.post(f"/desk/c/{case.conversation_id}/orders", data={"number": wrong})
        assert sent.status_code == 422


def test_a_shop_that_is_down_is_said_and_asked_once(desk: DeskWorld, desk_installation: Installation) -> None:
    from desk.after.orders_find import find_orders

    order = desk_installation.order("DE", "delivered")
    case = desk.waiting(f"{order.number}", hints=Hints(phone="+4915100000000"))
    down = Down()
    found = find_orders(down, desk.conversation(case.conversation_id), {order.number: "named", "ORK-4821936": "named"})
    assert found.failed
    assert down.calls == 1, "each call may wait for its timeout"
    object.__setattr__(desk.parts.deps, "orders", down)
    text = panel(desk, case.conversation_id)
    assert "does not answer" in text
    assert "No order is known" not in text


def test_strangers_and_markup(desk: DeskWorld) -> None:
    case = desk.waiting("<script>alert(1)</script> ORK-4821936")
    assert "<script>alert" not in panel(desk, case.conversation_id)
    stranger = desk.client("franz", markets=["FR"], partial=True)
    assert stranger.get(f"/desk/c/{case.conversation_id}/orders").status_code == 404


def test_every_state_and_scan_has_words() -> None:
    for words in load_words().values():
        assert all(words.has(f"orders.state.{state}") for state in STATES)
        assert all(words.has(f"orders.scan.{event}") for event in SCAN_EVENTS)


@pytest.mark.parametrize("market", sorted(MARKETS))
def test_every_demo_order_has_a_way(desk_installation: Installation, market: str) -> None:
    now = datetime.now(UTC)
    for listed in desk_installation.orders.demo_orders(market):
        order = desk_installation.orders.find(listed.number)
        assert order is not None
        for parcel in order.parcels:
            way = way_of(order, parcel, MARKETS[market], now)
            states = [step.state for step in way.steps]
            assert states == sorted(states, key=("done", "now", "todo").index), (order.number, states)
            assert states.count("now") == (0 if states[-1] == "done" else 1)
            if parcel.state == "delivered":
                assert states[-1] == "done"
            if parcel.state == "returned":
                assert "returned" in way.problems


def test_stalled_and_late(desk_installation: Installation) -> None:
    order = desk_installation.order("DE", "in_transit")
    parcel = order.parcels[0]
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    old = Scan("departed", "Leipzig", now - timedelta(days=6), "Europe/Berlin")
    stalled = replace(parcel, scans=(old,), expected_on=date(2026, 11, 20))
    assert set(way_of(order, stalled, MARKETS["DE"], now).problems) >= {"stalled", "late"}
    fresh = replace(parcel, scans=(replace(old, at=now - timedelta(hours=5)),), expected_on=date(2026, 11, 30))
    assert way_of(order, fresh, MARKETS["DE"], now).problems == ()


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "Dec 11, 2026, 2:05 PM"), ("zh", "2026年12月11日 14:05")],
)
def test_no_day_can_be_taken_for_another(language: str, written: str) -> None:
    moments = Moments("Europe/Berlin", "America/New_York", language)
    assert moments.viewer(datetime(2026, 12, 11, 13, 5, tzinfo=UTC)).replace("\u202f", " ") == written
