"""What a customer wants changed about an order: what the rules allow is passed on, the rest is explained."""

from datetime import timedelta

from actions.handoff import hand_off
from actions.order_status import order_values
from actions.outcome import Line, Outcome, Say
from actions.turn import Turn
from knowledge.values import Value
from orders.model import Order

IN_WAREHOUSE = frozenset({"placed", "paid", "packed"})
ENDED = frozenset({"cancelled", "refunded"})
BACK = frozenset({"returned", "refunded", "cancelled"})


def cancel(turn: Turn, order: Order) -> Outcome:
    """A cancellation passed on while the goods are in the warehouse."""
    if order.state in ENDED:
        return _tell(turn, "utter_already_cancelled", order)
    if order.state in IN_WAREHOUSE:
        return _pass_on(turn, "cancel_order", "utter_cancel_requested", order)
    return _tell(turn, "utter_cancel_too_late", order)


def change_address(turn: Turn, order: Order) -> Outcome:
    """A new address passed on while the goods are in the warehouse."""
    if order.state in IN_WAREHOUSE:
        return _pass_on(turn, "change_address", "utter_address_change_requested", order)
    return _tell(turn, "utter_address_change_too_late", order)


def start_return(turn: Turn, order: Order) -> Outcome:
    """Whether the order can be returned, and until when."""
    if order.state in BACK:
        return _tell(turn, f"utter_order_{order.state}", order)
    if not order.delivered_at:
        return _tell(turn, "utter_return_not_delivered", order)
    zone = turn.market.zone
    until = order.delivered_at.astimezone(zone).date() + timedelta(days=turn.market.return_days)
    name = "utter_return_possible" if turn.now.astimezone(zone).date() <= until else "utter_return_too_late"
    return _tell(turn, name, order, return_until=until)


def _tell(turn: Turn, name: str, order: Order, **values: Value) -> Outcome:
    return Outcome([Say(Line(name, {**order_values(turn, order), **values}))])


def _pass_on(turn: Turn, reason: str, name: str, order: Order) -> Outcome:
    facts = {"number": order.number, "state": order.state, "looked_up_at": turn.now.isoformat()}
    return hand_off(turn, reason, Say(Line(name, order_values(turn, order))), facts)
