"""The gate: what is wrong with a text that is about to leave. Pure; the same for bot, machine and person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from glossaries.altered_names import altered_names, missing_names
from glossaries.degenerate import is_blank, is_out_of_proportion, is_repetitive
from glossaries.masked_items import compare_items, open_placeholders
from glossaries.model import Match, Status, Term, TermSet
from glossaries.quotations import quotations
from glossaries.required_terms import Translated, missing_terms
from glossaries.violations import GateRelease, Kind, Source, Violation
from glossaries.write_term import form_of

MAX_TEXT = 20_000


@dataclass(frozen=True)
class Examination:
    """What a look at a text found: what is wrong, and the terms that stand in it."""

    violations: list[Violation]
    terms: Sequence[Match]


def check(text: str, source: Source | None, market: str, language: str, release: GateRelease) -> list[Violation]:
    """Everything that is wrong with `text` for this market, in order of its place; empty when it may leave.

    `source`: what it is a translation of; None for a text that was written in `language`.
    """
    return examine(text, source, market, language, release).violations


def examine(
    text: str, source: Source | None, market: str, language: str, release: GateRelease, *, approved: bool = False
) -> Examination:
    """`check`, with the terms found. `approved`: the text's language was checked when it was published."""
    blank = is_blank(text)
    if blank or not any(char.isalnum() for char in text):
        empty = blank or (source is not None and any(char.isalpha() for char in source.text))
        return Examination([Violation(Kind.EMPTY, 0, 0, text, "there are no words in it")] if empty else [], ())
    if len(text) > MAX_TEXT:
        return Examination([Violation(Kind.DEGENERATE, 0, 0, "", f"it is longer than {MAX_TEXT} characters")], ())
    said = release.matcher(market, source.language).find(source.text) if source else ()
    altered = altered_names(text, release.names)
    context = {match.term.concept for match in said} | _meant(altered, release.terms(market, language))
    terms = release.matcher(market, language).find(text, context)
    found = [*_forbidden(text, terms, release, market, language), *altered]
    if source is None:
        found += open_placeholders(text)
    else:
        found += _against_source(text, language, source, release)
        found += missing_terms(said, Translated(text, terms, market, language), release)
    if not approved and release.speaks(text, language) is False:
        found.append(Violation(Kind.LANGUAGE, 0, 0, "", f"it is not in the language {language!r}"))
    return Examination(sorted(found, key=lambda violation: violation.start), terms)


def _meant(altered: Sequence[Violation], terms: TermSet) -> set[str]:
    """The concepts of names that stand there in other letters: who writes SOFTSIP does speak of SoftSip."""
    names = {violation.fix for violation in altered}
    return {term.concept for term in terms.terms if term.text in names} if names else set()


def _against_source(text: str, language: str, source: Source, release: GateRelease) -> Iterator[Violation]:
    yield from compare_items(text, language, source, release.names)
    yield from missing_names(text, source.text, release.names)
    if is_repetitive(text, source.text):
        yield Violation(Kind.DEGENERATE, 0, 0, "", "it says the same over and over")
    if is_out_of_proportion(text, source.text):
        yield Violation(Kind.DEGENERATE, 0, 0, "", "its length is out of all proportion to the original")


def _forbidden(
    text: str, terms: Sequence[Match], release: GateRelease, market: str, language: str
) -> Iterator[Violation]:
    forbidden = [match for match in terms if match.term.status is Status.FORBIDDEN]
    quoted = bytearray(len(text))
    for start, end in quotations(text) if forbidden else ():
        quoted[start:end] = b"\x01" * (end - start)
    for match in forbidden:
        # How somebody else speaks is not ours to mend: “Für dich, Oma” on a card. What things are called is.
        if release.required(match.term.concept) or not (quoted[match.start] and quoted[match.end - 1]):
            found = text[match.start : match.end]
            fix = _fix(match, found, release.terms(market, language))
            reason = match.term.reason or "the market's editor has forbidden it"
            yield Violation(Kind.FORBIDDEN_TERM, match.start, match.end, found, reason, match.term.concept, fix)


def _fix(match: Match, found: str, terms: TermSet) -> str | None:
    """The replacement in the form of what it replaces; None where putting it in would break the sentence."""
    replacement = None if match.within else _replacement(match, terms.of(match.term.concept))
    if replacement and found[:1].isupper() and match.form.text[:1].islower():
        return replacement[:1].upper() + replacement[1:]
    return replacement


def _replacement(match: Match, terms: Sequence[Term]) -> str | None:
    form = match.form
    if form.text == match.term.text:
        return match.term.replacement or None
    # An inflected form may be a row of its own, with a replacement of its own.
    own = next((t for t in terms if t.status is Status.FORBIDDEN and t.text == form.text and t.replacement), None)
    if own:
        return own.replacement
    instead = next((term for term in terms if term.text == match.term.replacement), None)
    return form_of(instead, form.features) if instead and form.features else None
