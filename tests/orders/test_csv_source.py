import os
from pathlib import Path

import pytest

from core.errors import ContentError, OrderSourceDown
from orders.csv_source import CsvOrderSource, export_csv
from orders.demo_store import DemoOrderStore
from orders.model import Order


@pytest.fixture
def orders(store: DemoOrderStore) -> list[Order]:
    found = [store.find(demo.number) for code in ("DE", "SA", "JP") for demo in store.demo_orders(code)]
    return [order for order in found if order]


@pytest.fixture
def export(orders: list[Order], tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    export_csv(orders, path)
    return path


def touch(path: Path, text: str) -> None:
    """Write `text` and make sure that the time of change moves."""
    before = path.stat().st_mtime_ns
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(before + 10**9, before + 10**9))


def test_round_trip(orders: list[Order], export: Path) -> None:
    source = CsvOrderSource(export)
    for order in orders:
        assert source.find(order.number) == order
    assert source.find("ORK-0000000") is None


@pytest.mark.parametrize("change", ["bom", "comma", "crlf", "blank lines", "more columns"])
def test_spreadsheets_dialects(orders: list[Order], export: Path, change: str) -> None:
    text = export.read_text(encoding="utf-8")
    if change == "bom":
        text = "\ufeff" + text
    elif change == "comma":
        text = text.replace(",", " ").replace(";", ",")
    elif change == "crlf":
        text = text.replace("\n", "\r\n").replace("\r\r", "\r")
    elif change == "blank lines":
        text = text.replace("\n", "\n\n", 3)
    else:
        head, _, rest = text.partition("\n")
        text = f"{head.strip()};note\n" + "".join(f"{line};x\n" for line in rest.splitlines())
    export.write_text(text, encoding="utf-8", newline="")
    assert CsvOrderSource(export).find(orders[3].number) is not None


def test_orders_of_a_customer(orders: list[Order], export: Path) -> None:
    source = CsvOrderSource(export)
    several = source.of_customer("cust-DE-01", "DE")
    assert len(several) >= 2
    assert several == sorted(several, key=lambda order: order.placed_at, reverse=True)
    assert source.of_customer("cust-DE-01", limit=1) == several[:1]
    assert source.of_customer("cust-DE-01", "JP") == []
    assert source.of_customer("nobody") == []


def test_orders_of_a_phone(orders: list[Order], export: Path) -> None:
    source = CsvOrderSource(export)
    several = source.of_customer("cust-DE-01", "DE")
    phone = several[0].phone
    assert source.of_phone(phone, "DE") == source.of_phone(phone.replace("+49", "0"), "DE") == several
    assert source.of_phone(phone, "DE", limit=1) == several[:1]
    assert source.of_phone(phone, "JP") == []
    assert source.of_phone("", "DE") == source.of_phone("no phone", "DE") == []


def test_a_changed_file_is_read_again(orders: list[Order], export: Path) -> None:
    source = CsvOrderSource(export)
    touch(export, export.read_text(encoding="utf-8").replace(orders[0].email, "new@example.com"))
    changed = source.find(orders[0].number)
    assert changed
    assert changed.email == "new@example.com"


def test_a_bad_change_keeps_the_last_good_orders(
    orders: list[Order], export: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = CsvOrderSource(export)
    touch(export, export.read_text(encoding="utf-8").replace(";placed;", ";lost;", 1))
    assert source.find(orders[0].number) == orders[0]
    assert source.find(orders[0].number) == orders[0]
    assert [record.getMessage() for record in caplog.records] == [f"order_export_refused path={export} bad_lines=[2]"]


def test_a_vanished_file_is_a_source_that_is_down(export: Path) -> None:
    source = CsvOrderSource(export)
    export.unlink()
    with pytest.raises(OrderSourceDown, match="cannot be read"):
        source.find("ORK-4821930")
    with pytest.raises(OrderSourceDown):
        CsvOrderSource(export)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (";placed;", ";lost;", "state"),
        ("order;ORK-", "order;ORX-", "no order number"),
        ("order;", "ordr;", "record 'ordr' is unknown"),
        ("+00:00;placed", ";placed", "has no offset"),
        (";DE;20", ";DE;soon", "placed_at"),
        (";EUR;", ";EURO;", "currency 'EURO' is unknown"),
        (";de;", ";de;-", "total '-"),
        ("item;", "item;x;", "cells under"),
        ("item;ORK-1200567;", "item;ORK-4821930;", "no order row for 'ORK-4821930'"),
        ("Asia/Shanghai", "Asia/Shenzen", "time_zone 'Asia/Shenzen' is unknown"),
        (";label_created;", ";teleported;", "event"),
        (";https://", ";javascript:alert(1)//https://", "no web address"),
        ("record;", "rekord;", "no column record"),
    ],
)
def test_bad_rows_are_named(export: Path, old: str, new: str, what: str) -> None:
    text = export.read_text(encoding="utf-8")
    assert old in text
    line = text[: text.index(old)].count("\n") + 1
    export.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError, match=what) as caught:
        CsvOrderSource(export)
    assert caught.value.faults[0].line == line
    assert caught.value.faults[0].path == export


def test_an_order_twice(export: Path) -> None:
    lines = export.read_text(encoding="utf-8").splitlines()
    export.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")
    with pytest.raises(ContentError, match="stands here twice") as caught:
        CsvOrderSource(export)
    assert caught.value.faults[0].line == len(lines) + 1


def test_many_bad_rows_end_in_a_short_list(export: Path) -> None:
    lines = export.read_text(encoding="utf-8").splitlines()
    export.write_text("\n".join([lines[0], *["nonsense"] * 5000]) + "\n", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        CsvOrderSource(export)
    assert len(caught.value.faults) == 101


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"\x00\x01\x02", b'record;"number'])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(content)
    with pytest.raises(ContentError):
        CsvOrderSource(path)
