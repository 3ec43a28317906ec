"""Phone numbers are one number however they are written, and never another person's."""

from dataclasses import replace

import pytest

from orders.demo_store import DemoOrderStore
from orders.model import Order
from orders.phone import plain_phone
from orders.proof import matches_proof

# Region of a number without country code, and ways to write one and the same number.
SAME = [
    ("DE", ("+4930231250", "030 231250", "0049 30 231250", "+49 (0)30 23 12 50")),
    ("JP", ("+81300000042", "03-0000-0042", "０３-００００-００４２")),
    ("IT", ("+390612345678", "06 1234 5678")),
    ("SA", ("+966501234567", "٠٥٠ ١٢٣ ٤٥٦٧", "050 123 4567")),
    ("BR", ("+5531987654321", "+553187654321", "(31) 98765-4321", "(31) 8765-4321", "5531987654321")),
    ("MX", ("+525512345678", "+5215512345678", "55 1234 5678", "+52 1 55 1234 5678")),
    ("AR", ("+541123456789", "+5491123456789", "011 15 2345-6789", "+54 9 11 2345-6789")),
]


@pytest.mark.parametrize(("region", "ways"), SAME)
def test_ways_to_write_one_number(region: str, ways: tuple[str, ...]) -> None:
    assert {plain_phone(way, region) for way in ways} == {plain_phone(ways[0], region)} != {""}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+5531932345678", "+553132345678"),  # a Brazilian mobile and a fixed line
        ("+5531987654321", "+5511987654321"),
        ("+525512345678", "+525512345679"),
        ("+5215512345678", "+15512345678"),
        ("+541123456789", "+541123456780"),
        ("+4915112345678", "+495112345678"),  # no country has a variant of another one's
        ("+39312345678", "+3912345678"),
    ],
)
def test_other_numbers_stay_others(one: str, other: str) -> None:
    assert plain_phone(one, "US") != plain_phone(other, "US")


@pytest.mark.parametrize("text", [None, "", "  ", "-", "1", "lena@example.com", "9" * 300, "\ud800"])
def test_what_is_no_number(text: str | None) -> None:
    assert plain_phone(text, "DE") == ""


@pytest.mark.parametrize(
    ("market", "ordered", "written"),
    [
        ("BR", "+5531987654321", "+553187654321"),
        ("BR", "(31) 8765-4321", "+5531987654321"),
        ("MX", "55 1234 5678", "+5215512345678"),
        ("US", "+541123456789", "+5491123456789"),
    ],
)
def test_a_channels_form_of_the_number_proves_the_order(
    store: DemoOrderStore, market: str, ordered: str, written: str
) -> None:
    found = store.find(store.demo_orders(market)[0].number)
    assert found
    order: Order = replace(found, phone=ordered)
    assert matches_proof(order, None, None, written)
    assert not matches_proof(order, None, None, written[:-1] + "0")
