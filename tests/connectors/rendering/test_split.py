"""Parts fit, nothing is lost, and cuts fall where a reader would pause."""

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.rendering.split import split_text
from glossaries.masks import mask_spans
from tests.connectors.rendering.texts import LANGUAGES, real_texts, texts, utf16

KEPT = ("link", "email", "order", "amount")


def assert_only_space_lost(text: str, parts: list[str]) -> None:
    at = 0
    for part in parts:
        found = text.find(part, at)
        assert found >= 0
        assert not text[at:found].strip(), "something between two parts is lost"
        at = found + len(part)
    assert not text[at:].strip()


@settings(max_examples=250, deadline=None)
@given(texts(), st.sampled_from((40, 64, 160, 1024, 4096, 5000)))
def test_parts_fit_and_hold_everything(text: str, limit: int) -> None:
    parts = split_text(text, limit)
    assert all(0 < utf16(part) <= limit and part.strip() for part in parts)
    assert_only_space_lost(text, parts)
    assert [len(parts)] == [1] if 0 < utf16(text.strip()) <= limit else True


@settings(max_examples=250, deadline=None)
@given(texts(), st.sampled_from((100, 160, 1024)))
def test_no_grapheme_and_no_item_is_cut(text: str, limit: int) -> None:
    parts = split_text(text, limit)
    edges = {match.end() for match in regex.finditer(r"\X", text)} | {0}
    spans = [(span.start, span.end) for span in mask_spans(text) if span.kind in KEPT]
    at = 0
    for part in parts:
        start = text.index(part, at)
        at = start + len(part)
        assert {start, at} <= edges
        for place in (start, at):
            inside = [span for span in spans if span[0] < place < span[1] and utf16(text[slice(*span)]) < 60]
            assert not [span for span in inside if not _is_within_long_run(text, *span)]


def _is_within_long_run(text: str, start: int, end: int) -> bool:
    """What the mask took for an item is a piece of a run without spaces that is longer than 60 units."""
    run = next(match for match in regex.finditer(r"\S+", text) if match.start() <= start < match.end())
    return end > run.end() or len(run[0]) > 60


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.integers(2, 40))
def test_any_characters_and_small_limits(text: str, limit: int) -> None:
    parts = split_text(text, limit)
    assert all(0 < utf16(part) <= limit for part in parts)
    assert_only_space_lost(text, parts)


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("", 10, []),
        (" \n ", 10, []),
        ("  short ", 10, ["short"]),
        ("  \u0e31 ", 10, [" \u0e31"]),
        ("One two.\n\nThree four. Five six.", 26, ["One two.", "Three four. Five six."]),
        ("One two.\nThree four. Five.", 22, ["One two.", "Three four. Five."]),
        ("One two three. Four five. Six seven.", 30, ["One two three. Four five.", "Six seven."]),
        ("Ist das Nr. 5 oder z. B. nicht? Doch, klar.", 36, ["Ist das Nr. 5 oder z. B. nicht?", "Doch, klar."]),
        ("“Is it here?” “Yes, it is.” Good.", 24, ["“Is it here?”", "“Yes, it is.” Good."]),
        ("承りました。発送は明日です！お待ちください。", 16, ["承りました。発送は明日です！", "お待ちください。"]),
        ("您的订单已发货。请耐心等待，谢谢！再见。", 12, ["您的订单已发货。", "请耐心等待，谢谢！再见。"]),
        ("أين طلبي الآن؟ هو في الطريق إليك اليوم.", 30, ["أين طلبي الآن؟", "هو في الطريق إليك اليوم."]),
        ("یہ آ گیا۔ شکریہ آپ کا", 16, ["یہ آ گیا۔", "شکریہ آپ کا"]),
        ("สวัสดีครับ ขอบคุณที่สั่งซื้อ ราคา 500 บาท", 30, ["สวัสดีครับ ขอบคุณที่สั่งซื้อ", "ราคา 500 บาท"]),
        ("Please do pay 1 234,50 € now", 20, ["Please do", "pay 1 234,50 € now"]),
        ("Bitte zahlen Sie an uns 12 Euro", 28, ["Bitte zahlen Sie an", "uns 12 Euro"]),
        ("Harga sekarang Rp 150.000", 22, ["Harga sekarang", "Rp 150.000"]),
        ("My order is ORK 4821936", 20, ["My order is", "ORK 4821936"]),
        ("お客様のご注文はORK-4821936", 16, ["お客様のご注文は", "ORK-4821936"]),
        ("合計は送料も税も込みで1,234円です", 15, ["合計は送料も税も込みで", "1,234円です"]),
        ("カタログはカタカナ", 7, ["カタログは", "カタカナ"]),
        ("👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 25, ["👨‍👩‍👧‍👦👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"]),
        ("a" * 25, 10, ["a" * 10, "a" * 10, "a" * 5]),
        ("Ça va\u00a0! Oui, ça va bien\u00a0!", 17, ["Ça va\u00a0!", "Oui, ça va bien\u00a0!"]),
    ],
)
def test_cuts_fall_where_a_reader_pauses(text: str, limit: int, parts: list[str]) -> None:
    assert split_text(text, limit) == parts


@pytest.mark.parametrize("ending", ["Bye.", "ok 5", "。"])
def test_no_tiny_last_part_when_a_cut_before_avoids_it(ending: str) -> None:
    text = f"{'A sentence of some words. ' * 8}{ending}"
    limit = utf16(text) - 1
    *_, last = split_text(text, limit)
    assert utf16(last) >= limit // 8


def test_no_tiny_last_part_even_without_spaces() -> None:
    assert [len(part) for part in split_text("あ" * 1030, 1024)] == [902, 128]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("limit", [80, 400, 1024])
def test_real_texts_are_cut_between_sentences_and_items(language: str, limit: int) -> None:
    text = "\n\n".join(real_texts(language))
    parts = split_text(text, limit)
    assert all(0 < utf16(part) <= limit for part in parts)
    assert_only_space_lost(text, parts)
    items = [text[span.start : span.end] for span in mask_spans(text) if span.kind in KEPT]
    kept = [part[span.start : span.end] for part in parts for span in mask_spans(part) if span.kind in KEPT]
    assert kept == items
    if limit == 1024:  # every answer is shorter, so that no sentence is torn
        whole = [paragraph.strip() for paragraph in text.split("\n\n")]
        assert [paragraph.strip() for part in parts for paragraph in part.split("\n\n")] == whole


def test_a_limit_that_holds_no_character_is_refused() -> None:
    with pytest.raises(ValueError, match="limit 1"):
        split_text("abc", 1)
