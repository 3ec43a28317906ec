"""The layout of an order export: one CSV file whose rows are orders, items, parcels and scans.

Column `record` says what a row is, `number` to which order it belongs. An order row comes before its other rows,
a parcel row before its scans and items. `parcel` counts from 1; an item row without it belongs to the whole order.
Columns that a kind of row does not use stay empty. Times are ISO 8601 with offset, dates 2026-11-22.
"""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from markets.money import Money
from orders.model import Item, Order, Parcel, Scan

Row = dict[str, str]

ORDER_COLUMNS = (
    "market",
    "placed_at",
    "state",
    "customer_name",
    "email",
    "phone",
    "postcode",
    "customer_ref",
    "language",
    "total",
    "currency",
    "promised_on",
    "expected_on",
    "delivered_at",
    "refund_amount",
    "refunded_on",
)
PARCEL_COLUMNS = ("parcel", "carrier", "carrier_name", "tracking_number", "tracking_url", "state", "expected_on")
ITEM_COLUMNS = ("sku", "name", "kind", "quantity", "price")
SCAN_COLUMNS = ("parcel", "event", "place", "at", "time_zone")
COLUMNS = tuple(dict.fromkeys(("record", "number", *ORDER_COLUMNS, *PARCEL_COLUMNS, *ITEM_COLUMNS, *SCAN_COLUMNS)))


def rows_of(order: Order) -> Iterator[Row]:
    """The rows that stand for `order`; cells of columns left out are empty."""
    plain = _cells(order, set(ORDER_COLUMNS)) | {"currency": order.total.currency}
    yield {"record": "order", "number": order.number} | plain
    yield from _item_rows(order.number, order.items, "")
    for index, parcel in enumerate(order.parcels, start=1):
        place = {"number": order.number, "parcel": str(index)}
        yield {"record": "parcel"} | place | _cells(parcel, set(PARCEL_COLUMNS))
        yield from _item_rows(order.number, parcel.items, str(index))
        for scan in parcel.scans:
            yield {"record": "scan"} | place | _cells(scan, set(SCAN_COLUMNS))


def _item_rows(number: str, items: Iterable[Item], parcel: str) -> Iterator[Row]:
    for item in items:
        yield {"record": "item", "number": number, "parcel": parcel} | _cells(item, set(ITEM_COLUMNS))


def _cells(value: Order | Item | Parcel | Scan, names: set[str]) -> Row:
    return {field.name: _cell(getattr(value, field.name)) for field in fields(value) if field.name in names}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Money):
        return str(value.amount)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)
