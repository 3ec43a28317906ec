from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ContentError
from core.settings import PROJECT
from orders.products import find_products, load_products

DATA = PROJECT / "orders" / "data"
PRODUCTS = load_products(DATA)
LANGUAGES = {"en", "es", "fr", "de", "it", "pt", "ar", "ja", "ko", "zh", "zh-Hant", "th", "id", "vi"}


def test_products_of_all_kinds_in_all_languages() -> None:
    assert {product.kind for product in PRODUCTS.entries} == {"baby", "home", "electronics"}
    assert len(PRODUCTS.entries) == 10
    for product in PRODUCTS.entries:
        assert set(product.generic) == LANGUAGES
        assert all(product.generic.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my PureSteam 2 leaks", [("OR-PS2", "PureSteam 2")]),
        ("pure steam-2", [("OR-PS2", "pure steam-2")]),
        ("PURESTEAM2が届かない", [("OR-PS2", "PURESTEAM2")]),
        ("ｐｕｒｅｓｔｅａｍ ２", [("OR-PS2", "ｐｕｒｅｓｔｅａｍ ２")]),
        ("or-dr3", [("OR-DR3", "or-dr3")]),
        ("ORDR3", [("OR-DR3", "ORDR3")]),
        ("Crisp4L or crisp 4l", [("OR-CR4", "Crisp4L"), ("OR-CR4", "crisp 4l")]),
        ("มีNightOwl Camไหม", [("OR-NOC", "NightOwl Cam")]),
        ("tono buds và volt 10k", [("OR-TNB", "tono buds"), ("OR-V10", "volt 10k")]),
        ("سماعة Tono\u200f Buds", [("OR-TNB", "Tono\u200f Buds")]),
        ("xbox or ps2", []),
        ("crispy 4 leaves", []),
        ("softsipper", []),
        ("", []),
    ],
)
def test_find_products(text: str, expected: list[tuple[str, str]]) -> None:
    found = [(product.sku, text[product.start : product.end]) for product in find_products(text, PRODUCTS)]
    assert found == expected


@given(st.text())
def test_spans_lie_in_the_text(text: str) -> None:
    for product in find_products(text + " Pico Chair", PRODUCTS):
        assert 0 <= product.start < product.end <= len(text) + 11


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("kind: baby", "kind: garden", 5, "products.0.kind"),
        ('price: "59.90"', "price: 59.90", 6, "in quotes"),
        ("sku: OR-SSP", "sku: OR-PS2", 23, "also names OR-PS2"),
        ("name: SoftSip", "name: pure steam 2", 23, "also names OR-PS2"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, old: str, new: str, line: int, what: str) -> None:
    text = (DATA / "products.yml").read_text(encoding="utf-8")
    (tmp_path / "products.yml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError, match=what) as caught:
        load_products(tmp_path)
    assert caught.value.faults[0].line == line
