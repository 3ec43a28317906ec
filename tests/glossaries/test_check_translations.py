"""What is no fault in a good translation: other spellings of the same, verbs for nouns, items beside Asian letters."""

import pytest

from glossaries.check import check
from glossaries.masks import mask_spans
from glossaries.model import Form, Status, Term
from glossaries.violations import Kind, Source
from tests.support.gate import FewTerms

TERMS = FewTerms(
    {
        "en": (
            Term("delivery", "en", "delivery", Status.PREFERRED, part_of_speech="noun"),
            Term("delivery", "en", "deliver", Status.ALLOWED, (Form("delivered"),), part_of_speech="verb"),
            Term("order", "en", "order", Status.PREFERRED, (Form("an order"),), part_of_speech="noun"),
        ),
        "ja": (
            Term("delivery", "ja", "配送", Status.PREFERRED, part_of_speech="noun"),
            Term("order", "ja", "注文", Status.PREFERRED, part_of_speech="noun"),
            Term(
                "place_order",
                "ja",
                "注文する",
                Status.PREFERRED,
                (Form("注文して"), Form("注文した")),
                part_of_speech="verb",
            ),
        ),
    }
)

# source, its language, translation, its language
GOOD = [
    ("返金額が800円足りません。", "ja", "My refund is 800 yen too low.", "en"),
    ("My refund is 800 yen too low.", "en", "返金額が800円足りません。", "ja"),
    ("Das kostet 1.234,50 €.", "de", "That costs 1,234.50 euros.", "en"),
    ("It was delivered on 2026-11-14.", "en", "2026-11-14に届きました。", "ja"),
    ("My card was charged without an order.", "en", "注文していないのに引き落とされました。", "ja"),
    ("Write to keiko88@mail.example.", "en", "keiko88@mail.exampleに書いてください。", "ja"),
    ("Call 03-5550-0147, parcel 481920375566.", "en", "03-5550-0147に電話、荷物481920375566を", "ja"),
    ("See https://orikka.example/track/K2280.", "en", "https://orikka.example/track/K2280でご確認ください。", "ja"),
]
BAD = [
    ("返金額が800円足りません。", "ja", "My refund is 900 yen too low.", "en", {Kind.MASKED_ITEM}),
    ("Das kostet 1.234,50 €.", "de", "That costs 1,234 euros.", "en", {Kind.MASKED_ITEM}),
    ("The delivery is late.", "en", "遅れています。", "ja", {Kind.REQUIRED_TERM}),
    ("I have an order.", "en", "荷物があります。", "ja", {Kind.REQUIRED_TERM}),
    ("It comes on 2026-11-14.", "en", "2026-11-15に届きます。", "ja", {Kind.MASKED_ITEM}),
]

BESIDE_LETTERS = [
    ("荷物は2026-11-14に届く", "date", "2026-11-14"),
    ("番号481920375566を", "phone", "481920375566"),
    ("電話は03-5550-0147です", "phone", "03-5550-0147"),
    ("請求書をkeiko88@mail.exampleに", "email", "keiko88@mail.example"),
    ("はhttps://orikka.example/track/K2280でご確認", "link", "https://orikka.example/track/K2280"),
    ("点击https://orikka.example/t/8查看", "link", "https://orikka.example/t/8"),
    ("https://orikka.jp/注文 を見る", "link", "https://orikka.jp/注文"),
    ("https://orikka.jp/注文を見る", "link", "https://orikka.jp/注文"),
    ("ส่งwww.orikka.example/help5ครับ", "link", "www.orikka.example/help5"),
    ("ราคา29.90 EURครับ", "amount", "29.90 EUR"),
    ("配送30日", None, ""),
]


@pytest.mark.parametrize(("source", "source_language", "text", "language"), GOOD)
def test_a_good_translation_passes(source: str, source_language: str, text: str, language: str) -> None:
    assert check(text, Source(source, source_language), "JP", language, TERMS) == []


@pytest.mark.parametrize(("source", "source_language", "text", "language", "kinds"), BAD)
def test_a_bad_one_does_not(source: str, source_language: str, text: str, language: str, kinds: set[Kind]) -> None:
    found = check(text, Source(source, source_language), "JP", language, TERMS)
    assert {violation.kind for violation in found} == kinds


@pytest.mark.parametrize(("text", "kind", "item"), BESIDE_LETTERS)
def test_items_are_known_beside_letters_without_spaces(text: str, kind: str | None, item: str) -> None:
    found = [(span.kind, text[span.start : span.end]) for span in mask_spans(text)]
    assert found == ([(kind, item)] if kind else [])
