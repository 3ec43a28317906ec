from dataclasses import replace

import pytest

from orders.demo_store import DemoOrderStore
from orders.model import Order
from orders.proof import matches_proof


@pytest.fixture
def order(store: DemoOrderStore) -> Order:
    found = store.find(store.demo_orders("GB")[0].number)
    assert found
    return replace(found, email="Olivia.Bennett@example.com", postcode="SW9 8EQ", phone="+442079460000")


@pytest.mark.parametrize(
    ("email", "postcode", "phone"),
    [
        ("olivia.bennett@example.com", None, None),
        (" OLIVIA.BENNETT@EXAMPLE.COM ", None, None),
        ("ｏｌｉｖｉａ.bennett@example.com", None, None),
        (None, "sw98eq", None),
        (None, " SW9-8EQ ", None),
        (None, None, "020 7946 0000"),
        (None, None, "+44 (0)20 7946 0000"),
        ("wrong@example.com", "SW9 8EQ", None),
    ],
)
def test_proofs(order: Order, email: str | None, postcode: str | None, phone: str | None) -> None:
    assert matches_proof(order, email, postcode, phone)


@pytest.mark.parametrize(
    ("email", "postcode", "phone"),
    [
        (None, None, None),
        ("", "", ""),
        ("  ", " - ", "-"),
        ("olivia.bennett@example.co", None, None),
        ("olivia", "SW9", "0000"),
        (None, "SW9 8E", None),
        (None, None, "020 7946 0001"),
        ("x" * 10_000, "9" * 10_000, "9" * 10_000),
        ("\ud800", "\ud800", "\ud800"),
    ],
)
def test_no_proof(order: Order, email: str | None, postcode: str | None, phone: str | None) -> None:
    assert not matches_proof(order, email, postcode, phone)


def test_an_order_without_data_is_never_proved(order: Order) -> None:
    bare = replace(order, email="", postcode="", phone="")
    assert not matches_proof(bare, "", "", "")
    assert not matches_proof(bare, "a@example.com", "SW9", "020 7946 0000")


@pytest.mark.parametrize(
    ("postcode", "given", "length", "expected"),
    [
        ("10027-1234", "10027", 5, True),
        ("10027", "10027-9999", 5, True),
        ("10027", "10028", 5, False),
        ("10027", "1002", 5, False),
        ("150-0001", "１５０－０００１", 0, True),
        ("150-0001", "1500001", 0, True),
        ("150-0001", "150", 0, False),
        ("11564", "١١٥٦٤", 5, True),
        ("10110", "๑๐๑๑๐", 0, True),
        ("01310-100", "01310100", 0, True),
    ],
)
def test_postcodes_in_every_script(order: Order, postcode: str, given: str, length: int, expected: bool) -> None:
    own = replace(order, postcode=postcode)
    assert matches_proof(own, None, given, None, postcode_length=length) is expected


def test_phones_are_read_in_the_orders_country(order: Order) -> None:
    japanese = replace(order, market="JP", phone="+81300000042")
    assert matches_proof(japanese, None, None, "03-0000-0042")
    assert matches_proof(japanese, None, None, "０３-００００-００４２")
    assert not matches_proof(order, None, None, "03-0000-0042")
