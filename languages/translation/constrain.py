"""A hypothesis made to say what the market says, and judged by the gate. Pure."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from glossaries.apply import apply
from glossaries.check import check
from glossaries.masks import mask_spans
from glossaries.model import Match, Status, Term, TermSet
from glossaries.violations import GateRelease, Kind, Matcher, Source, Violation
from glossaries.write_term import form_of
from languages.translation.agreement import Noun, after_determiner, put_noun
from languages.translation.agreement_data import Agreement, load_agreement
from languages.translation.wanted import GOOD, Task, Wanted

MAX_SUPPRESSED = 40  # texts; each is several sequences of tokens
MIN_SUPPRESSED = 3  # letters
MIN_ECHO = 3  # words; a greeting or a name may be the same in both languages
ECHO = 0.75  # share of words that are the source's
MAX_DOUBT = 0.35  # beyond it all that was measured was nonsense (docs/decisions/0008)
_NOUN = ("noun", "")
_WITH_ARTICLE = frozenset({"def", "indef"})
_STUTTER = re.compile(r"\b([^\W\d_]{2,})(?=\s+\1\b)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Candidate:
    """A translation of one sentence."""

    text: str
    score: float  # the engine's, at most 0
    violations: tuple[Violation, ...]
    preferred: int  # wanted terms that stand there in the market's own word
    way: str = ""  # how it came about
    flaws: int = 0  # words that stand twice in a row, emoji that got lost

    @property
    def clean(self) -> bool:
        """Whether the gate has nothing against it."""
        return not self.violations

    @property
    def rank(self) -> tuple[int, int, int, float]:
        """Sorts candidates, the best one first."""
        return len(self.violations), self.flaws, -self.preferred, -self.score


@dataclass(frozen=True)
class _Unheard:
    """A release without its opinion on languages: that needs a whole text and takes longer than the rest together."""

    release: GateRelease

    @property
    def id(self) -> str:
        return self.release.id

    @property
    def names(self) -> Sequence[str]:
        return self.release.names

    def required(self, concept: str) -> bool:
        return self.release.required(concept)

    def terms(self, market: str, language: str) -> TermSet:
        return self.release.terms(market, language)

    def matcher(self, market: str, language: str) -> Matcher:
        return self.release.matcher(market, language)

    def speaks(self, _text: str, _language: str) -> None:
        return None


def judge(text: str, score: float, sentence: str, wanted: Sequence[Wanted], task: Task, way: str) -> Candidate:
    """`text` as a translation of `sentence`, with the fixes of the gate put in."""
    release = _Unheard(task.release)
    source = Source(sentence, task.source)
    violations = check(text, source, task.market, task.target, release)
    fixed = apply(text, violations)
    if fixed != text:
        text, violations = fixed, check(fixed, source, task.market, task.target, release)
    matches = _terms(text, wanted, task)
    violations = [*violations, *_off_the_point(text, sentence, matches, task)]
    if doubt(text, score) > MAX_DOUBT:
        violations.append(Violation(Kind.DEGENERATE, 0, 0, "", "the engine itself does not believe in it"))
    written = {match.term.text for match in matches}
    preferred = sum(one.term.text in written for one in wanted)
    flaws = len(_STUTTER.findall(text)) + sum((_emoji(sentence) - _emoji(text)).values())
    return Candidate(text, score, tuple(violations), preferred, way, flaws)


def _emoji(text: str) -> Counter[str]:
    return Counter(text[span.start : span.end] for span in mask_spans(text) if span.kind == "emoji")


def doubt(text: str, score: float) -> float:
    """How unlikely the engine finds `text`, by its length; 0 for an engine that tells no scores."""
    letters = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return -score / math.pow(max(1, letters), 0.8)


def _off_the_point(text: str, sentence: str, matches: Sequence[Match], task: Task) -> Iterator[Violation]:
    """What shows that an engine has not translated this sentence. A person may write so, which is why the gate may not
    know it: an echo, things that the original does not speak of, a term twice in a row.
    """
    if is_echo(text, sentence):
        yield Violation(Kind.LANGUAGE, 0, 0, "", "it is the original, not a translation")
    said = task.release.matcher(task.market, task.source).find(sentence, task.context)
    known = {concept for match in said for concept in (match.term.concept, *match.also)}
    last: Match | None = None
    for match in matches:
        concepts, found = {match.term.concept, *match.also}, text[match.start : match.end]
        if match.term.status in GOOD and task.release.required(match.term.concept) and not known & concepts:
            yield Violation(Kind.DEGENERATE, match.start, match.end, found, f"the original says nothing of {found!r}")
        if last and last.term == match.term and not text[last.end : match.start].strip():
            yield Violation(Kind.DEGENERATE, match.start, match.end, found, f"it says {found!r} twice in a row")
        last = match


def replace_terms(text: str, wanted: Sequence[Wanted], task: Task) -> str:
    """`text` with the market's own term where another word for a wanted concept stands, and for forbidden words.

    Only where a form can be chosen and the word is on its own; a good term stays unless the source says the preferred
    one of its own language.
    """
    terms = task.release.terms(task.market, task.target)
    tables = load_agreement(task.target)
    for match in sorted(_terms(text, wanted, task), key=lambda found: found.start, reverse=True):
        term = _better(match, wanted, terms)
        if term is not None:
            text = _put(text, match, term, tables)
    return text


def forbidden_texts(concepts: Iterable[str], task: Task) -> tuple[str, ...]:
    """What the market forbids to say for `concepts`, with all forms; at most MAX_SUPPRESSED. Very short words are left
    out: their letters stand in too many others.
    """
    terms = task.release.terms(task.market, task.target)
    rows = [term for concept in sorted(set(concepts)) for term in terms.of(concept)]
    forbidden = [row for row in rows if row.status is Status.FORBIDDEN]
    texts = [text for row in forbidden for text in (row.text, *(form.text for form in row.forms))]
    return tuple(text for text in dict.fromkeys(texts) if len(text) >= MIN_SUPPRESSED)[:MAX_SUPPRESSED]


def market_glossary(task: Task) -> tuple[tuple[str, str], ...]:
    """(source term, the market's term) for every noun that both languages have, in order."""
    target = task.release.terms(task.market, task.target)
    pairs: dict[str, str] = {}
    for term in task.release.terms(task.market, task.source).terms:
        wanted = target.preferred(term.concept) if term.status in GOOD and term.part_of_speech in _NOUN else None
        if wanted and wanted.part_of_speech in _NOUN:
            pairs.setdefault(term.text, wanted.text)
    return tuple(sorted(pairs.items()))


def is_echo(text: str, sentence: str) -> bool:
    """Whether an engine has given back the words of the source, all or most of them."""
    words, own = _WORD.findall(text.casefold()), set(_WORD.findall(sentence.casefold()))
    return len(words) >= MIN_ECHO and sum(word in own for word in words) >= ECHO * len(words)


def _terms(text: str, wanted: Sequence[Wanted], task: Task) -> Sequence[Match]:
    context = task.context | {concept for one in wanted for concept in one.concepts}
    return task.release.matcher(task.market, task.target).find(text, context)


def _better(match: Match, wanted: Sequence[Wanted], terms: TermSet) -> Term | None:
    """The term to write in place of `match`; None when it may stay, or when no form can be chosen."""
    found = match.term
    if match.within or found.status is Status.DO_NOT_TRANSLATE:
        return None
    if found.status is Status.FORBIDDEN:
        rows = terms.of(found.concept)
        named = next((term for term in rows if term.text == found.replacement and term.status in GOOD), None)
        return named if named and _same_kind(match, named) else None
    meant = next((one for one in wanted if found.concept in one.concepts and one.term.concept == found.concept), None)
    if meant is None or found.text == meant.term.text or not _same_kind(match, meant.term):
        return None
    if found.status in GOOD and match.form.confirmed:
        own_word = meant.match.term.status is Status.PREFERRED
        return meant.term if own_word and _declines_alike(found, meant.term) else None
    return meant.term


def _same_kind(match: Match, term: Term) -> bool:
    """Whether `term` can be written in the form of `match`."""
    if match.term.part_of_speech != term.part_of_speech:
        return False
    base = match.form.text == match.term.text
    if base:
        return True
    known = term.part_of_speech in _NOUN and not match.form.features & _WITH_ARTICLE
    return bool(match.form.features) and (known or form_of(term, match.form.features) is not None)


def _declines_alike(found: Term, term: Term) -> bool:
    """Whether both have a plural or neither has, so that the number is known when one takes the other's place."""
    plurals = [any("pl" in form.features for form in one.forms) for one in (found, term)]
    return plurals[0] == plurals[1] and found.part_of_speech in _NOUN


def _put(text: str, match: Match, term: Term, tables: Agreement) -> str:
    written = text[match.start : match.end]
    features = match.form.features
    noun = after_determiner(written, tables)
    if term.part_of_speech not in _NOUN or (features & _WITH_ARTICLE and not noun):
        form = form_of(term, features) or term.text
        form = form[:1].upper() + form[1:] if written[:1].isupper() and match.form.text[:1].islower() else form
        return text[: match.start] + form + text[match.end :]
    plural = "pl" in features
    return put_noun(text, (match.start + noun, match.end), Noun(match.term, plural), term, plural, tables)
