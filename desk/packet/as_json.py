"""The packet as JSON, for programs; docs/packet.md describes every field. Pure."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from desk.packet.model import OrderFact, OrderFacts, Packet
from markets.money import Money
from orders.model import Parcel


def to_json(packet: Packet) -> dict[str, Any]:
    """Version 1 of the packet: times are ISO 8601 in UTC, what is not known is null or empty."""
    why = {**asdict(packet.why), "since": _time(packet.why.since)}
    return {
        "version": packet.version,
        "conversation_id": packet.conversation_id,
        "made_at": _time(packet.made_at),
        "market": packet.market,
        "language": packet.language,
        "reader": packet.reader,
        "owner": packet.owner,
        "state": packet.state,
        "waiting_since": _time(packet.waiting_since),
        "wants": {**asdict(packet.wants), "at": _time(packet.wants.at)} if packet.wants else None,
        "intent": packet.intent,
        "why": why,
        "orders": _orders(packet.orders),
        "tried": [{**asdict(each), "at": _time(each.at)} for each in packet.tried],
        "given": [asdict(each) for each in packet.given],
        "language_choice": asdict(packet.language_choice),
        "mood": asdict(packet.mood),
        "terms": [asdict(each) for each in packet.terms],
        "customer": _customer(packet),
        "promises": [_promise(each) for each in packet.promises],
        "channel": {**asdict(packet.channel), "free_until": _time(packet.channel.free_until)},
        "next_steps": [{"key": step.key, "values": dict(step.values)} for step in packet.next_steps],
    }


def _orders(orders: OrderFacts) -> Mapping[str, Any]:
    return {
        "looked_up_at": _time(orders.looked_up_at),
        "failed": orders.failed,
        "unknown": list(orders.unknown),
        "orders": [_order(fact) for fact in orders.orders],
    }


def _order(fact: OrderFact) -> Mapping[str, Any]:
    order = fact.order
    return {
        "number": order.number,
        "source": fact.source,
        "proven": fact.proven,
        "matches": list(fact.matches),
        "problems": list(fact.problems),
        "state": order.state,
        "placed_at": _iso(order.placed_at),
        "promised_on": order.promised_on and order.promised_on.isoformat(),
        "expected_on": order.expected_on and order.expected_on.isoformat(),
        "delivered_at": order.delivered_at and _iso(order.delivered_at),
        "total": _money(order.total),
        "items": [{"sku": item.sku, "name": item.name, "quantity": item.quantity} for item in order.items],
        "parcels": [_parcel(parcel) for parcel in order.parcels],
    }


def _parcel(parcel: Parcel) -> Mapping[str, Any]:
    scan = parcel.last_scan
    return {
        "carrier": parcel.carrier_name,
        "tracking_number": parcel.tracking_number,
        "tracking_url": parcel.tracking_url,
        "state": parcel.state,
        "expected_on": parcel.expected_on and parcel.expected_on.isoformat(),
        "last_scan": scan
        and {
            "event": scan.event,
            "place": scan.place,
            "at": _iso(scan.at),
            "time_zone": scan.time_zone,
        },
    }


def _customer(packet: Packet) -> Mapping[str, Any]:
    earlier = [{**asdict(each), "began_at": _time(each.began_at)} for each in packet.customer.earlier]
    return {**asdict(packet.customer), "earlier": earlier, "scores": list(packet.customer.scores)}


def _promise(clock: Any) -> Mapping[str, Any]:
    return {**asdict(clock), "due_at": _time(clock.due_at), "at_risk_from": _time(clock.at_risk_from)}


def _money(money: Money) -> Mapping[str, str]:
    return {"amount": str(money.amount), "currency": money.currency}


def _time(seconds: float | None) -> str | None:
    return None if seconds is None else _iso(datetime.fromtimestamp(seconds, UTC))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
