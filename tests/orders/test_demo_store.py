import re
import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
import yaml

from core.errors import ContentError, OrderSourceDown, SetupError
from core.settings import PROJECT, Settings
from markets.load import load_markets
from markets.profile import MarketProfile
from orders.csv_source import CsvOrderSource, export_csv
from orders.demo_data import load_demo_data
from orders.demo_store import DATA, FILE, DemoOrderStore, build_demo_store, open_order_source
from orders.model import SCAN_EVENTS, STATES, Order
from orders.number import is_valid
from orders.proof import matches_proof

from .conftest import TODAY

MARKETS: Mapping[str, MarketProfile] = load_markets(PROJECT / "markets" / "data")
NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
ON_THE_WAY = {"shipped", "in_transit", "in_customs", "held_by_customs", "out_for_delivery", "delayed"}


@pytest.fixture(scope="module")
def orders(store: DemoOrderStore) -> list[Order]:
    found = [store.find(demo.number) for code in MARKETS for demo in store.demo_orders(code)]
    return [order for order in found if order]


def test_enough_orders_with_right_numbers(orders: list[Order]) -> None:
    assert len(orders) >= 260
    assert len({order.number for order in orders}) == len(orders)
    assert all(is_valid(order.number) for order in orders)


@pytest.mark.parametrize("code", sorted(MARKETS))
class TestEveryMarket:
    def test_every_state_comes_first_and_in_order(self, store, code) -> None:
        listed = store.demo_orders(code)
        assert tuple(demo.state for demo in listed[: len(STATES)]) == STATES

    def test_customers_belong_to_the_market(self, orders, code) -> None:
        profile = MARKETS[code]
        for order in (order for order in orders if order.market == code):
            assert re.fullmatch(profile.postcode, order.postcode), order.postcode
            assert order.language in profile.languages
            assert order.phone.startswith(profile.phone_prefix)
            assert phonenumbers.is_possible_number(phonenumbers.parse(order.phone))
            assert order.email.split("@")[1] in {"example.com", "example.org", "example.net"}
            assert order.total.currency == profile.currency
            assert matches_proof(order, order.email, None, None)

    def test_some_customers_have_several_orders_newest_first(self, store, code) -> None:
        several = store.of_customer(f"cust-{code}-01", code)
        assert len(several) >= 2
        assert [order.placed_at for order in several] == sorted((o.placed_at for o in several), reverse=True)
        assert store.of_customer(f"cust-{code}-01", code, limit=1) == several[:1]
        assert store.of_customer(f"cust-{code}-01", "XX") == []

    def test_orders_are_found_by_phone(self, store, code) -> None:
        several = store.of_customer(f"cust-{code}-01", code)
        national = phonenumbers.format_number(
            phonenumbers.parse(several[0].phone), phonenumbers.PhoneNumberFormat.NATIONAL
        )
        for phone in (several[0].phone, national):
            assert [order.number for order in store.of_phone(phone, code)] == [order.number for order in several]
        assert store.of_phone(several[0].phone, code, limit=1) == several[:1]
        assert store.of_phone(several[0].phone, "XX") == []
        assert store.of_phone("", code) == []

    def test_some_orders_have_several_parcels(self, orders, code) -> None:
        counts = Counter(len(order.parcels) for order in orders if order.market == code)
        assert counts[2] >= 2
        assert counts[3] >= 1

    def test_carriers_are_the_markets(self, orders, code) -> None:
        for order in (order for order in orders if order.market == code):
            for parcel in order.parcels:
                carrier = MARKETS[code].carrier(parcel.carrier)
                assert carrier
                assert parcel.carrier_name == carrier.name
                if parcel.tracking_number:
                    assert parcel.tracking_url == carrier.track(parcel.tracking_number)


def test_scans_rise_in_time_and_lie_in_the_past(orders: list[Order]) -> None:
    for order in orders:
        for parcel in order.parcels:
            times = [order.placed_at, *(scan.at for scan in parcel.scans), NOW]
            assert all(earlier < later for earlier, later in pairwise(times)), order.number
            assert all(scan.at.tzinfo == UTC for scan in parcel.scans)
            assert all(ZoneInfo(scan.time_zone) for scan in parcel.scans)
            assert bool(parcel.scans) == bool(parcel.tracking_number)


def test_parcels_from_abroad_pass_customs_in_order(orders: list[Order]) -> None:
    abroad = [p for o in orders for p in o.parcels if p.scans and p.scans[0].time_zone == "Asia/Shanghai"]
    assert len(abroad) >= 17 * 3
    for parcel in abroad:
        events = [scan.event for scan in parcel.scans]
        route = [
            event for event in events if event in ("departed", "export_cleared", "import_customs", "customs_released")
        ]
        assert route[:4] == ["departed", "export_cleared", "import_customs", "customs_released"][: len(route[:4])]


def test_items_of_parcels_add_up_to_the_order(orders: list[Order]) -> None:
    for order in orders:
        assert order.items
        if order.parcels:
            assert Counter(i.sku for p in order.parcels for i in p.items) == Counter(i.sku for i in order.items)
            assert all(parcel.items for parcel in order.parcels)
        goods = sum(item.price.amount * item.quantity for item in order.items)
        assert order.total.amount >= goods > 0


