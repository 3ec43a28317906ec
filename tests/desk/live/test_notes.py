"""Wake-ups that say that somebody types."""

import pytest

from desk.live.notes import Typing, is_conversation, read_typing, typing_note


@pytest.mark.parametrize("who", ["customer", "agent:anna", "agent:a:b", "agent:李"])
@pytest.mark.parametrize("on", [True, False])
def test_a_note_says_what_was_put_in(who: str, on: bool) -> None:
    assert read_typing(typing_note("a" * 32, who, on)) == Typing("a" * 32, who, on)


@pytest.mark.parametrize(
    ("name", "shown"), [("Anna Böhm", "Anna Böhm"), ("李 娜\t\n", "李 娜"), ("a:b:1", "a:b:1"), ("木" * 80, "木" * 33)]
)
def test_a_note_carries_what_people_call_them(name: str, shown: str) -> None:
    assert read_typing(typing_note("a" * 32, "agent:anna", True, name)) == Typing("a" * 32, "agent:anna", True, shown)


@pytest.mark.parametrize(
    "note",
    ["", "typing", "typing:abc", "typing:abc:customer:2", "typing::customer:1", "typing:a b:customer:1", "0" * 32,
     f"typing:abc:{'x' * 65}:1", "typing:abc:customer:1\n"],
)  # fmt: skip
def test_anything_else_is_no_typing(note: str) -> None:
    assert read_typing(note) is None


@pytest.mark.parametrize(("one", "who"), [("a" * 33, "customer"), ("a:b", "customer"), ("a", ""), ("a", "x" * 65)])
def test_what_fits_into_no_note_is_refused(one: str, who: str) -> None:
    with pytest.raises(ValueError, match="no conversation"):
        typing_note(one, who, True)


@pytest.mark.parametrize(
    ("note", "is_one"), [("0" * 32, True), ("typing:a:b:1", False), ("", False), ("x" * 33, False), ("a\n", False)]
)
def test_what_may_be_a_conversation(note: str, is_one: bool) -> None:
    assert is_conversation(note) is is_one
