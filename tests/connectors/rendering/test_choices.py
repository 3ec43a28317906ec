"""Labels that fit or numbered lines; no title is ever cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.channel import Choice, Outgoing, Words
from connectors.rendering.choices import Label, first_numbers, labels, numbered, whole_text
from connectors.rendering.length import grapheme_length
from tests.connectors.rendering.texts import LANGUAGES, real_titles, utf16

Pair = tuple[str, str]
WORDS = Words("Options", "Answer with a number:")


@pytest.mark.parametrize(
    ("choices", "made"),
    [
        ([("Yes", "")], [("Yes", "")]),
        ([("Where is my order now?", "My order")], [("My order", "Where is my order now?")]),
        ([("Where is my order now?", "")], None),
        ([("Where is my order now?", "Where is my order then?")], None),
        ([("Where is my order now?", "Order"), ("order", "")], None),
        ([("Yes", ""), ("Yes", "")], None),
        ([("", "")], None),
        ([("  Two\nlines ", "")], [("Two lines", "")]),
        ([("a" * 20, "")], [("a" * 20, "")]),
        ([("👍🏽" * 6, "ok")], [("ok", "👍🏽" * 6)]),
    ],
)
def test_all_choices_fit_or_none_is_a_button(choices: list[Pair], made: list[Pair] | None) -> None:
    offered = [Choice(f"m:{index}", *choice) for index, choice in enumerate(choices)]
    expected = made and [Label(f"m:{index}", *label) for index, label in enumerate(made)]
    assert labels(offered, "en", 20) == expected


@pytest.mark.parametrize("ids", [("a", "a"), ("", "b"), ("x" * 201, "b")])
def test_an_id_that_the_vendor_refuses_makes_no_button(ids: tuple[str, str]) -> None:
    assert labels([Choice(ids[0], "Yes"), Choice(ids[1], "No")], "en", 20) is None


def test_graphemes_may_be_counted_instead() -> None:
    assert labels([Choice("a", "👍🏽" * 20)], "en", 20, grapheme_length) == [Label("a", "👍🏽" * 20)]


def test_a_direction_mark_counts() -> None:
    assert labels([Choice("a", "ORK-1 " + "ن" * 13)], "ar", 20) == [Label("a", "\u200fORK-1 " + "ن" * 13)]
    assert labels([Choice("a", "ORK-1 " + "ن" * 14)], "ar", 20) is None


def test_numbers_of_several_questions_are_all_different_and_the_last_begins_with_one() -> None:
    choices = (Choice("a", "A"), Choice("b", "B"))
    made = [
        Outgoing("x", "X?", "en", choices=choices),
        Outgoing("y", "Y", "en"),
        Outgoing("z", "Z?", "en", choices=choices),
    ]
    assert first_numbers(made) == {"x": 3, "y": 3, "z": 1}
    assert numbered(choices, WORDS, 3).endswith("3. A\n4. B")


def test_numbered_lines_follow_the_text_and_the_mark_comes_last() -> None:
    choices = (Choice("a", "A very long title, not cut at all"), Choice("b", "B", "b"))
    row = Outgoing("m", "Which?", "en", choices=choices, mark="Machine translation")
    options = "Answer with a number:\n1. A very long title, not cut at all\n2. B"
    assert numbered(choices, WORDS) == options
    assert whole_text(row, WORDS, first=1) == f"Which?\n\n{options}\nMachine translation"
    assert whole_text(row, WORDS, first=0) == "Which?\nMachine translation"
    assert numbered((), WORDS) == ""


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30)), max_size=6), st.integers(1, 24))
def test_a_label_is_the_title_or_its_short_form_whole(pairs: list[tuple[str, str]], limit: int) -> None:
    choices = [Choice(str(index), *pair) for index, pair in enumerate(pairs)]
    for label, choice in zip(labels(choices, "en", limit) or [], choices, strict=False):
        said = choice.short if label.full else choice.title.strip() or choice.short
        assert "".join(label.text.split()) == "".join(said.split())
        assert 0 < utf16(label.text) <= limit


@pytest.mark.parametrize("language", LANGUAGES)
def test_real_titles_stay_whole(language: str) -> None:
    for title in real_titles(language):
        made = labels([Choice("m:0", title)], language, 20)
        assert made is None if utf16(title) > 20 else made == [Label("m:0", title)]
        assert f"1. {title}" in numbered([Choice("m:0", title)], WORDS)
