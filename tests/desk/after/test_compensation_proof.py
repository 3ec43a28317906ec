"""Refunds of orders that nobody has proved, and what a lead decides by."""

from typing import Any

import pytest
import sqlalchemy as sa

from conversations.memory import slots_of
from core.database import reading
from core.schema_desk import audit_log, compensations, notes
from desk.after.compensation_model import LEAST_REASON
from tests.desk.after.test_compensation import ask, mine
from tests.desk.after.test_orders import Down
from tests.support.desk import DeskWorld
from tests.support.installation import Installation

HOW = "They sent a photo of the invoice."


def last(desk: DeskWorld) -> tuple[Any, Any, str]:
    """The newest compensation, its audit row and its note."""
    with reading(desk.engine) as connection:
        row = connection.execute(sa.select(compensations).order_by(compensations.c.created_at.desc())).first()
        audit = connection.execute(sa.select(audit_log).order_by(audit_log.c.id.desc())).first()
        note = connection.execute(sa.select(notes.c.text).order_by(notes.c.created_at.desc())).scalar()
    return row, audit, str(note)


@pytest.mark.parametrize(
    ("kind", "theirs", "note", "status", "state", "proof"),
    [
        ("refund", "", "", 200, "asked", "unproved"),
        ("resend", "", HOW, 200, "asked", "unproved"),
        ("refund", "1", HOW, 200, "granted", "checked"),
        ("refund", "1", "x" * (LEAST_REASON - 1), 422, "", ""),
        ("coupon", "", "", 200, "granted", "unproved"),  # a voucher goes to whoever writes, whose order it may be
    ],
)
def test_an_order_that_nobody_proved(
    desk: DeskWorld,
    desk_installation: Installation,
    kind: str,
    theirs: str,
    note: str,
    status: int,
    state: str,
    proof: str,
) -> None:
    order = desk_installation.order("DE", "delivered")
    agent = desk.client("anna", partial=True)
    case = mine(desk, text=f"{order.number} ist kaputt")
    fields = {"kind": kind, "amount": "5", "reason": "damaged", "order_number": order.number, "note": note}
    answer = ask(agent, case.conversation_id, theirs=theirs, **fields)
    assert answer.status_code == status
    row, audit, written = last(desk)
    if status != 200:
        assert row is None
        return
    assert (row.state, audit.details["proof"]) == (state, proof)
    assert ("checked that it is the customer's" in written) is (proof == "checked")
    with reading(desk.engine) as connection:
        known = slots_of(connection, case.conversation_id).get("proven_orders") or []
    assert known == ([order.number] if proof == "checked" else [])


def test_a_proved_order_needs_no_tick(desk: DeskWorld, desk_installation: Installation) -> None:
    order = desk_installation.order("DE", "delivered")
    agent = desk.client("anna", partial=True)
    case = mine(desk, text=f"{order.number}, {order.postcode}")
    ask(agent, case.conversation_id, kind="refund", amount="5", reason="damaged", order_number=order.number)
    row, audit, written = last(desk)
    assert (row.state, audit.details["proof"]) == ("granted", "proved")
    assert "not proved" not in written


def test_a_lead_sees_whose_it_is_and_what_was_granted_before(desk: DeskWorld, desk_installation: Installation) -> None:
    order = desk_installation.order("DE", "delivered")
    agent = desk.client("anna", partial=True)
    first = mine(desk, text=f"{order.number} {order.postcode}", sender="someone")
    fields = {"kind": "refund", "reason": "damaged", "order_number": order.number}
    ask(agent, first.conversation_id, amount="5", **fields)
    other = mine(desk, text=order.number, sender="another")
    ask(agent, other.conversation_id, amount="6", **fields)
    page = desk.client("lea", role="lead").get("/desk/compensations").text
    waiting, _, newest = page.partition('id="comp-newest"')
    assert f"/desk/c/{other.conversation_id}" in waiting
    assert "Visitor ther" in waiting
    assert f"order of €{order.total.amount:.2f}" in waiting
    assert "granted before for this order: €5.00" in waiting
    assert "Order not proved" in waiting
    assert f"/desk/c/{first.conversation_id}" in newest
    assert f"/desk/c/{other.conversation_id}" not in newest, "what waits is not listed twice"
    assert 'value="grant"' in waiting
    assert 'value="grant"' not in newest
    assert "nothing granted before" in newest


def test_a_shop_that_is_down_hides_no_list(desk: DeskWorld, desk_installation: Installation) -> None:
    order = desk_installation.order("DE", "delivered")
    case = mine(desk, text=order.number)
    agent = desk.client("anna", partial=True)
    ask(agent, case.conversation_id, kind="refund", amount="5", reason="damaged", order_number=order.number)
    object.__setattr__(desk.parts.deps, "orders", Down())
    page = desk.client("lea", role="lead").get("/desk/compensations")
    assert page.status_code == 200
    assert order.number in page.text
