"""Where an order is: one text per state, then what the carrier last said, and what comes next."""

from datetime import date
from typing import Any

from actions.outcome import Line, Outcome, Say, line
from actions.turn import Turn
from knowledge.values import Label, Value, Verbatim
from orders.model import Order, Parcel

# States in which the parcels add nothing to what the order's own text says.
SETTLED = frozenset({"placed", "paid", "packed", "delivered", "returned", "refunded", "cancelled"})
UNSENT = frozenset({"paid", "packed"})  # no carrier says anything yet: the day that checkout told still holds
EXPECTING = frozenset(
    {
        "packed",
        "shipped",
        "in_transit",
        "in_customs",
        "held_by_customs",
        "out_for_delivery",
        "delayed",
        "partly_shipped",
    }
)


def show_status(turn: Turn, order: Order) -> Outcome:
    """Where each parcel is, in lines; asked a second time with nothing new, also the offer of a person."""
    lines = _parcel_lines(order, turn.now.astimezone(turn.market.zone).date())
    says = [Say(Line(f"utter_order_{order.state}", order_values(turn, order)), lines)]
    seen = _fingerprint(order)
    if turn.slot("status_seen") == seen and order.state not in ("delivered", "refunded", "cancelled"):
        return Outcome([*says, Say(line("utter_still_the_same"))], {"offered": "person"})
    return Outcome(says, {"status_seen": seen, "offered": None})


def order_values(turn: Turn, order: Order) -> dict[str, Value]:
    """What texts about an order may name; a day is that of the market."""
    values: dict[str, Value] = {
        "order_number": Verbatim(order.number),
        "placed_on": order.placed_at.astimezone(turn.market.zone).date(),
        "items": tuple(item.name for item in order.items),
    }
    if order.parcels:
        values["carrier"] = Verbatim(order.parcels[0].carrier_name)
    if order.delivered_at:
        values["delivered_at"] = order.delivered_at
    if order.refund_amount:
        values["refund_amount"] = order.refund_amount
    if order.refunded_on:
        values["refunded_on"] = order.refunded_on
    return values


def _fingerprint(order: Order) -> list[Any]:
    scans = [parcel.scans[-1].at.isoformat() for parcel in order.parcels if parcel.scans]
    return [order.number, order.state, *scans]


def _parcel_lines(order: Order, today: date) -> list[Line]:
    if order.state in UNSENT:
        return _expected(order.expected_on or order.promised_on, today)
    if order.state in SETTLED:
        return []
    if len(order.parcels) == 1:
        return _details(order.parcels[0], order, today)
    lines = []
    for index, parcel in enumerate(order.parcels, start=1):
        lines += [_heading(index, len(order.parcels), parcel), *_details(parcel, order, today)]
    return lines


def _heading(index: int, total: int, parcel: Parcel) -> Line:
    values: dict[str, Value] = {"index": index, "total": total, "state": Label(f"label_state_{parcel.state}")}
    if not parcel.tracking_number:
        return Line("utter_parcel_not_shipped", values)
    carrier: dict[str, Value] = {
        "carrier": Verbatim(parcel.carrier_name),
        "tracking_number": Verbatim(parcel.tracking_number),
    }
    return Line("utter_parcel", values | carrier)


def _details(parcel: Parcel, order: Order, today: date) -> list[Line]:
    lines: list[Line] = []
    if parcel.scans:
        scan = parcel.scans[-1]
        event = Label(f"label_scan_{scan.event}")
        lines.append(line("utter_last_scan", event=event, place=Verbatim(scan.place), scanned_at=scan.at))
    elif parcel.tracking_number:
        lines.append(line("utter_no_scan_yet"))
    if parcel.state in EXPECTING:
        lines += _expected(parcel.expected_on or order.expected_on, today)
    if parcel.tracking_url:
        lines.append(line("utter_track_here", tracking_url=Verbatim(parcel.tracking_url)))
    return lines


def _expected(day: date | None, today: date) -> list[Line]:
    """The day, unless nobody knows it or it has gone by."""
    return [line("utter_expected", expected_on=day)] if day and day >= today else []
