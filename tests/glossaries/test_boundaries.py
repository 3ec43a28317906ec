"""Edges of words by script."""

import pytest

from glossaries.boundaries import Edge, edge_at, letters_after, letters_before, script_of, stands_in_run


@pytest.mark.parametrize(
    ("char", "script"),
    [
        ("a", "LATIN"), ("ơ", "LATIN"), ("ж", "CYRILLIC"), ("中", "HAN"), ("々", "HAN"), ("〇", "HAN"),
        ("か", "HIRAGANA"),
        ("カ", "KATAKANA"), ("ー", "KATAKANA"), ("한", "HANGUL"), ("ط", "ARABIC"), ("ส", "THAI"), ("ั", "MARK"),
        ("\u0301", "MARK"),
        ("7", "DIGIT"), ("٧", "DIGIT"), (" ", ""), ("-", ""), ("'", ""), ("😀", ""), ("", ""),
    ],
)  # fmt: skip
def test_script(char: str, script: str) -> None:
    assert script_of(char) == script


@pytest.mark.parametrize(
    ("left", "right", "edge"),
    [
        ("", "a", Edge.FREE), ("a", "", Edge.FREE), ("a", " b", Edge.FREE), ("a", "b", Edge.WORD),
        ("a", "1", Edge.FREE),
        ("1", "2", Edge.WORD), ("Packstation", "で", Edge.FREE), ("订单", "number", Edge.FREE), ("订", "单", Edge.FREE),
        ("주", "문", Edge.WORD), ("주문", "WiFi", Edge.FREE), ("ط", "ل", Edge.WORD), ("カ", "ド", Edge.RUN),
        ("カ", "ー", Edge.NEVER), ("シ", "ャ", Edge.NEVER), ("らめ", "ー", Edge.NEVER), ("注文", "カード", Edge.FREE),
        ("พ", "ั", Edge.NEVER), ("พ", "า", Edge.NEVER), ("เ", "พ", Edge.NEVER), ("พั", "สดุ", Edge.FREE),
        ("สดุ", "ร์", Edge.NEVER),
        ("ม", "าก", Edge.NEVER), ("พัน", "ธุ์", Edge.NEVER), ("x\u0301", "y", Edge.WORD), ("x", "\u0301", Edge.NEVER),
        ("parcel", "'s", Edge.WORD), ("l'", "eau", Edge.WORD), ("parcel", "' ", Edge.FREE), ("'", "parcel", Edge.FREE),
        ("5", "'6", Edge.FREE), ("l'", "家", Edge.FREE), ("a", "_b", Edge.FREE), ("wi", "-fi", Edge.FREE),
    ],
)  # fmt: skip
def test_edge(left: str, right: str, edge: Edge) -> None:
    assert edge_at(left + right, len(left)) is edge


def test_letters_beside() -> None:
    assert letters_after("parcel's gone", 6, 9) == "'s"
    assert letters_after("paketversand", 5, 4) == "vers"
    assert letters_after("주문까지도WiFi", 2, 9) == "까지도"
    assert letters_before("dell'ordine", 5, 9) == "dell'"
    assert letters_before("وبالطلب", 4, 9) == "وبال"
    assert letters_before("xx großpaket", 7, 9) == "groß"


def test_short_katakana_is_not_cut_out() -> None:
    assert not stands_in_run("カードリーダー", 0, 3, Edge.FREE, Edge.RUN)
    assert stands_in_run("ベビーボトルセット", 0, 6, Edge.FREE, Edge.RUN)
    assert not stands_in_run("qrコードリーダー", 0, 5, Edge.FREE, Edge.RUN)
