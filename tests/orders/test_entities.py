"""Entities in messages of every market."""

import pytest

from core.settings import PROJECT
from orders.entities import find_entities
from orders.number import make_number
from orders.products import find_products, load_products
from tests.support.turns import markets

PRODUCTS = load_products(PROJECT / "orders" / "data")
NUMBER = make_number(482_193)


def found(text: str, market: str) -> dict[str, str]:
    """Entities of `text` by name."""
    profile = markets()[market]
    entities = find_entities(
        text, region=market, postcode=profile.postcode, find_products=lambda plain: find_products(plain, PRODUCTS)
    )
    return {entity.name: entity.value for entity in entities}


@pytest.mark.parametrize(
    ("market", "text", "expected"),
    [
        ("DE", f"bestellung {NUMBER.lower()} wo?", {"order_number": NUMBER}),
        ("DE", "LENA@Example.com", {"email": "lena@example.com"}),
        ("DE", "10115 berlin", {"postcode": "10115"}),
        ("DE", "meine nummer ist 030 901820", {"phone": "+4930901820"}),
        ("GB", "sw1a 1aa", {"postcode": "SW1A 1AA"}),
        ("JP", "１５０－０００１", {"postcode": "150-0001"}),
        ("JP", "150-0001", {"postcode": "150-0001"}),
        ("JP", "ＯＲＫ－４８２１９３０ です", {"order_number": NUMBER}),
        ("SA", "رقم الطلب ORK-٤٨٢١٩٣٠", {"order_number": NUMBER}),
        ("TH", "เลข ork๔๘๒๑๙๓๐ ค่ะ", {"order_number": NUMBER}),
        ("FR", "mon puresteam 2 est cassé", {"product": "OR-PS2"}),
        ("BR", "cep 01310-100", {"postcode": "01310-100"}),
        ("US", "hello there", {}),
        ("US", "it costs 49.90 or 120 dollars", {}),
    ],
)
def test_entities_are_found(market: str, text: str, expected: dict[str, str]) -> None:
    assert found(text, market) == expected


def test_positions_are_those_of_the_text() -> None:
    text = f"bitte {NUMBER} und lena@example.com"
    entities = find_entities(text, region="DE", postcode=r"\d{5}", find_products=lambda _: [])
    assert sorted(text[entity.start : entity.end] for entity in entities) == [NUMBER, "lena@example.com"]


@pytest.mark.parametrize("text", ["", "\x00", "\ud800", "a" * 100_000, "1" * 100_000, "@" * 50_000, "١" * 5_000])
def test_any_text_is_read_without_error(text: str) -> None:
    assert isinstance(found(text, "DE"), dict)
