"""A concept to the word that a sentence needs: `{term:parcel_locker:dat.indef}`."""

import re
from dataclasses import dataclass

from core.errors import NotFound
from glossaries.model import FEATURES, Term, TermSet

# A capital T asks for a capital first letter, for the beginning of a sentence.
REFERENCE = r"[Tt]erm:[a-z][a-z0-9_]*(?::[a-z]+(?:\.[a-z]+)*)?"
_REFERENCE = re.compile(REFERENCE)


class NoSuchForm(NotFound):
    """The market's term has no form with the wanted features: give it one, or ask for another form."""


@dataclass(frozen=True)
class TermReference:
    """What a placeholder asks for. `features`: empty for the base form."""

    concept: str
    features: frozenset[str]
    capital: bool

    @classmethod
    def parse(cls, name: str) -> "TermReference | None":
        """The reference inside a placeholder's braces; None when it is another kind of placeholder."""
        if not _REFERENCE.fullmatch(name):
            return None
        kind, concept, *features = name.split(":")
        return cls(concept, frozenset(features[0].split(".")) if features else frozenset(), kind[0] == "T")

    @property
    def unknown_features(self) -> list[str]:
        """Labels that no form can have."""
        return sorted(self.features - FEATURES)


def write_term(terms: TermSet, reference: TermReference) -> str:
    """The market's preferred term in the form that `reference` asks for. Raises NoSuchForm."""
    term = terms.preferred(reference.concept)
    if term is None:
        raise NoSuchForm(
            f"market {terms.market or '–'} has no preferred term for {reference.concept!r} in {terms.language!r}"
        )
    text = form_of(term, reference.features)
    if text is None:
        wanted = ".".join(sorted(reference.features))
        raise NoSuchForm(
            f"{term.text!r} ({reference.concept} in {terms.language!r}) has no confirmed form {wanted!r}; add it to "
            f"the forms in {term.origin.file or 'its row'}:{term.origin.line}"
        )
    return text[:1].upper() + text[1:] if reference.capital else text


def form_of(term: Term, features: frozenset[str]) -> str | None:
    """The confirmed form with exactly `features`, else the first that has them among others; None when none has."""
    if not features:
        return term.text
    confirmed = [form for form in term.forms if form.confirmed]
    exact = next((form.text for form in confirmed if form.features == features), None)
    return exact or next((form.text for form in confirmed if features <= form.features), None)
