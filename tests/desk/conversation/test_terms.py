"""Terms of the glossary in a text."""

import pytest

from desk.conversation.terms import pieces
from tests.support.desk import DeskWorld


@pytest.mark.parametrize(
    ("language", "market", "text"),
    [
        ("de", "DE", "Wo ist meine Sendung? Die Rückerstattung fehlt."),
        ("ja", "JP", "返品したいです。"),
        ("xx", "DE", "?"),
    ],
)
def test_pieces_are_the_text(desk: DeskWorld, language: str, market: str, text: str) -> None:
    found = pieces(text, language, "en", market, desk.parts.deps.terms())
    assert "".join(piece.text for piece in found) == text


def test_a_term_brings_its_meaning_for_the_reader(desk: DeskWorld) -> None:
    found = pieces("Bitte eine Rückerstattung.", "de", "en", "DE", desk.parts.deps.terms())
    [term] = [piece.term for piece in found if piece.term]
    assert (term.language, term.meaning) == ("de", "refund")


def test_a_forbidden_word_says_why_and_what_instead(desk: DeskWorld) -> None:
    release = desk.parts.deps.terms()
    forbidden = next(term for term in release.terms("DE", "de").terms if term.status == "forbidden" and not term.scope)
    found = pieces(forbidden.text, "de", "de", "DE", release)
    notes = [piece.term for piece in found if piece.term]
    assert notes
    assert (notes[0].status, notes[0].reason) == ("forbidden", forbidden.reason)


def test_no_language_no_terms(desk: DeskWorld) -> None:
    [piece] = pieces("Sendung", "", "en", "DE", desk.parts.deps.terms())
    assert piece.term is None


@pytest.mark.parametrize(
    ("market", "language", "reader", "text"),
    [
        ("US", "en", "en", "You can have your order when you want it, and your colleague too."),
        ("DE", "de", "en", "Sie haben Ihre Ware, und Ihr Team hilft Ihnen."),
        ("JP", "ja", "en", "お客様の商品です。"),
    ],
)
def test_words_of_every_sentence_are_not_marked(
    desk: DeskWorld, market: str, language: str, reader: str, text: str
) -> None:
    found = pieces(text, language, reader, market, desk.parts.deps.terms())
    marked = {piece.text.casefold() for piece in found if piece.term}
    assert not marked & {"you", "your", "sie", "ihr", "ihre", "ihnen", "ware", "team", "お客様", "商品"}


def test_a_forbidden_form_of_address_is_marked(desk: DeskWorld) -> None:
    found = pieces("Hast du deine Bestellung?", "de", "en", "DE", desk.parts.deps.terms())
    marked = [piece.text.casefold() for piece in found if piece.term and piece.term.status == "forbidden"]
    assert any("du" in text.split() for text in marked)
    assert any("deine" in text.split() for text in marked)


def test_a_word_of_the_market_is_marked(desk: DeskWorld) -> None:
    """What the country says differently from the language is why there are notes."""
    release = desk.parts.deps.terms()
    ours = [term for term in release.terms("MX", "es").terms if term.origin.layer == "markets/MX"]
    marked = [pieces(term.text, "es", "en", "MX", release) for term in ours if term.status == "preferred"]
    assert sum(any(piece.term for piece in found) for found in marked) > len(marked) / 2
