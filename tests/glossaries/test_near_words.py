"""Words one or two slips of the finger away."""

import pytest

from glossaries.near_words import NearWords, slips

WORDS = NearWords(["rucksendung", "versand", "frist", "return", "delivery", "haus"])


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ruksendung", [(1, "rucksendung")]),  # left out
        ("verssand", [(1, "versand")]),  # added
        ("versamd", [(1, "versand")]),  # replaced
        ("frsit", [(1, "frist")]),  # swapped
        ("erturn", [(1, "return")]),  # the first two swapped
        ("ertrun", []),  # two slips
        ("maus", []),  # the first letter stands
        ("versand", [(0, "versand")]),
        ("hau", []),  # too short
        ("v" * 1000, []),
    ],
)
def test_one_slip(typed: str, found: list[tuple[int, str]]) -> None:
    assert WORDS.find(typed, 1) == found


def test_two_slips_only_where_asked_for() -> None:
    assert WORDS.find("delivaryy", 1) == []
    assert WORDS.find("delivaryy", 2) == [(2, "delivery")]
    assert WORDS.find("rucksennduung", 2) == [(2, "rucksendung")]


@pytest.mark.parametrize(
    ("typed", "meant", "count"),
    [("abc", "abc", 0), ("acb", "abc", 1), ("ab", "abcd", 2), ("xyz", "abc", 3), ("", "ab", 2)],
)
def test_slips(typed: str, meant: str, count: int) -> None:
    assert slips(typed, meant, 2) == count
