import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.number import check_digit, find_order_numbers, is_valid, make_number, normalise_digits

from .number_cases import BAD, GOOD, MISTYPED, NOTHING, SURE


@pytest.mark.parametrize(("text", "marked"), SURE)
def test_order_numbers_are_found(text: str, marked: str) -> None:
    assert [(found.value, text[found.start : found.end], found.valid) for found in find_order_numbers(text)] == [
        (GOOD, marked, True)
    ]


@pytest.mark.parametrize(("text", "marked", "value"), MISTYPED)
def test_mistyped_ones_are_candidates(text: str, marked: str, value: str) -> None:
    assert [(found.value, text[found.start : found.end], found.valid) for found in find_order_numbers(text)] == [
        (value, marked, False)
    ]


@pytest.mark.parametrize("text", NOTHING)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert find_order_numbers(text) == []


@pytest.mark.parametrize(
    ("text", "marked"),
    [("ORK 4821930", True), ("order 4821930", True), ("#4821930", True), ("4821930", False), ("4821930 10115", False)],
)
def test_bare_digits_are_told_apart(text: str, marked: bool) -> None:
    assert [found.marked for found in find_order_numbers(text)] == [marked]


def test_several_numbers_come_in_order() -> None:
    other = make_number(120_056)
    text = f"{other[4:]} and ORK 4821930, #{other[4:]}"
    assert [found.value for found in find_order_numbers(text)] == [other, GOOD, other]
    assert [found.value for found in find_order_numbers(f"4821930 {other[4:]}")] == [GOOD, other]


def test_letters_count_as_digits_only_when_the_check_digit_agrees() -> None:
    assert find_order_numbers("ORK-482193I") == []


def test_check_digit_against_published_vectors() -> None:
    assert check_digit("7992739871") == "3"
    assert check_digit("453201511283036") == "6"


@pytest.mark.parametrize("number", ["", "ORK-", "ORK-482193", "4821930", "ork-4821930", "ORK-٤٨٢١٩٣٠", BAD])
def test_only_the_canonical_form_is_valid(number: str) -> None:
    assert not is_valid(number)


@pytest.mark.parametrize("serial", [-1, 1_000_000])
def test_serials_have_limits(serial: int) -> None:
    with pytest.raises(ValueError, match="serial"):
        make_number(serial)


@pytest.mark.parametrize(
    ("text", "plain"),
    [("４８", "48"), ("٤٨", "48"), ("۴۸", "48"), ("๔๘", "48"), ("४८", "48"), ("四８", "四8"), ("x²½", "x²½"), ("", "")],
)
def test_normalise_digits(text: str, plain: str) -> None:
    assert normalise_digits(text) == plain


@given(st.text())
def test_normalise_digits_keeps_the_length(text: str) -> None:
    assert len(normalise_digits(text)) == len(text)


serials = st.integers(0, 999_999)


@given(serials)
def test_made_numbers_are_valid_and_one_wrong_digit_is_not(serial: int) -> None:
    number = make_number(serial)
    assert is_valid(number)
    for position in range(4, 11):
        wrong = str((int(number[position]) + 1) % 10)
        assert not is_valid(number[:position] + wrong + number[position + 1 :])


@given(
    serials,
    st.text(alphabet="あ荷物どこ กขค أبت 가나다,!? \n", max_size=40),
    st.text(alphabet="はเみ요ة!? ", max_size=40),
)
def test_branded_numbers_are_found_in_any_company(serial: int, before: str, after: str) -> None:
    number = make_number(serial)
    text = f"{before}{number}{after}"
    found = [item for item in find_order_numbers(text) if item.valid]
    assert [(item.value, item.start, item.end) for item in found] == [(number, len(before), len(before) + 11)]


@given(st.text(alphabet=st.sampled_from("0123456789 -./+()#orkORK٤๔４aー\u200f€@:w"), max_size=60))
def test_spans_lie_in_the_text_without_overlap(text: str) -> None:
    end = 0
    for found in find_order_numbers(text):
        assert end <= found.start < found.end <= len(text)
        end = found.end
        digits = [char for char in normalise_digits(text[found.start : found.end]) if char.isdigit()]
        assert len(digits) >= 4


@given(serials, st.integers(1, 10**6))
def test_never_inside_longer_digit_strings(serial: int, more: int) -> None:
    digits = make_number(serial)[4:]
    assert find_order_numbers(f"x {digits}{more} y {more}{digits} z") == []


@pytest.mark.parametrize(
    "piece", ["1 ", "ork-", "9", "order ", "a@", "(", "1-", ". ", "4821930 ", "4821930, x ", "ork1"]
)
def test_long_texts_are_read_in_linear_time(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    started = time.process_time()
    find_order_numbers(text)
    assert time.process_time() - started < 1.0
