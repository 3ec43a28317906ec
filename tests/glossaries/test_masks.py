"""Spans that no language step may touch."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossaries.masks import KINDS, blank_out, mask_spans

NAMES = ("Orikka", "NightOwl Cam", "NightOwl", "空氣炸鍋X1")


def masked(text: str, names: tuple[str, ...] = NAMES) -> list[tuple[str, str]]:
    return [(span.kind, text[span.start : span.end]) for span in mask_spans(text, names)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("where is ORK-4821936?", [("order", "ORK-4821936")]),
        ("ork 4821936 / ORK4821936 / #4821936", [("order", "ork 4821936"), ("order", "ORK4821936"), ("order",
        "#4821936")]),
        ("ＯＲＫ－４８２１９３６はどこ", [("order", "ＯＲＫ－４８２１９３６")]),
        ("订单ORK-4821936到哪了", [("order", "ORK-4821936")]),
        ("to anna.m+x@web.co.uk.", [("email", "anna.m+x@web.co.uk")]),
        ("see https://orikka.com/t?id=1).", [("link", "https://orikka.com/t?id=1")]),
        ("見て：www.orikka.jp/a。", [("link", "www.orikka.jp/a")]),
        ("orikka.com/help now", [("link", "orikka.com/help")]),
        ("call +49 30 1234567 or (11) 98765-4321", [("phone", "+49 30 1234567"), ("phone", "(11) 98765-4321")]),
        ("โทร 0812345678", [("phone", "0812345678")]),
        ("$12.50, 12,50 €, R$ 100", [("amount", "$12.50"), ("amount", "12,50 €"), ("amount", "R$ 100")]),
        ("¥1,200 1.200円 NT$500 500元", [("amount", "¥1,200"), ("amount", "1.200円"), ("amount", "NT$500"), (
            "amount", "500元")]),
        ("Rp 150.000 atau 150rb", [("amount", "Rp 150.000"), ("amount", "150rb")]),
        ("500 บาท 500.000₫ ١٠٠ ريال", [("amount", "500 บาท"), ("amount", "500.000₫"), ("amount", "١٠٠ ريال")]),
        ("1Z999AA10123456784 RR123456789CN", [("tracking", "1Z999AA10123456784"), ("tracking", "RR123456789CN")]),
        ("OR-PS2 or OR-NOC or AF-550W", [("sku", "OR-PS2"), ("sku", "OR-NOC"), ("sku", "AF-550W")]),
        ("since 2026-05-01 / 1.5.2026", [("date", "2026-05-01"), ("date", "1.5.2026")]),
        ("80331 München", [("number", "80331")]),
        ("great 👍🏽 :) <3", [("emoji", "👍🏽"), ("emoji", ":)"), ("emoji", "<3")]),
        ("(´；ω；`) why (very bad)", [("emoji", "(´；ω；`)")]),
        ("my nightowl  cam by ORIKKA", [("name", "nightowl  cam"), ("name", "ORIKKA")]),
        ("我的空氣炸鍋X1壞了", [("name", "空氣炸鍋X1")]),
        ("orikkas NightOwls", []),
        ("3ayez talabi, ma3lesh 7abibi", []),
        ("30 days, 2 weeks, in 24h", []),
        ("don't re-send l'ordine aujourd'hui", []),
        ("", []),
    ],
)  # fmt: skip
def test_mask_spans(text: str, expected: list[tuple[str, str]]) -> None:
    assert masked(text) == expected


def test_without_names_only_patterns_are_masked() -> None:
    assert masked("Orikka ORK-4821936", ()) == [("order", "ORK-4821936")]


def test_blank_out_keeps_positions() -> None:
    text = "Wo ist ORK-4821936 für 12 €?"
    blank = blank_out(text, mask_spans(text))
    assert blank == "Wo ist " + " " * 11 + " für " + " " * 4 + "?"


@given(st.text(st.characters(), max_size=300), st.lists(st.text(max_size=5), max_size=5))
def test_spans_are_ordered_apart_and_inside(text: str, names: list[str]) -> None:
    spans = mask_spans(text, names)
    assert all(span.kind in KINDS and 0 <= span.start < span.end <= len(text) for span in spans)
    assert all(left.end <= right.start for left, right in pairwise(spans))
    assert len(blank_out(text, spans)) == len(text)


@pytest.mark.parametrize(
    "unit",
    ["a", "1", "1.", "a@", "a.", "(", "1 ", "-", "a-1", "www.", "ork ", "1,", "(a)", "٣", "😀", "a1", ":(", "ab-",
        "a@a.", "US$", "#"],
)  # fmt: skip
def test_time_is_linear(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        started = time.process_time()
        mask_spans(text, NAMES)
        return time.process_time() - started

    assert seconds(100_000) < 1.0
