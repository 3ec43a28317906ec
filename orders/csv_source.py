"""Orders from a CSV export, indexed in memory and read again when the file changes."""

import csv
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from core.errors import ContentError, OrderSourceDown
from orders.csv_read import read_orders
from orders.csv_rows import COLUMNS, rows_of
from orders.model import Order
from orders.phone import plain_phone
from orders.source import clamp_limit

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Index:
    version: tuple[int, int]  # time of change in ns, size in bytes
    orders: Mapping[str, Order]
    by_customer: Mapping[str, tuple[Order, ...]]  # newest first
    by_phone: Mapping[str, tuple[Order, ...]]  # newest first; the number as plain_phone writes it


class CsvOrderSource:
    """An OrderSource over a CSV file in the layout of orders.csv_rows.

    Raises ContentError when made from a file with bad rows. If a later version of the file is bad, the last good
    one stays in use and the faults are logged once.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._refused: tuple[int, int] | None = None
        self._index = self._load(self._version())

    def find(self, number: str) -> Order | None:
        """The order with exactly this number, or None. Raises OrderSourceDown when the file is gone."""
        return self._current().orders.get(number)

    def of_customer(self, customer_ref: str, market: str | None = None, limit: int = 5) -> list[Order]:
        """Orders of the customer, newest first, at most `limit`. Raises OrderSourceDown when the file is gone."""
        orders = self._current().by_customer.get(customer_ref, ())
        return [order for order in orders if market in (None, order.market)][: clamp_limit(limit)]

    def of_phone(self, phone: str, market: str, limit: int = 5) -> list[Order]:
        """Orders in the market with this phone number, newest first. Raises OrderSourceDown when the file is gone."""
        plain = plain_phone(phone, market)
        orders = self._current().by_phone.get(plain, ()) if plain else ()
        return [order for order in orders if order.market == market][: clamp_limit(limit)]

    def _current(self) -> _Index:
        version = self._version()
        with self._lock:
            if version not in (self._index.version, self._refused):
                try:
                    self._index = self._load(version)
                except ContentError as error:
                    self._refused = version
                    # Lines only: what stands in a cell may be personal.
                    lines = [fault.line for fault in error.faults]
                    log.error("order_export_refused path=%s bad_lines=%s", self._path, lines)
            return self._index

    def _version(self) -> tuple[int, int]:
        try:
            status = self._path.stat()
        except OSError as error:
            raise OrderSourceDown(f"{self._path} cannot be read: {error}; export the orders again") from error
        return status.st_mtime_ns, status.st_size

    def _load(self, version: tuple[int, int]) -> _Index:
        try:
            orders = read_orders(self._path)
        except OSError as error:
            raise OrderSourceDown(f"{self._path} cannot be read: {error}; export the orders again") from error
        newest_first = sorted(orders, key=lambda order: order.placed_at, reverse=True)
        return _Index(
            version,
            {order.number: order for order in orders},
            _grouped(newest_first, lambda order: order.customer_ref),
            _grouped(newest_first, lambda order: plain_phone(order.phone, order.market)),
        )


def _grouped(orders: Iterable[Order], key: Callable[[Order], str]) -> Mapping[str, tuple[Order, ...]]:
    groups: dict[str, list[Order]] = {}
    for order in orders:
        groups.setdefault(key(order), []).append(order)
    return {name: tuple(group) for name, group in groups.items()}


def export_csv(orders: Iterable[Order], path: Path) -> None:
    """Write `orders` to `path` in the layout of orders.csv_rows, replacing the file in one step."""
    draft = path.with_name(path.name + ".part")
    with draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", delimiter=";")
        writer.writeheader()
        for order in orders:
            writer.writerows(rows_of(order))
    draft.replace(path)
