"""Glossary terms in a text, for whoever reads it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from glossaries.model import Match, Status, Term, TermSet
from glossaries.violations import GateRelease

NO_TERMS: Sequence["Piece"] = ()
NEVER_OTHERWISE = (Status.FORBIDDEN, Status.DO_NOT_TRANSLATE)
PRONOUN = "pronoun"  # a part of speech: how people are addressed
LANGUAGE = "languages/"  # the layer of what every market of a language says


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
        shown = note.says_something and _matters(match.term, note, release)
        found.append(Piece(text[match.start : match.end], note if shown else None))
        end = match.end
    if end < len(text):
        found.append(Piece(text[end:]))
    return found


def _note(match: Match, language: str, reader: str, meanings: TermSet) -> TermNote:
    term = match.term
    known = meanings.preferred(term.concept) if reader != language else None
    meaning = known.text if known and known.text != term.text else ""
    return TermNote(term.text, language, term.status.value, meaning, term.note, term.reason, term.replacement)


def _matters(term: Term, note: TermNote, release: GateRelease) -> bool:
    """Whether a reader has to know it: what stands in every sentence, and what any translation says, is noise."""
    if term.status in NEVER_OTHERWISE:
        return True
    if term.part_of_speech == PRONOUN:
        return False
    return bool(note.note) or not term.origin.layer.startswith(LANGUAGE) or release.required(term.concept)
