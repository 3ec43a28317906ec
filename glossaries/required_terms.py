"""Terms of the original that a translation must carry in the market's words. Pure."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter

from glossaries.fold import fold
from glossaries.language_rules import Compounds, load_rules
from glossaries.model import Match, Status, Term, TermSet
from glossaries.violations import GateRelease, Kind, Violation

GOOD = (Status.PREFERRED, Status.ALLOWED, Status.DO_NOT_TRANSLATE)
MAX_APART = 60  # characters between two words of a term that stand apart
MIN_STEM = 4  # letters by which a word is known in another form
_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?。！？\n]")
_HANGING = re.compile(r"(\w+)-(?!\w)")  # Liefer- und Rechnungsadresse


@dataclass(frozen=True)
class Translated:
    """A translation and what was found in it."""

    text: str
    terms: Sequence[Match]
    market: str
    language: str


def missing_terms(said: Sequence[Match], there: Translated, release: GateRelease) -> Iterator[Violation]:
    """A violation for each required concept of the original, `said`, that the translation does not name."""
    lacking = list(_lacking(said, there, release))
    if not lacking:
        return
    matcher = release.matcher(there.market, there.language)
    inside = _good(matcher.find_all(there.text, {match.term.concept for match in said}))
    terms = release.terms(there.market, there.language)
    for match, wanted in lacking:
        forms = _forms(terms, match.term.concept)
        if inside & {match.term.concept, *match.also} or stands_apart(there.text, forms, there.language):
            continue
        yield _missing(match, wanted, there.terms)


def _lacking(said: Sequence[Match], there: Translated, release: GateRelease) -> Iterator[tuple[Match, Term]]:
    good, terms = _good(there.terms), release.terms(there.market, there.language)
    # What only customers say may mean a little less or more ("momo" is one of many wallets).
    for concept, match in {
        match.term.concept: match for match in said if match.term.status is not Status.SEARCH
    }.items():
        wanted = terms.preferred(concept)
        if wanted is None or not release.required(concept) or good & {concept, *match.also}:
            continue
        if not _is_another_kind(match.term, wanted) and not _is_inside(wanted, there.terms):
            yield match, wanted


def _good(terms: Sequence[Match]) -> set[str]:
    """The concepts that are named as they should be."""
    good = [match for match in terms if match.term.status in GOOD]
    return {one.term.concept for one in good if one.form.confirmed} | {also for one in good for also in one.also}


def _missing(match: Match, wanted: Term, terms: Sequence[Match]) -> Violation:
    concept = match.term.concept
    form = next((found for found in terms if found.term.concept == concept), None)
    place = (form.start, form.end) if form else (0, 0)
    reason = f"the original says {match.form.text!r}, which is {wanted.text!r} here"
    return Violation(Kind.REQUIRED_TERM, *place, form.form.text if form else match.form.text, reason, concept)


def _is_another_kind(said: Term, wanted: Term) -> bool:
    """Whether a verb was said where the market has a noun, or the other way: then a good sentence has another word."""
    return bool(said.part_of_speech and wanted.part_of_speech) and said.part_of_speech != wanted.part_of_speech


def _is_inside(wanted: Term, terms: Sequence[Match]) -> bool:
    """Whether the word stands in one of another kind that is made of it: 注文 in 注文した."""
    word = wanted.text.casefold()
    return any(
        word in match.form.text.casefold() and match.term.status in GOOD and _is_another_kind(match.term, wanted)
        for match in terms
    )


def _forms(terms: TermSet, concept: str) -> list[str]:
    good = [term for term in terms.of(concept) if term.status in GOOD]
    return [text for term in good for text in (term.text, *(form.text for form in term.forms if form.confirmed))]


def stands_apart(text: str, forms: Collection[str], language: str) -> bool:
    """Whether one of `forms` stands in `text` in parts or in a compound, where no term is found.

    "Liefer- und Rechnungsadresse", "delivery and billing address", "Ersatzteillager". Linear in the text for each form.
    """
    text = fold(text).text
    words = [(match[0], match.start(), match.end()) for match in _WORD.finditer(text)]
    folded = {fold(form).text for form in forms}
    hanging = [(match[1], match.end()) for match in _HANGING.finditer(text)]
    compounds = load_rules(language).compounds
    return (
        any(_hangs(form, hanging, words, text) for form in folded)
        or any(len(parts := _WORD.findall(form)) > 1 and _in_order(parts, words, text) for form in folded)
        or (compounds is not None and any(_compounded(form, words, compounds) for form in folded))
    )


def _compounded(form: str, words: Sequence[tuple[str, int, int]], compounds: Compounds) -> bool:
    """Whether the form begins or ends a longer word, whatever its row says: in a translation of it, it is meant."""
    return len(form) >= compounds.letters and any(
        len(word) >= len(form) + compounds.rest and (word.startswith(form) or word.endswith(form))
        for word, _, _ in words
    )


def _hangs(form: str, hanging: Sequence[tuple[str, int]], words: Sequence[tuple[str, int, int]], text: str) -> bool:
    rests = ((form[len(stem) :].lstrip("-s"), end) for stem, end in hanging if form.startswith(stem))
    return any(
        len(rest) >= MIN_STEM - 1 and any(word.endswith(rest) for word in _words_after(end, words, text))
        for rest, end in rests
    )


def _words_after(end: int, words: Sequence[tuple[str, int, int]], text: str) -> Iterator[str]:
    for word, start, _ in islice(words, bisect_left(words, end, key=itemgetter(1)), None):
        if not _near(text, end, start):
            return
        yield word


def _in_order(parts: Sequence[str], words: Sequence[tuple[str, int, int]], text: str) -> bool:
    """Whether the words of a term follow each other, with others between them, in one sentence."""
    at, last = 0, 0
    for word, start, end in words:
        if at and not _near(text, last, start):
            at = 0
        if _alike(parts[at], word):
            at, last = at + 1, end
            if at == len(parts):
                return True
    return False


def _near(text: str, end: int, start: int) -> bool:
    return 0 <= start - end <= MAX_APART and not _SENTENCE_END.search(text, end, start)


def _alike(part: str, word: str) -> bool:
    """Whether `word` is `part`, or begins like it when both are long enough to have other endings."""
    if part == word:
        return True
    stem = max(MIN_STEM, min(len(part), len(word)) - 2)
    return len(part) >= MIN_STEM and part[:stem] == word[:stem] and abs(len(part) - len(word)) <= MIN_STEM
