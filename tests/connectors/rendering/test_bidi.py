"""Right-to-left lines begin right to left, and nothing inside them is touched."""

import pytest

from connectors.rendering.bidi import with_direction
from glossaries.masks import mask_spans
from tests.connectors.rendering.texts import LANGUAGES, real_texts


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        ("ar", "ORK-4821936 في الطريق", "\u200fORK-4821936 في الطريق"),
        ("ar", "3 أيام", "\u200f3 أيام"),
        ("ar", "1. نعم\n2. لا", "\u200f1. نعم\n\u200f2. لا"),
        ("ar", "(DHL) سلّم الطرد", "\u200f(DHL) سلّم الطرد"),
        ("ar", "\u2068DHL\u2069 سلّم الطرد", "\u200f\u2068DHL\u2069 سلّم الطرد"),
        ("ar", "طلبك ORK-4821936 هنا: https://a.example/1", "طلبك ORK-4821936 هنا: https://a.example/1"),
        ("ar", "\u200fORK-4821936 في الطريق", "\u200fORK-4821936 في الطريق"),
        ("ar", "https://a.example/ORK-4821936", "https://a.example/ORK-4821936"),
        ("ar", "رابط:\nhttps://a.example/1\nORK-1 جاهز", "رابط:\nhttps://a.example/1\n\u200fORK-1 جاهز"),
        ("ar", "", ""),
        ("he", "ORK-4821936 בדרך", "\u200fORK-4821936 בדרך"),
        ("fa-IR", "ORK-4821936 در راه", "\u200fORK-4821936 در راه"),
        ("en", "ORK-4821936 means طلب", "ORK-4821936 means طلب"),
        ("zh-Hant", "ORK-4821936 طلب", "ORK-4821936 طلب"),
        ("xx", "ORK-4821936 طلب", "ORK-4821936 طلب"),
    ],
)
def test_a_line_that_begins_with_something_else_is_marked(language: str, text: str, shown: str) -> None:
    assert with_direction(text, language) == shown
    assert with_direction(shown, language) == shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_real_texts_keep_their_items(language: str) -> None:
    for text in real_texts(language):
        shown = with_direction(f"ORK-4821936 {text}", language)
        assert shown.removeprefix("\u200f") == f"ORK-4821936 {text}"
        assert shown.startswith("\u200f") is (language == "ar")
        items = [text[span.start : span.end] for span in mask_spans(text)]
        assert all(item in shown for item in items)
