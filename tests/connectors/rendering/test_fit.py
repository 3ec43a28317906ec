"""Parts fit with the marks they get."""

from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.rendering.bidi import with_direction
from connectors.rendering.fit import fit, fit_tail
from connectors.rendering.markup import without_markup
from tests.connectors.rendering.texts import plain, texts, utf16


@settings(max_examples=150, deadline=None)
@given(texts(), st.sampled_from((40, 160, 1024)))
def test_dressed_parts_fit(text: str, limit: int) -> None:
    parts = fit(text, limit, without_markup)
    assert all(0 < utf16(part) <= limit for part in parts)
    assert plain("".join(parts)) == plain(text)


def test_marks_make_room_for_themselves() -> None:
    text = "*a* " * 400
    parts = fit(text, 100, without_markup)
    assert all(utf16(part) <= 100 for part in parts)
    assert "".join(parts).count("\u2060") == 400
    arabic = "ORK-1 نعم\n" * 100
    assert all(part.startswith("\u200f") for part in fit(arabic, 50, partial(with_direction, language="ar")))


@settings(max_examples=150, deadline=None)
@given(texts(), st.sampled_from((40, 160, 1024)))
def test_a_tail_fits_and_the_rest_comes_first(text: str, limit: int) -> None:
    head, tail = fit_tail(text, limit, without_markup)
    assert utf16(tail) <= limit
    assert plain(head + tail) == plain(text)
    assert bool(tail) == bool(text.strip())
