"""Hurried messages read as they were meant, and nothing else changed."""

import time

import pytest

from knowledge.spelling import Speller
from knowledge.vocabulary import from_json, to_json, vocabularies_of

TEXTS = [
    *[("Kosten der Rücksendung?", "de"), ("Die Frist für die Rückgabe", "de")] * 30,
    ("rüksendung", "de"),  # a customer's slip among the questions
    *[("phí giao hàng", "vi"), ("giao hàng mấy ngày", "vi"), ("cái máy", "vi")] * 5,
    ("phi giao hang", "vi"),
    *[("환불 언제", "ko")] * 5,
    *[("مدة الضمان", "ar")] * 5,
    *[("送料はいくら", "ja"), ("คืนสินค้า", "th")] * 5,
    *[("delivery return shipping", "en")] * 40,
    ("café", "en"),
]
SPELLER = Speller(vocabularies_of(TEXTS))


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        ("de", "rüksendung kosten", "rücksendung kosten"),
        ("de", "Rückgabe frsit?", "Rückgabe frist?"),
        ("de", "ruckgabe", "rückgabe"),
        ("en", "retrun shiping!!", "return shipping!!"),
        ("en", "cafe", "cafe"),  # hardly a word of English has an accent
        ("vi", "phi giao hang", "phí giao hàng"),
        ("vi", "giao hang may ngay", "giao hàng mấy ngày"),
        ("vi", "cai may", "cái máy"),  # the word beside it decides
        ("vi", "phi giao hàng", "phi giao hàng"),  # who writes accents means them
        ("ko", "환불 언재", "환불 언제"),
        ("ar", "مده الضمن", "مدة الضمان"),
        ("ja", "送料わいくら", "送料わいくら"),
        ("th", "คืนสินคา", "คืนสินคา"),
        ("xx", "rüksendung", "rüksendung"),
        ("", "rüksendung", "rüksendung"),
        ("de", "", ""),
        ("de", "ORK-4821936 😀", "ORK-4821936 😀"),
    ],
)
def test_correct(language: str, typed: str, meant: str) -> None:
    assert SPELLER.correct(typed, language) == meant


@pytest.mark.parametrize("typed", ["ship", "xreturn", "returna"])
def test_what_is_more_likely_another_word_stays(typed: str) -> None:
    assert SPELLER.correct(typed, "en") == typed


def test_a_long_message_keeps_its_words() -> None:
    text = "a story about what happened to my retrun"
    assert SPELLER.correct(text, "en") == text
    assert SPELLER.correct("x " * 50_000, "de") == "x " * 50_000


def test_two_words_as_near_and_as_common_leave_the_choice_open() -> None:
    speller = Speller(vocabularies_of([("kasten kosten", "de")] * 5))
    assert speller.correct("ksten", "de") == "ksten"


def test_vocabularies_come_back_from_a_file() -> None:
    vocabularies = vocabularies_of(TEXTS)
    assert from_json(to_json(vocabularies)) == vocabularies
    assert to_json(vocabularies_of(TEXTS)) == to_json(vocabularies)


def test_the_hot_path_is_quick() -> None:
    texts = [f"rüksend{letter}ng kostne fritsen zurükgabe" for letter in "abcdefghijklmnop"]
    started = time.process_time()
    for text in texts:
        SPELLER.correct(text, "de")
    assert (time.process_time() - started) / len(texts) < 0.002
