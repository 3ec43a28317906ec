"""Every key is found, wherever it stands."""

from hypothesis import given
from hypothesis import strategies as st

from glossaries.key_index import KeyIndex

LETTERS = st.text(alphabet="abĀā丁一𠮷𠮸😀\ud83d\uffff", min_size=1, max_size=4)


@given(st.lists(LETTERS, max_size=8), st.lists(LETTERS, max_size=8).map("".join))
def test_it_finds_what_a_plain_search_finds(keys: list[str], text: str) -> None:
    index = KeyIndex({key: key.upper() for key in keys})
    found = {(start, end, value) for start, end, value in index.occurrences(text)}
    plain = {(at, at + len(key), key.upper()) for key in keys for at in range(len(text)) if text.startswith(key, at)}
    assert found == plain


def test_occurrences_come_in_order_of_their_ends() -> None:
    found = list(KeyIndex({"ab": 1, "b": 2, "abc": 3}).occurrences("abc"))
    assert [end for _, end, _ in found] == [2, 2, 3]


def test_bytes_of_two_neighbours_are_no_character() -> None:
    assert list(KeyIndex({"\u4e00": 1}).occurrences("\u0a4e\u0041")) == []


def test_no_keys_and_no_text() -> None:
    assert list(KeyIndex({}).occurrences("abc")) == []
    assert list(KeyIndex({"a": 1}).occurrences("")) == []
