"""Faults that show only where layers meet: what one row prefers and another forbids in the same market."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from glossaries.fold import exact
from glossaries.lint_report import Report
from glossaries.model import ANY_LANGUAGE, Status, Term
from glossaries.resolve import Glossary, folded, resolve, turning_days

_RIGHT = (Status.PREFERRED, Status.ALLOWED, Status.DO_NOT_TRANSLATE)
_FREELY_REPLACED = ("phrase", "adverb")
_LONGEST_PART = 20  # characters or words; keeps the time linear
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_Layer = dict[str, list[Term]]  # concept → its rows
_WORD = re.compile(r"\w+")


def lint_markets(glossary: Glossary, report: Report) -> None:
    """Add the faults and warnings that come from rows of different concepts or layers."""
    together = _Together(glossary)
    brand_rows = [term for rows in glossary.terms.values() for term in rows if term.language == ANY_LANGUAGE]
    _lint_scopes(brand_rows, {term.concept for rows in glossary.terms.values() for term in rows}, report)
    by_language: dict[str, list[Term]] = defaultdict(list)
    for rows in glossary.terms.values():
        for term in rows:
            if term.language != ANY_LANGUAGE:
                by_language[term.language].append(term)
    for terms in by_language.values():
        _lint_language([*terms, *brand_rows], together, report)
        _lint_scopes(terms, {term.concept for term in [*terms, *brand_rows]}, report)


class _Together:
    """Says where two rows are in force at the same time."""

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = glossary
        self._chains: dict[str, list[tuple[str, list[_Layer]]]] = {}
        self._layers: dict[int, _Layer] = {}

    def market(self, one: Term, other: Term) -> str | None:
        """The first market in which both rows hold with their statuses on some day; None when there is none."""
        language = other.language if one.language == ANY_LANGUAGE else one.language
        if language == ANY_LANGUAGE:
            language = self._glossary.languages[0]
        concepts = dict.fromkeys((one.concept, other.concept))
        for market, chain in self._of(language):
            layers = [[term for concept in concepts for term in layer.get(concept, ())] for layer in chain]
            rows = [term for layer in layers for term in layer]
            if not (_holds(rows, one) and _holds(rows, other)):
                continue
            for day in (date.min, *turning_days(rows)):
                found = resolve(layers, day)
                if _holds(found, one) and _holds(found, other):
                    return market
        return None

    def _of(self, language: str) -> list[tuple[str, list[_Layer]]]:
        """(market, its layers) once for each distinct combination of files."""
        if language not in self._chains:
            distinct = {
                tuple(map(id, found)): (market, found)
                for market in reversed(self._glossary.markets)
                if (found := self._glossary.rows(market, language))
            }
            self._chains[language] = [
                (market, [self._by_concept(rows) for rows in found]) for market, found in distinct.values()
            ]
        return self._chains[language]

    def _by_concept(self, rows: Sequence[Term]) -> _Layer:
        if id(rows) not in self._layers:
            found: _Layer = defaultdict(list)
            for term in rows:
                found[term.concept].append(term)
            self._layers[id(rows)] = found
        return self._layers[id(rows)]


def _lint_language(terms: Sequence[Term], together: _Together, report: Report) -> None:
    index = _Index(terms)
    for term in terms:
        if term.status is Status.FORBIDDEN and term.replacement:
            _lint_replacement(term, index, together, report)
        if term.status is Status.PREFERRED:
            _lint_preferred(term, index, together, report)
        if term.forms and term.status in _RIGHT:
            _lint_forms(term, index, together, report)
        if index.forbidden and term.status in (Status.PREFERRED, Status.ALLOWED):
            _lint_inside(term, index, together, report)


class _Index:
    """A language's rows: preferred and forbidden ones by text, forbidden also by form; the good ones by concept."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.preferred: dict[str, list[Term]] = defaultdict(list)
        self.forbidden: dict[str, list[Term]] = defaultdict(list)
        self.right: dict[str, list[Term]] = defaultdict(list)
        for term in terms:
            if term.status is Status.PREFERRED:
                self.preferred[term.text.lower()].append(term)
            if term.status in _RIGHT:
                self.right[term.concept].append(term)
            if term.status is Status.FORBIDDEN:
                for text in {folded(term.text): None} | {form.text.lower(): None for form in term.forms}:
                    self.forbidden[text].append(term)

    def is_right(self, concept: str, text: str) -> bool:
        """Whether `text` is a form of a term of `concept` that may be written."""
        terms = self.right.get(concept, ())
        return any(text == term.text for term in terms) or any(
            folded(text) == folded(form) for term in terms for form in _texts(term)
        )


