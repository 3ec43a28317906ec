"""Terms looked up by a word, for people. Pure."""

from collections.abc import Iterator
from datetime import date

from core.errors import NotFound
from glossaries.fold import fold, without_accents
from glossaries.lint_report import suggestion
from glossaries.model import ANY_LANGUAGE, Term
from glossaries.resolve import Glossary


def find_terms(glossary: Glossary, word: str, market: str, language: str, day: date) -> list[Term]:
    """The terms with `word` in their text, a form or their concept's id; empty when there are none.

    `market`: as they hold there on `day`; "" means the rows of all layers. `language`: "" means every one.
    Raises NotFound for an unknown market.
    """
    wanted = _bare(word)
    if market:
        candidates = market_terms(glossary, market, language, day)
    else:
        candidates = [term for layer in glossary.terms for term in layer_terms(glossary, layer, language)]
    return [term for term in candidates if any(wanted in text for text in _texts(term))]


def market_terms(glossary: Glossary, market: str, language: str, day: date) -> list[Term]:
    """What holds in a market on `day`, each term once; `language`: "" means every one.

    Raises NotFound for an unknown market.
    """
    found: dict[tuple[str, int], Term] = {}
    for code in (language,) if language else glossary.languages:
        for term in glossary.terms_for(market, code, day).terms:
            found.setdefault((term.origin.file, term.origin.line), term)
    return list(found.values())


def layer_terms(glossary: Glossary, layer: str, language: str) -> list[Term]:
    """A layer's rows as they stand; `language`: "" means every one. Raises NotFound for an unknown layer."""
    if layer not in glossary.terms:
        raise NotFound(f"no layer {layer!r} in layers.yml{suggestion(layer, glossary.terms)}")
    return [term for term in glossary.terms[layer] if not language or term.language in (language, ANY_LANGUAGE)]


def _texts(term: Term) -> Iterator[str]:
    yield term.concept
    yield _bare(term.text)
    yield from (_bare(form.text) for form in term.forms)


def _bare(text: str) -> str:
    return without_accents(fold(text).text)
