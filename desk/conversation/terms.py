"""Glossary terms in a text, for whoever reads it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from glossaries.model import Match, TermSet
from glossaries.violations import GateRelease

NO_TERMS: Sequence["Piece"] = ()


@dataclass(frozen=True)
class TermNote:
    """What the glossary says of a term."""

    term: str  # its base form
    language: str  # of the term
    status: str  # preferred, allowed, forbidden, do_not_translate, search
    meaning: str  # the reader's word for it; empty: the glossary has none
    note: str
    reason: str  # why forbidden
    replacement: str

    @property
    def says_something(self) -> bool:
        """Whether a reader learns anything from it."""
        return bool(self.meaning or self.note or self.reason or self.replacement)


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; `term` None: no term."""

    text: str
    term: TermNote | None = None


@dataclass(frozen=True)
class TermsFor:
    """The terms of a market, for somebody who reads `reader` (a content code)."""

    reader: str
    market: str
    release: GateRelease

    @property
    def name(self) -> str:
        """Another one when the terms may be others: the release's."""
        return self.release.id

    def pieces(self, text: str, language: str) -> Sequence[Piece]:
        """`text` cut where terms begin and end."""
        return pieces(text, language, self.reader, self.market, self.release)


def pieces(text: str, language: str, reader: str, market: str, release: GateRelease) -> Sequence[Piece]:
    """`text` cut where terms begin and end; joined they are `text`. `reader`: content code of who reads it."""
    if not text:
        return NO_TERMS
    if not language:
        return (Piece(text),)
    meanings = release.terms(market, reader)
    found: list[Piece] = []
    end = 0
    for match in release.matcher(market, language).find(text):
        if match.start > end:
            found.append(Piece(text[end : match.start]))
        note = _note(match, language, reader, meanings)
        found.append(Piece(text[match.start : match.end], note if note.says_something else None))
        end = match.end
    if end < len(text):
        found.append(Piece(text[end:]))
    return found


def _note(match: Match, language: str, reader: str, meanings: TermSet) -> TermNote:
    term = match.term
    known = meanings.preferred(term.concept) if reader != language else None
    meaning = known.text if known and known.text != term.text else ""
    return TermNote(term.text, language, term.status.value, meaning, term.note, term.reason, term.replacement)
