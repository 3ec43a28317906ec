"""Lengths as vendors count them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.rendering.length import grapheme_length, utf16_length


@pytest.mark.parametrize(
    ("text", "units", "graphemes"),
    [
        ("", 0, 0),
        ("abc", 3, 3),
        ("注文", 2, 2),
        ("👋🏻", 4, 1),
        ("👨‍👩‍👧‍👦", 11, 1),
        ("🇩🇪🇫🇷", 8, 2),
        ("e\u0301", 2, 1),
        ("กำ", 2, 1),
        ("한", 1, 1),
        ("\r\n", 2, 1),
    ],
)
def test_a_text_is_as_long_as_vendors_say(text: str, units: int, graphemes: int) -> None:
    assert (utf16_length(text), grapheme_length(text)) == (units, graphemes)


@given(st.text())
def test_units_are_those_of_the_encoding(text: str) -> None:
    assert utf16_length(text) == len(text.encode("utf-16-le")) // 2
