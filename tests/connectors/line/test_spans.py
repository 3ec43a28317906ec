"""Spans are cut where LINE says, and only when they are what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.line.spans import Span, without


@pytest.mark.parametrize(
    ("text", "spans", "expected"),
    [
        ("a(b)c", [(1, 3)], ("ac", ("(b)",))),
        ("(b)", [(0, 3)], ("", ("(b)",))),
        ("😀😀(b)", [(4, 3)], ("😀😀", ("(b)",))),  # UTF-16 units
        ("😀😀(b)", [(2, 3)], ("😀😀", ("(b)",))),  # code points
        ("one (b) two", [(4, 3)], ("one two", ("(b)",))),
        ("(a)(b) x", [(3, 3), (0, 3)], ("x", ("(a)", "(b)"))),
        ("a(b)c", [(0, 3)], ("a(b)c", ())),
        ("a(b)c", [(-1, 3), (1, 0), (1, -2), (3, 9), (10**9, 3)], ("a(b)c", ())),
        ("(abc)", [(0, 5), (1, 3)], ("", ("(abc)",))),
        ("((a))", [(0, 5), (1, 3)], ("", ("((a))",))),
        ("x\n(b)\ny", [(2, 3)], ("x\n\ny", ("(b)",))),
        (" leading stays", [], (" leading stays", ())),
    ],
)
def test_without(text: str, spans: list[tuple[int, int]], expected: tuple[str, tuple[str, ...]]) -> None:
    assert without(text, [Span(index, length, "(", ")") for index, length in spans]) == expected


@given(st.text(), st.lists(st.tuples(st.integers(-3, 40), st.integers(-3, 40)), max_size=8))
def test_only_emoji_are_ever_cut(text: str, spans: list[tuple[int, int]]) -> None:
    storable = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    kept, removed = without(storable, [Span(index, length, "(", ")") for index, length in spans])
    assert all(part[0] == "(" and part[-1] == ")" for part in removed)
    letters = sorted(letter for letter in storable if not letter.isspace())
    assert sorted(letter for letter in kept + "".join(removed) if not letter.isspace()) == letters
