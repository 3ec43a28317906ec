"""The demo shop's orders in a SQLite file, made anew for each day so that their states stay believable."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from core.errors import OrderSourceDown, SetupError
from core.settings import PROJECT, Settings
from markets.load import load_markets
from orders.csv_source import CsvOrderSource
from orders.demo_data import load_demo_data
from orders.demo_orders import make_demo_orders
from orders.model import Order, State
from orders.phone import plain_phone
from orders.products import load_products
from orders.source import OrderSource, clamp_limit

FILE = "demo_orders.db"
DATA = Path(__file__).parent / "data"
TIMEOUT_S = 2.0
_SCHEMA_VERSION = 2
_SCHEMA = f"""
PRAGMA user_version = {_SCHEMA_VERSION};
CREATE TABLE made_for (day TEXT NOT NULL);
CREATE TABLE orders (
    number TEXT PRIMARY KEY, position INTEGER NOT NULL, market TEXT NOT NULL, customer_ref TEXT NOT NULL,
    placed_at REAL NOT NULL, body TEXT NOT NULL, phone TEXT NOT NULL
);
CREATE INDEX orders_by_customer ON orders (customer_ref, placed_at);
CREATE INDEX orders_by_phone ON orders (phone, placed_at);
CREATE INDEX orders_by_market ON orders (market, position);
"""


@dataclass(frozen=True)
class DemoOrder:
    """What a visitor of the demo page needs in order to ask for an order."""

    number: str
    email: str
    postcode: str
    state: State


class DemoOrderStore:
    """An OrderSource over the demo file. Each call opens it anew, so threads and processes may share it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def find(self, number: str) -> Order | None:
        """The order with exactly this number, or None. Raises OrderSourceDown when the file cannot be read."""
        orders = self._select("SELECT body FROM orders WHERE number = ?", (number,))
        return orders[0] if orders else None

    def of_customer(self, customer_ref: str, market: str | None = None, limit: int = 5) -> list[Order]:
        """Orders of the customer, newest first, at most `limit`. Raises OrderSourceDown when it cannot be read."""
        return self._select(
            "SELECT body FROM orders WHERE customer_ref = ? AND (? IS NULL OR market = ?)"
            " ORDER BY placed_at DESC, number LIMIT ?",
            (customer_ref, market, market, clamp_limit(limit)),
        )

    def of_phone(self, phone: str, market: str, limit: int = 5) -> list[Order]:
        """Orders in the market with this phone number, newest first. Raises OrderSourceDown when it cannot be read."""
        return self._select(
            "SELECT body FROM orders WHERE phone = ? AND phone <> '' AND market = ?"
            " ORDER BY placed_at DESC, number LIMIT ?",
            (plain_phone(phone, market), market, clamp_limit(limit)),
        )

    def demo_orders(self, market: str) -> list[DemoOrder]:
        """The market's demo orders, one per state in the order of STATES first, then a few more."""
        orders = self._select("SELECT body FROM orders WHERE market = ? ORDER BY position", (market,))
        return [DemoOrder(order.number, order.email, order.postcode, order.state) for order in orders]

    def made_for(self) -> date | None:
        """The day for which the file was made; None when it is missing, unreadable or of an earlier version."""
        try:
            with _reading(self._path) as connection:
                if connection.execute("PRAGMA user_version").fetchone() != (_SCHEMA_VERSION,):
                    return None
                row = connection.execute("SELECT day FROM made_for").fetchone()
        except OrderSourceDown:
            return None
        return date.fromisoformat(row[0]) if row else None

    def _select(self, statement: str, parameters: Sequence[str | int | None]) -> list[Order]:
        with _reading(self._path) as connection:
            rows = connection.execute(statement, parameters).fetchall()
        try:
            return [_codec().validate_json(body) for (body,) in rows]
        except ValidationError as error:
            raise OrderSourceDown(f"{self._path} holds something else than orders; delete it") from error


def build_demo_store(path: Path, today: date, *, now: datetime | None = None, content_dir: Path = PROJECT) -> int:
    """Write the demo orders of `today` to `path` in one step; back comes their count.

    The same day gives the same orders. No scan lies after `now`, which is noon UTC of `today` unless given.
    Raises ContentError when markets or demo data have mistakes.
    """
    moment = now or datetime.combine(today, time(12), tzinfo=UTC)
    markets = load_markets(content_dir / "markets" / "data")
    products = load_products(DATA).entries
    demo = load_demo_data(DATA / "demo", markets)
    orders = [order for code in demo for order in make_demo_orders(markets[code], demo[code], products, moment)]
    path.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own, because two processes may build at once; the last one to finish stays.
    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    draft.unlink(missing_ok=True)
    with closing(sqlite3.connect(draft, timeout=TIMEOUT_S)) as connection, connection:
        connection.executescript(_SCHEMA)
        connection.execute("INSERT INTO made_for VALUES (?)", (today.isoformat(),))
        connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?)", _rows(orders))
    draft.replace(path)
    return len(orders)


def open_order_source(settings: Settings, *, now: datetime | None = None) -> OrderSource:
    """The order source that the settings name; demo orders are made anew on the first start of a day.

    Raises SetupError for a missing CSV file and ContentError for one with mistakes.
    """
    if settings.orders != "demo":
        path = Path(settings.orders)
        if not path.is_file():
            raise SetupError(f"AFTERSAIL_ORDERS: {path} is no file; write 'demo' or the path of a CSV export")
        return CsvOrderSource(path)
    moment = now or datetime.now(UTC)
    store = DemoOrderStore(settings.data_dir / FILE)
    if store.made_for() != moment.date():
        build_demo_store(settings.data_dir / FILE, moment.date(), now=moment, content_dir=settings.content_dir)
    return store


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        address = f"{path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=TIMEOUT_S)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise OrderSourceDown(f"{path} cannot be read: {error}") from error


def _rows(orders: Iterable[Order]) -> Iterator[tuple[str, int, str, str, float, str, str]]:
    for position, order in enumerate(orders):
        body = _codec().dump_json(order).decode()
        phone = plain_phone(order.phone, order.market)
        yield order.number, position, order.market, order.customer_ref, order.placed_at.timestamp(), body, phone


@cache
def _codec() -> TypeAdapter[Order]:
    return TypeAdapter(Order)
