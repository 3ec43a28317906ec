"""Lines of a page: none is wider than it may be, nothing of the text is lost, each script breaks where it can."""

import pytest

from desk.after.export_lines import lay_out, wrap


def one_each(text: str) -> float:
    return float(len(text))


@pytest.mark.parametrize(
    ("text", "most", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("one two three", 13, ["one two three"]),
        ("one  two", 3, ["one", "two"]),
        ("abcdefgh ij", 3, ["abc", "def", "gh", "ij"]),
        ("ab abcdefgh", 3, ["ab", "abc", "def", "gh"]),
        ("  led in", 6, ["  led", "in"]),
        ("注文番号は「至急」です。", 4, ["注文番号", "は「至", "急」で", "す。"]),
        ("e\u0301" * 4, 4, ["e\u0301e\u0301"] * 2),
        ("a\n\n\n\n\nb", 5, ["a", "", "", "b"]),
        ("", 5, [""]),
    ],
)
def test_lines(text: str, most: float, lines: list[str]) -> None:
    assert list(lay_out(text, one_each, most)) == lines


@pytest.mark.parametrize(
    "text", ["พัสดุยังไม่มาถึงเลยน้ำที่ปั่นแล้วรั่วออกมาทั้งหมด" * 3, "أين طلبي ORK-4821936؟ لم يصل " * 9, "x" * 999]
)
def test_nothing_is_lost_and_nothing_is_too_wide(text: str) -> None:
    lines = list(lay_out(text, one_each, 40))
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert max(map(len, lines)) <= 40


def test_a_place_to_break_is_not_drawn() -> None:
    assert list(wrap("荷物\u200bが", one_each, 9)) == ["荷物が"]
