"""What a glossary is made of. Plain values; files are in csv_file.py, what holds in a market in resolve.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

ANY_LANGUAGE = "*"

# What a form may be chosen by in `{term:concept:dat.pl}`; Universal Dependencies' values, shortened.
# `def` and `indef`: the form brings its article with it ("einem Paket").
FEATURES = frozenset({"sg", "pl", "nom", "gen", "dat", "acc", "def", "indef", "inf", "imp", "part", "past", "pres"})


class Status(StrEnum):
    """What the market's editor says of a term."""

    PREFERRED = "preferred"  # written by us
    ALLOWED = "allowed"  # fine when a person or a machine writes it
    FORBIDDEN = "forbidden"  # never leaves; has a reason and a replacement
    DO_NOT_TRANSLATE = "do_not_translate"  # stays letter for letter in every language
    SEARCH = "search"  # customers say it: understood, never asked for and never complained about
    UNRELATED = "unrelated"  # contains a term's letters and means something else: shadows the term inside it


@dataclass(frozen=True, slots=True)
class Form:
    """An inflected form. `features`: empty when it is only there to be recognised."""

    text: str
    features: frozenset[str] = frozenset()
    confirmed: bool = True  # False: proposed by a machine; recognised, but neither written nor accepted as right


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row stands."""

    layer: str = ""  # "languages/de", "markets/DE"
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Term:
    """One row: a concept's term in a language."""

    concept: str
    language: str  # content code, or ANY_LANGUAGE
    text: str
    status: Status
    forms: tuple[Form, ...] = ()  # besides `text` itself, which is the base form
    part_of_speech: str = ""  # noun, verb, adjective, adverb, phrase, name, pronoun
    gender: str = ""  # m, f, n, c
    case_sensitive: bool = False
    compounds: bool | None = None  # also inside a compound word; None: as the language's rules say
    scope: tuple[str, ...] = ()  # concepts, one of which must be in the text for this row to act; empty: always
    note: str = ""
    reason: str = ""  # why forbidden
    replacement: str = ""  # what to write instead: a term of the same concept, or free text
    evidence: str = ""
    author: str = ""
    reviewer: str = ""
    valid_from: date | None = None
    valid_to: date | None = None  # the last day
    origin: Origin = field(default=Origin(), compare=False)

    def holds(self, day: date) -> bool:
        """Whether the row is valid on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Concept:
    """A thing with a name in every language."""

    id: str
    domain: str
    definition: str  # English, for editors
    required: bool = True  # a translation must carry it; False: good translations often say it in other words
    origin: Origin = field(default=Origin(), compare=False)


@dataclass(frozen=True)
class TermSet:
    """The terms that hold for one market and language on one day; each (concept, text) at most once."""

    market: str
    language: str
    terms: tuple[Term, ...]

    @cached_property
    def _by_concept(self) -> Mapping[str, tuple[Term, ...]]:
        grouped: dict[str, list[Term]] = {}
        for term in self.terms:
            grouped.setdefault(term.concept, []).append(term)
        return {concept: tuple(terms) for concept, terms in grouped.items()}

    def of(self, concept: str) -> tuple[Term, ...]:
        """The concept's terms; empty when there are none."""
        return self._by_concept.get(concept, ())

    def preferred(self, concept: str) -> Term | None:
        """The term to write for `concept`; None when the market has none in this language."""
        return next((term for term in self.of(concept) if term.status is Status.PREFERRED), None)


@dataclass(frozen=True)
class Match:
    """text[start:end] is a form of `term`."""

    term: Term
    form: Form  # Form(term.text) for the base form
    start: int
    end: int
    within: bool = False  # inside a longer word: a compound, or with a clitic or particle attached
    also: tuple[str, ...] = ()  # other concepts that have the same form ("order": the thing, and to order)
    folded: bool = False  # the letters differ in case, accents, width or hyphens from the form
