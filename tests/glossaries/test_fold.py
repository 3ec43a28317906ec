"""Folding, and the way back to the original."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossaries.fold import exact, fold, has_accents, without_accents

# Everything that folds in its own way, so that random text meets it often.
AWKWARD = (
    "aZ éßİıŉﬁǅœ-‑–\xad\u200b\ufeff’` \t\n\xa0\u3000ｗＷ①㌔ｶﾞﾊﾟ"
    "ガ\u3099\u0301\u0323đớٱأىة\u0640\u064fﷲ٣ำํ้าเเแ한\u1112\u1161\u11ab😀\u200d\ufe0f"
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Wi‑Fi WI–FI wi−fi", "wi-fi wi-fi wi-fi"),
        ("Ｗｉ－Ｆｉ　６", "wi-fi 6"),
        ("Pa\xadke\u200bt", "paket"),
        ("l’eau l`eau lʼeau", "l'eau l'eau l'eau"),
        ("İstanbul ısı", "istanbul isi"),
        ("STRASSE Straße", "strasse strasse"),
        ("a  b\xa0\xa0c\td\ne", "a b c d e"),
        ("one\n\ntwo", "one  two"),
        ("mo\u0301vil", "móvil"),
        ("đơn ha\u0300ng", "đơn hàng"),
        ("طَلَبٌ طلـــب", "طلب طلب"),
        ("أإآٱ ى ة ٣٤", "اااا ي ة 34"),
        ("ﻃﻠﺐ", "طلب"),
        ("ｶﾞｰﾄﾞ ﾊﾟｿｺﾝ", "ガード パソコン"),
        ("カ\u3099", "ガ"),
        ("นํ้า น้ํา นำ้ น้ำ เเม่", "น้ำ น้ำ น้ำ น้ำ แม่"),
        (unicodedata.normalize("NFD", "주문"), "주문"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text).text == folded


@pytest.mark.parametrize(
    ("text", "part", "original"),
    [
        ("Die Pa\xadcket Straße 5", "strasse", "Straße"),
        ("x mo\u0301vil.", "móvil", "mo\u0301vil"),
        ("ใน\u200bนํ้า\u200bใจ", "น้ำ", "นํ้า\u200b"),
        ("هذا طَلَبُ", "طلب", "طَلَبُ"),
        ("a    b", "a b", "a    b"),
        ("前ｶﾞｰﾄﾞ後", "ガード", "ｶﾞｰﾄﾞ"),
    ],
)
def test_a_span_leads_back(text: str, part: str, original: str) -> None:
    folded = fold(text)
    start = folded.text.index(part)
    span = folded.span(start, start + len(part))
    assert span is not None
    assert text[slice(*span)] == original


def test_no_edge_falls_inside_a_letter() -> None:
    folded = fold("Straße")
    assert folded.text == "strasse"
    assert folded.span(0, 5) is None
    assert folded.span(5, 7) is None
    assert folded.span(4, 6) == (4, 5)


@given(st.text(alphabet=AWKWARD, max_size=60) | st.text(max_size=60))
def test_every_character_has_its_place(text: str) -> None:
    folded = fold(text)
    starts = list(folded.starts)
    assert len(starts) == len(folded.text) + 1
    assert starts == sorted(starts)
    assert starts[-1] == len(text)
    for index in range(len(folded.text)):
        if span := folded.span(index, index + 1):
            assert fold(text[slice(*span)]).text == folded.text[index]


@given(st.text(max_size=40))
def test_composed_and_decomposed_are_one(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert fold(unicodedata.normalize("NFD", composed)).text == fold(composed).text


def test_unaccented() -> None:
    assert without_accents("đơn hàng") == "don hang"
    assert without_accents("cœur ñandú ł ø") == "coeur nandu l o"
    assert without_accents("ガード พัสดุ طلب 주문") == "ガード พัสดุ طلب 주문"
    assert has_accents("móvil")
    assert not has_accents("movil ガ พั")


def test_exact_keeps_case() -> None:
    assert exact("Ｏｒｉ\xadkka") == "Orikka"


@pytest.mark.parametrize("char", ["a", "\xad", " ", "e\u0301", "ำ", "ﷲ", "\u0301", "ｶﾞ", "한"])
def test_long_texts_take_no_longer_than_their_length(char: str) -> None:
    started = time.process_time()
    fold(char * 100_000)
    assert time.process_time() - started < 2
