"""Rows of an order export read into orders, with every bad row named file:line."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.numbers import list_currencies
from pydantic import TypeAdapter, ValidationError

from core.errors import ContentError, Fault
from orders.csv_rows import COLUMNS, ITEM_COLUMNS, ORDER_COLUMNS, PARCEL_COLUMNS, SCAN_COLUMNS, Row
from orders.model import Item, Order, Parcel, Scan
from orders.number import is_valid

MAX_ROWS = 2_000_000
_HEADER_CHARS = 10_000
MAX_FAULTS = 100  # more than a person mends before trying again


class _BadRow(ValueError):
    """A row that cannot be used; the text says why and what to do."""


@dataclass
class _Draft:
    """An order while its rows come in; `parcels` and what they hold are in the order of the rows."""

    order: Order
    items: list[Item] = field(default_factory=list)
    parcels: list[tuple[Parcel, list[Item], list[Scan]]] = field(default_factory=list)

    def finished(self) -> Order:
        parcels = tuple(
            replace(parcel, items=tuple(items), scans=tuple(scans)) for parcel, items, scans in self.parcels
        )
        return replace(self.order, items=tuple(self.items), parcels=parcels)


def read_orders(path: Path) -> tuple[Order, ...]:
    """All orders of the file, in its order. Raises ContentError with every bad row, OSError when it cannot be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            delimiter = ";" if file.readline(_HEADER_CHARS).count(";") else ","
            file.seek(0)
            return _read(path, csv.reader(file, delimiter=delimiter, strict=True))
    except UnicodeDecodeError as error:
        raise ContentError([Fault(path, 0, f"not UTF-8 at byte {error.start}; save it as UTF-8")]) from None


def _read(path: Path, reader: Any) -> tuple[Order, ...]:
    drafts: dict[str, _Draft] = {}
    refused: set[str] = set()  # orders whose own row is bad: their other rows are no news
    faults: list[Fault] = []
    try:
        header: list[str] = next(reader, [])
        _check_header(path, header)
        for cells in reader:
            if not any(cells):
                continue
            try:
                _add_row(drafts, refused, header, cells)
            except _BadRow as error:
                faults.append(Fault(path, reader.line_num, str(error)))
            if len(faults) >= MAX_FAULTS or reader.line_num > MAX_ROWS:
                faults.append(Fault(path, reader.line_num, "stopped reading here: too many faults or rows"))
                break
    except csv.Error as error:
        faults.append(Fault(path, reader.line_num, f"not CSV: {error}; export the file again"))
    if faults:
        raise ContentError(faults)
    return tuple(draft.finished() for draft in drafts.values())


def _check_header(path: Path, header: Sequence[str]) -> None:
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        message = f"no column {', '.join(missing)}; the first row names the columns, parted by ; or ,"
        raise ContentError([Fault(path, 1, message)])


def _add_row(drafts: dict[str, _Draft], refused: set[str], header: Sequence[str], cells: Sequence[str]) -> None:
    if len(cells) != len(header):
        raise _BadRow(f"{len(cells)} cells under {len(header)} columns; quote cells that hold the separator")
    row = dict(zip(header, cells, strict=True))
    number, record = row["number"], row["record"]
    if record == "order":
        refused.add(number)
        drafts[number] = _Draft(_order(row, drafts))
        refused.discard(number)
        return
    if record not in {"item", "parcel", "scan"}:
        raise _BadRow(f"record {record!r} is unknown; use order, item, parcel or scan")
    if number in refused:
        return
    if number not in drafts:
        raise _BadRow(f"no order row for {number!r} before this one; put it first")
    _add_part(drafts[number], record, row)


