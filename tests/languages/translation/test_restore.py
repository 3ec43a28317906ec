"""What masks stood for, in the translated sentence."""

import pytest

from glossaries.masks import mask_spans
from languages.translation.mask_shapes import load_mask_shapes
from languages.translation.protect import protect
from languages.translation.restore import restore
from languages.translation.wanted import Task, wanted_terms
from tests.languages.translation.few_terms import TERMS

WHITE = load_mask_shapes().named("white-square") or load_mask_shapes().default

# from, to, source, what the engine says, what becomes of it
TERMS_BACK = [
    ("en", "de", "Where is my voucher?", "Wo ist meine ⟦0⟧?", "Wo ist mein Gutschein?"),
    ("en", "de", "I did not get my voucher.", "Ich habe meine ⟦0⟧ nicht bekommen.",
     "Ich habe meinen Gutschein nicht bekommen."),
    ("en", "de", "What is in the parcel?", "Was ist in der ⟦0⟧?", "Was ist im Paket?"),
    ("en", "de", "I got 2 parcels.", "Ich habe 2 ⟦0⟧ bekommen.", "Ich habe 2 Pakete bekommen."),
    ("en", "de", "with the parcels", "mit den ⟦0⟧", "mit den Paketen"),
    ("de", "en", "Ich habe eine Bestellung.", "I have a ⟦0⟧.", "I have an order."),
    ("de", "en", "Das Paket ist da.", "⟦0⟧ is here.", "Parcel is here."),
    ("ja", "en", "荷物が3つ届きました。", "3 ⟦0⟧ arrived.", "3 parcels arrived."),
    ("en", "ja", "Where is my parcel?", "⟦0⟧はどこですか？", "荷物はどこですか？"),
    ("en", "ar", "Where is my order?", "أين ⟦0⟧؟", "أين طلب؟"),
]  # fmt: skip
ITEMS_BACK = [
    ("de", "Wo ist ⟦0⟧?", "Wo ist ORK-4821936?", True),
    ("de", "Wo ist ⟦ 0 ⟧?", "Wo ist ORK-4821936?", True),
    ("de", "Bestellung⟦0⟧ist da", "Bestellung ORK-4821936 ist da", True),
    ("ja", "注文⟦0⟧は", "注文ORK-4821936は", True),
    ("de", "Wo ist sie?", "Wo ist sie?", True),  # the gate knows what is missing
    ("de", "⟦0⟧ und ⟦0⟧", "ORK-4821936 und ORK-4821936", True),
    ("de", "Wo ist ⟦0?", "Wo ist ⟦0?", False),
    ("de", "Wo ist ⟦⟧⟦0⟧?", "Wo ist ⟦⟧ORK-4821936?", False),
    ("de", "⟦0⟧ und ⟦4⟧", "ORK-4821936 und ⟦4⟧", False),
]


@pytest.mark.parametrize(("source", "target", "sentence", "translation", "wanted"), TERMS_BACK)
def test_terms_come_back_in_a_form_that_fits(
    source: str, target: str, sentence: str, translation: str, wanted: str
) -> None:
    terms = wanted_terms(sentence, Task(source, target, "DE", TERMS))[:1]
    restored = restore(protect(sentence, (), (WHITE,), terms), translation, target)
    assert (restored.text, restored.tidy) == (wanted, True)


@pytest.mark.parametrize(("language", "translation", "wanted", "tidy"), ITEMS_BACK)
def test_items_come_back_letter_for_letter(language: str, translation: str, wanted: str, tidy: bool) -> None:
    sentence = "Where is ORK-4821936?"
    restored = restore(protect(sentence, mask_spans(sentence), (WHITE,)), translation, language)
    assert (restored.text, restored.tidy) == (wanted, tidy)


def test_terms_that_a_mask_has_displaced_keep_their_order() -> None:
    sentence = "The parcel with order ORK-4821936"
    terms = wanted_terms(sentence, Task("en", "de", "DE", TERMS))
    protected = protect(sentence, mask_spans(sentence), (WHITE,), terms)
    assert restore(protected, "Zur ⟦1⟧ ⟦2⟧ gehört die ⟦0⟧", "de").text == "Zur Bestellung ORK-4821936 gehört das Paket"


def test_brackets_of_the_original_are_no_pieces_of_a_mask() -> None:
    sentence = "⟦a⟧ ORK-4821936"
    protected = protect(sentence, mask_spans(sentence), (WHITE,))
    assert restore(protected, protected.text, "de").tidy
    assert not restore(protected, "⟦a⟧ ⟦0⟧ ⟦", "de").tidy