def _lint_replacement(term: Term, index: _Index, together: _Together, report: Report) -> None:
    text = folded(term.replacement)
    for other in index.forbidden.get(text, ()):
        reached = not other.scope or not set(other.scope).isdisjoint(term.scope)
        if reached and _strikes(other, term.replacement) and (market := together.market(term, other)):
            report.fault(
                term,
                f"replacement: {term.replacement!r} is forbidden in {market} itself ({_place(other)}); name another",
            )
            return
    # Whole phrases are put in other words, not exchanged for a term.
    if not index.is_right(term.concept, term.replacement) and term.part_of_speech not in _FREELY_REPLACED:
        report.warn(
            term,
            f"replacement: {term.replacement!r} is no preferred or allowed term of {term.concept}; "
            "add a row for it or name one that there is",
        )


def _lint_preferred(term: Term, index: _Index, together: _Together, report: Report) -> None:
    text = folded(term.text)
    for other in index.forbidden.get(text, ()):
        # A row with a scope goes before one without, so the two get along.
        if other.concept == term.concept or not _strikes(other, term.text) or bool(term.scope) != bool(other.scope):
            continue
        if _scopes_meet(term, other) and (market := together.market(term, other)):
            report.fault(
                other,
                f"term: {term.text!r} is forbidden for {other.concept} here and preferred for {term.concept} in "
                f"{market} ({_place(term)}); give this row a scope, or choose another preferred term",
            )
    for other in index.preferred.get(term.text.lower(), ()):
        # Each pair comes up twice; it is told at the later concept.
        if other.concept >= term.concept or not _same_kind(term, other) or not _scopes_meet(term, other):
            continue
        if together.market(term, other):
            report.warn(
                term,
                f"term: {term.text!r} is preferred for {other.concept} too ({_place(other)}), so a text does not "
                "tell which is meant; make one more precise or give it a scope",
            )


def _lint_forms(term: Term, index: _Index, together: _Together, report: Report) -> None:
    own = term.text.lower()
    for text in {form.text.lower(): None for form in term.forms}:
        for other in index.preferred.get(text, ()):
            if other.concept == term.concept or text == own or not _same_kind(term, other):
                continue
            if _scopes_meet(term, other) and together.market(term, other):
                report.warn(
                    term,
                    f"forms: {text!r} is the preferred term of {other.concept} ({_place(other)}); "
                    "remove the form or give a scope",
                )


def _lint_inside(term: Term, index: _Index, together: _Together, report: Report) -> None:
    for part in index.forbidden.keys() & _parts(folded(term.text)):
        for other in index.forbidden[part]:
            # A part that is only a form of the forbidden term is too far off for a warning.
            if folded(other.text) == part and _scopes_meet(term, other) and (market := together.market(term, other)):
                report.warn(
                    term,
                    f"term: {term.text!r} contains {other.text!r}, which is forbidden in {market} ({_place(other)}); "
                    "the longer term wins, so forbid it too if that is not meant",
                )


def _lint_scopes(terms: Iterable[Term], concepts: set[str], report: Report) -> None:
    for term in terms:
        if term.scope and concepts.isdisjoint(term.scope):
            report.fault(
                term,
                f"scope: no concept of it has a term in {term.language!r}, so the row never acts; "
                "add terms for one of them or change the scope",
            )


def _parts(text: str) -> set[str]:
    """What is inside `text`: runs of its words; of its characters where the script writes no spaces."""
    if text.isalpha() and not _UNSPACED.search(text):
        return set()
    if _UNSPACED.search(text):
        cuts = [(at, at + 1) for at in range(len(text))]
    else:
        cuts = [word.span() for word in _WORD.finditer(text)]
    parts = {text[start:end] for first, (start, _) in enumerate(cuts) for _, end in cuts[first : first + _LONGEST_PART]}
    return parts - {text}


def _strikes(forbidden: Term, text: str) -> bool:
    if not forbidden.case_sensitive:
        return True
    wanted = exact(text)
    return wanted == exact(forbidden.text) or any(wanted == exact(form.text) for form in forbidden.forms)


def _texts(term: Term) -> Iterator[str]:
    yield term.text
    for form in term.forms:
        yield form.text


def _same_kind(one: Term, other: Term) -> bool:
    """Whether both may be the same part of speech: "order" the noun and "to order" get along."""
    return not one.part_of_speech or not other.part_of_speech or one.part_of_speech == other.part_of_speech


def _scopes_meet(one: Term, other: Term) -> bool:
    return not one.scope or not other.scope or not set(one.scope).isdisjoint(other.scope)


def _holds(rows: Iterable[Term], wanted: Term) -> bool:
    return any(term is wanted for term in rows)


def _place(term: Term) -> str:
    return f"{term.origin.file}:{term.origin.line}"