def _add_part(draft: _Draft, record: str, row: Row) -> None:
    if record == "parcel":
        if row["parcel"] != str(len(draft.parcels) + 1):
            raise _BadRow(f"parcel {row['parcel']!r} out of turn; the next one is {len(draft.parcels) + 1}")
        if row["tracking_url"] and not row["tracking_url"].startswith(("https://", "http://")):
            raise _BadRow(f"tracking_url {row['tracking_url'][:60]!r} is no web address; begin it with https://")
        untracked = {name: None for name in ("tracking_number", "tracking_url") if not row[name]}
        draft.parcels.append((_checked(Parcel, row, PARCEL_COLUMNS[1:], items=(), **untracked), [], []))
    elif record == "scan":
        draft.parcels[_parcel_index(draft, row)][2].append(_scan(row))
    else:
        item = _item(row, draft.order.total.currency)
        items = draft.parcels[_parcel_index(draft, row)][1] if row["parcel"] else draft.items
        items.append(item)


def _parcel_index(draft: _Draft, row: Row) -> int:
    text = row["parcel"]
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= len(draft.parcels):
        raise _BadRow(f"no parcel row {text!r} before this one; put it first")
    return int(text) - 1


def _order(row: Row, drafts: Iterable[str]) -> Order:
    if not is_valid(row["number"]):
        raise _BadRow(f"number {row['number']!r} is no order number; check its last digit")
    if row["number"] in drafts:
        raise _BadRow(f"order {row['number']} stands here twice; keep one")
    names = [name for name in ORDER_COLUMNS if name not in {"currency", "total", "refund_amount"}]
    amounts: dict[str, Any] = {"total": _money("total", row["total"], row["currency"])}
    if row["refund_amount"]:
        amounts["refund_amount"] = _money("refund_amount", row["refund_amount"], row["currency"])
    unknown = {name: row[name] for name in ("customer_name", "email", "phone", "postcode") if not row[name]}
    order: Order = _checked(Order, row, ("number", *names), items=(), **amounts, **unknown)
    delivered = _aware(order.delivered_at, "delivered_at") if order.delivered_at else None
    return replace(order, placed_at=_aware(order.placed_at, "placed_at"), delivered_at=delivered)


def _item(row: Row, currency: str) -> Item:
    item: Item = _checked(Item, row, ITEM_COLUMNS[:-1], price=_money("price", row["price"], currency))
    if not 1 <= item.quantity <= 100_000:
        raise _BadRow(f"quantity {item.quantity} is not possible; give 1 or more")
    return item


def _scan(row: Row) -> Scan:
    scan: Scan = _checked(Scan, row, SCAN_COLUMNS[1:])
    try:
        ZoneInfo(scan.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise _BadRow(f"time_zone {scan.time_zone!r} is unknown; use a name such as Europe/Berlin") from None
    return replace(scan, at=_aware(scan.at, "at"))


def _money(name: str, text: str, currency: str) -> dict[str, str]:
    if currency not in list_currencies():
        raise _BadRow(f"currency {currency!r} is unknown; use a code such as EUR")
    if not text or text.startswith("-"):
        raise _BadRow(f"{name} {text!r} is no amount; write it as 19.90")
    return {"amount": text, "currency": currency}


def _aware(at: datetime, name: str) -> datetime:
    if at.tzinfo is None:
        raise _BadRow(f"{name} {at.isoformat()} has no offset; write it as 2026-11-22T14:05:00+00:00")
    return at.astimezone(UTC)


def _checked(kind: type, row: Row, names: Iterable[str], **given: Any) -> Any:
    """A value of `kind` from the row's cells and what is `given`; empty cells count as left out."""
    cells = {name: row[name] for name in names if row[name]}
    try:
        return _adapter(kind).validate_python(cells | given)
    except ValidationError as error:
        problems = [f"{detail['loc'][0]}: {detail['msg']}, got {detail['input']!r}" for detail in _details(error)]
        raise _BadRow("; ".join(problems) + "; correct it") from None


def _details(error: ValidationError) -> Iterable[Any]:
    # Of a missing cell the library shows the whole row, which may name a customer.
    return [detail | {"input": ""} if detail["type"] == "missing" else detail for detail in error.errors()]


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
