"""What holds in a market, in a language, on a day: the layers laid over one another. Pure."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from core.errors import Fault
from glossaries.fold import exact, fold
from glossaries.layers import Layers
from glossaries.model import ANY_LANGUAGE, Concept, Status, Term, TermSet

MAX_CACHED_SETS = 512


class Glossary:
    """All terms of all layers, checked. It does not change; a new version is a new Glossary."""

    def __init__(
        self,
        concepts: Mapping[str, Concept],
        layers: Layers,
        terms: Mapping[str, tuple[Term, ...]],
        warnings: tuple[Fault, ...] = (),
    ) -> None:
        """`terms`: the rows of each layer by its name, in the order of the file."""
        self.concepts: Mapping[str, Concept] = MappingProxyType(dict(concepts))
        self.layers = layers
        self.terms: Mapping[str, tuple[Term, ...]] = MappingProxyType(dict(terms))
        self.warnings = warnings
        self.markets: tuple[str, ...] = tuple(layers.markets)
        self.languages: tuple[str, ...] = layers.languages
        self._rows = by_language(self.terms)
        self._cached = lru_cache(maxsize=MAX_CACHED_SETS)(self._term_set)
        self._days = lru_cache(maxsize=MAX_CACHED_SETS)(self._turning_days)

    def terms_for(self, market: str, language: str, day: date) -> TermSet:
        """The terms that hold; of a language without a base only the brand's.

        The same object comes back until a row's dates change the set. Raises NotFound for an unknown market.
        """
        turning = self._days(market, language)
        since = bisect_right(turning, day)
        return self._cached(market, language, turning[since - 1] if since else date.min)

    def rows(self, market: str, language: str) -> list[Sequence[Term]]:
        """The rows of each layer that matter for a market's language, lowest layer first, whatever the day."""
        found: list[Sequence[Term]] = []
        for layer in self.layers.chain(market, language):
            found += [self._rows.get((layer, ANY_LANGUAGE), ()), self._rows.get((layer, language), ())]
        return [rows for rows in found if rows]

    def _term_set(self, market: str, language: str, day: date) -> TermSet:
        return TermSet(market, language, tuple(resolve(self.rows(market, language), day)))

    def _turning_days(self, market: str, language: str) -> list[date]:
        return turning_days(term for rows in self.rows(market, language) for term in rows)


def resolve(layers: Iterable[Iterable[Term]], day: date) -> list[Term]:
    """The terms of `layers`, lowest first, that hold on `day`: each (concept, text) once, one preferred a concept.

    A row replaces a lower layer's row of the same concept and text; a preferred one makes a lower layer's allowed.
    """
    found: dict[tuple[str, str], Term] = {}
    preferred: dict[str, tuple[str, str]] = {}
    for layer in layers:
        raised: dict[str, tuple[str, str]] = {}
        for term in layer:
            if not term.holds(day):
                continue
            key = term_key(term)
            if found:
                _drop_same_text(found, term, key)
            found[key] = term
            if term.status is Status.PREFERRED:
                raised[term.concept] = key
        for concept, key in raised.items():
            below = preferred.get(concept)
            if below and below != key and below in found and found[below].status is Status.PREFERRED:
                found[below] = replace(found[below], status=Status.ALLOWED)
        preferred |= raised
    return list(found.values())


def turning_days(terms: Iterable[Term]) -> list[date]:
    """The days, in order, on which a row begins or has ceased to hold; empty when no row has dates."""
    days: set[date] = set()
    for term in terms:
        if term.valid_from:
            days.add(term.valid_from)
        if term.valid_to and term.valid_to < date.max:
            days.add(term.valid_to + timedelta(days=1))
    return sorted(days)


def by_language(terms: Mapping[str, Iterable[Term]]) -> dict[tuple[str, str], tuple[Term, ...]]:
    """The rows of each layer by (layer, language)."""
    grouped: dict[tuple[str, str], list[Term]] = defaultdict(list)
    for layer, rows in terms.items():
        for term in rows:
            grouped[layer, term.language].append(term)
    return {key: tuple(rows) for key, rows in grouped.items()}


def term_key(term: Term) -> tuple[str, str]:
    """Concept and text as rows are compared: as the matcher reads them; case counts only where the row says so."""
    return term.concept, exact(term.text) if term.case_sensitive else folded(term.text)


@lru_cache(maxsize=2**17)
def folded(text: str) -> str:
    """`text` as the matcher compares it: see glossaries.fold."""
    return fold(text).text


def _drop_same_text(found: dict[tuple[str, str], Term], term: Term, key: tuple[str, str]) -> None:
    # The same spelling, once with and once without case_sensitive, is still the same row.
    other = (term.concept, folded(term.text) if term.case_sensitive else exact(term.text))
    if other != key and other in found and found[other].text == term.text:
        del found[other]
