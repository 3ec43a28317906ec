"""When a translation has a required term, though not as a word of its own."""

import pytest

from glossaries.check import check
from glossaries.model import Form, Status, Term
from glossaries.required_terms import stands_apart
from glossaries.violations import Kind, Source
from tests.support.gate import FewTerms

P = Status.PREFERRED
TERMS = FewTerms(
    {
        "en": (
            Term("delivery_address", "en", "delivery address", P, part_of_speech="noun"),
            Term("billing_address", "en", "billing address", P, part_of_speech="noun"),
            Term("parcel", "en", "parcel", P, (Form("parcels"),), part_of_speech="noun"),
            Term("warehouse", "en", "warehouse", P, part_of_speech="noun"),
            Term("warranty", "en", "warranty", P, part_of_speech="noun"),
        ),
        "de": (
            Term("delivery_address", "de", "Lieferadresse", P, part_of_speech="noun"),
            Term("billing_address", "de", "Rechnungsadresse", P, part_of_speech="noun"),
            Term("parcel", "de", "Paket", P, part_of_speech="noun", compounds=False),
            Term("tracking", "de", "Paketverfolgung", P, part_of_speech="noun"),
            Term("warehouse", "de", "Lager", P, part_of_speech="noun", compounds=False),
        ),
        "fr": (
            Term("delivery_address", "fr", "adresse de livraison", P, part_of_speech="noun"),
            Term("billing_address", "fr", "adresse de facturation", P, part_of_speech="noun"),
        ),
        "ko": (
            Term("parcel", "ko", "택배", P, part_of_speech="noun"),
            Term("tracking", "ko", "택배 위치", Status.ALLOWED, part_of_speech="noun"),
        ),
        "th": (
            Term("warranty", "th", "ประกัน", P, part_of_speech="noun"),
            Term("warranty", "th", "ประกันภัย", Status.UNRELATED, part_of_speech="noun"),
        ),
    }
)
BOTH = "Please tell us your delivery address and your billing address."


@pytest.mark.parametrize(
    ("source", "text", "language"),
    [
        (BOTH, "Bitte nennen Sie uns Ihre Liefer- und Ihre Rechnungsadresse.", "de"),
        (BOTH, "Indiquez-nous vos adresses de livraison et de facturation.", "fr"),
        (BOTH, "Indiquez-nous votre adresse de livraison et celle de facturation.", "fr"),
        (BOTH, "Please tell us your delivery and billing address.", "en"),
        ("Follow your parcel.", "Die Paketverfolgung öffnen Sie hier.", "de"),
        ("Our warehouse sends two.", "Das Ersatzteillager schickt zwei.", "de"),
        ("Where your parcel is.", "택배 위치입니다.", "ko"),
    ],
)
def test_a_term_in_parts_or_inside_another_is_there(source: str, text: str, language: str) -> None:
    assert check(text, Source(source, "en"), "DE", language, TERMS) == []


@pytest.mark.parametrize(
    ("source", "text", "language", "concept"),
    [
        (BOTH, "Bitte nennen Sie uns Ihre Rechnungsadresse.", "de", "delivery_address"),
        (BOTH, "Indiquez-nous votre adresse de livraison. La facturation suit.", "fr", "billing_address"),
        ("Your parcel is here.", "Ihre Lieferung ist da.", "de", "parcel"),
        ("It has a warranty.", "มีประกันภัยค่ะ", "th", "warranty"),  # an insurance
    ],
)
def test_another_word_is_no_such_term(source: str, text: str, language: str, concept: str) -> None:
    found = check(text, Source(source, "en"), "DE", language, TERMS)
    assert [(one.kind, one.concept) for one in found] == [(Kind.REQUIRED_TERM, concept)]


def test_parts_far_apart_are_no_term() -> None:
    assert stands_apart("the delivery and billing address", ["delivery address"], "en")
    assert not stands_apart(f"the delivery {'and so on ' * 9} address", ["delivery address"], "en")