def test_states_are_believable(orders: list[Order]) -> None:
    for order in orders:
        today = NOW.astimezone(MARKETS[order.market].zone).date()
        assert (order.delivered_at is not None) == (order.state in {"delivered", "refunded"})
        assert (order.refund_amount is not None) == (order.state == "refunded") == (order.refunded_on is not None)
        if order.state in ON_THE_WAY:
            assert order.expected_on
            assert order.expected_on >= today
        if order.state == "delayed":
            assert order.promised_on
            assert order.promised_on < today < (order.expected_on or today)
        if order.state == "out_for_delivery":
            last = order.parcels[0].scans[-1]
            assert last.event == "out_for_delivery"
            assert (
                last.at.astimezone(ZoneInfo(last.time_zone)).date() == NOW.astimezone(ZoneInfo(last.time_zone)).date()
            )


def test_every_state_and_event_has_words() -> None:
    replies = yaml.safe_load((PROJECT / "knowledge" / "data" / "replies" / "en.yml").read_text(encoding="utf-8"))
    for state in STATES:
        assert f"utter_order_{state}" in replies
        assert f"label_state_{state}" in replies
    assert {name.removeprefix("label_scan_") for name in replies if name.startswith("label_scan_")} == set(SCAN_EVENTS)


def test_the_same_day_gives_the_same_orders(orders: list[Order], tmp_path: Path) -> None:
    build_demo_store(tmp_path / "again.db", TODAY)
    again = DemoOrderStore(tmp_path / "again.db")
    assert [again.find(order.number) for order in orders] == orders


def test_numbers_stay_from_day_to_day_and_scans_never_lie_ahead(store: DemoOrderStore, tmp_path: Path) -> None:
    night = datetime(2027, 3, 1, 0, 10, tzinfo=UTC)
    build_demo_store(tmp_path / "later.db", night.date(), now=night)
    later = DemoOrderStore(tmp_path / "later.db")
    for code in MARKETS:
        assert [d.number for d in later.demo_orders(code)] == [d.number for d in store.demo_orders(code)]
        found = [later.find(demo.number) for demo in later.demo_orders(code)]
        assert all(scan.at < night for order in found if order for parcel in order.parcels for scan in parcel.scans)


@pytest.mark.parametrize("number", ["ORK-0000000", "", "' OR 1=1 --", "ork-1200567"])
def test_unknown_numbers(store: DemoOrderStore, number: str) -> None:
    assert store.find(number) is None
    assert store.of_customer(number) == []
    assert store.demo_orders("XX") == []


def test_a_missing_or_broken_file_is_a_source_that_is_down(tmp_path: Path) -> None:
    with pytest.raises(OrderSourceDown):
        DemoOrderStore(tmp_path / "none.db").find("ORK-4821930")
    (tmp_path / "bad.db").write_bytes(b"not a database, not at all" * 100)
    with pytest.raises(OrderSourceDown):
        DemoOrderStore(tmp_path / "bad.db").of_customer("cust-DE-01")
    assert DemoOrderStore(tmp_path / "bad.db").made_for() is None


class TestOpening:
    def test_demo_is_made_on_the_first_start_of_a_day(self, tmp_path: Path) -> None:
        settings = Settings(data_dir=tmp_path, orders="demo")
        source = open_order_source(settings, now=NOW)
        assert isinstance(source, DemoOrderStore)
        first = (tmp_path / FILE).stat().st_mtime_ns
        open_order_source(settings, now=NOW + timedelta(hours=1))
        assert (tmp_path / FILE).stat().st_mtime_ns == first
        with closing(sqlite3.connect(tmp_path / FILE)) as connection, connection:
            connection.execute("PRAGMA user_version = 1")  # of an earlier version of the program
        assert source.made_for() is None
        open_order_source(settings, now=NOW)
        assert source.made_for() == NOW.date()
        open_order_source(settings, now=NOW + timedelta(days=1))
        assert source.made_for() == date(2026, 11, 23)
        assert sorted(path.name for path in tmp_path.iterdir()) == [FILE]

    def test_csv(self, tmp_path: Path, orders: list[Order]) -> None:
        export_csv(orders[:3], tmp_path / "orders.csv")
        settings = Settings(data_dir=tmp_path, orders=str(tmp_path / "orders.csv"))
        source = open_order_source(settings)
        assert isinstance(source, CsvOrderSource)
        assert source.find(orders[0].number) == orders[0]

    def test_a_wrong_path_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(SetupError, match="AFTERSAIL_ORDERS"):
            open_order_source(Settings(data_dir=tmp_path, orders="orders.csv"))


@pytest.mark.parametrize(
    ("code", "euro", "expected"),
    [("DE", "59.90", "59.90"), ("JP", "59.90", "9880"), ("US", "59.90", "64.70"), ("VN", "0.001", "1000")],
)
def test_local_prices(code: str, euro: str, expected: str) -> None:
    assert load_demo_data(DATA / "demo", MARKETS)[code].local_price(Decimal(euro)) == Decimal(expected)


def test_two_markets_need_two_prefixes(tmp_path: Path) -> None:
    for code in ("DE", "FR"):
        text = (DATA / "demo" / "DE.yml").read_text(encoding="utf-8")
        (tmp_path / f"{code}.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match="number_prefix: DE has the same one") as caught:
        load_demo_data(tmp_path, MARKETS)
    assert caught.value.faults[0].path.name == "FR.yml"


def test_a_customer_needs_a_hub_that_exists(tmp_path: Path) -> None:
    text = (DATA / "demo" / "DE.yml").read_text(encoding="utf-8")
    (tmp_path / "DE.yml").write_text(text.replace("hub: 1", "hub: 7"), encoding="utf-8")
    with pytest.raises(ContentError, match="hub that is not in hubs"):
        load_demo_data(tmp_path, MARKETS)
