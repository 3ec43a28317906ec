"""Known words of a phrase: masked, followed by a name, exchanged for others."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from translators.corpus import Direction, Language, Pair
from translators.slots import SLOT
from translators.term_bases import TermPair

Span = tuple[int, int]


@dataclass(frozen=True)
class Known:
    """A term that stands exactly once on both sides of a phrase, and where."""

    term: TermPair
    source: Span
    target: Span


class WordChanges:
    """Phrases with a known word changed on both sides; a phrase that has none stays as it is."""

    def __init__(self, terms: Sequence[TermPair], direction: Direction, random: Random) -> None:
        self._terms, self._direction, self._random = terms, direction, random
        self._known: dict[Pair, list[Known]] = {}  # bounded by the corpus
        self._alike: dict[str, list[TermPair]] = defaultdict(list)
        for term in terms:
            if term.base:
                self._alike[term.genders].append(term)

    def masked(self, pair: Pair) -> Pair:
        """One or two words replaced by slots that are always masked."""
        known = self._of(pair)
        if not known:
            return pair
        chosen = self._random.sample(known, min(len(known), self._random.choice((1, 1, 2))))
        if len(chosen) == 2 and (_overlap(chosen[0].source, chosen[1].source) or _overlap(*[k.target for k in chosen])):
            chosen.pop()
        return _written(pair, [(word, f"{{term_{at}}}", f"{{term_{at}}}") for at, word in enumerate(chosen)])

    def named(self, pair: Pair) -> Pair:
        """A slot that is always masked behind a word, as in "order {added}"."""
        known = self._of(pair)
        if not known:
            return pair
        word = self._random.choice(known)
        source = pair.source[slice(*word.source)] + _space(self._direction.source) + "{added}"
        return _written(
            pair, [(word, source, pair.target[slice(*word.target)] + _space(self._direction.target) + "{added}")]
        )

    def exchanged(self, pair: Pair) -> Pair:
        """A word replaced by another of the same genders, where both stand in the form of the term base."""
        known = [
            word
            for word in self._of(pair)
            if word.term.base == (pair.source[slice(*word.source)], pair.target[slice(*word.target)])
        ]
        if not known:
            return pair
        word = self._random.choice(known)
        other = self._random.choice(self._alike[word.term.genders]).base
        return _written(pair, [(word, other[0], other[1])]) if other else pair

    def _of(self, pair: Pair) -> list[Known]:
        if pair not in self._known:
            self._known[pair] = known_words(pair, self._terms, self._direction)
        return self._known[pair]


def known_words(pair: Pair, terms: Sequence[TermPair], direction: Direction) -> list[Known]:
    """The terms that stand exactly once on both sides, outside of slots."""
    found = []
    for term in terms:
        if not (term.source and term.target):
            continue
        ours = _only(pair.source, term.source, direction.source)
        theirs = _only(pair.target, term.target, direction.target)
        if ours and theirs:
            found.append(Known(term, ours, theirs))
    return found


def _written(pair: Pair, changes: Sequence[tuple[Known, str, str]]) -> Pair:
    source, target = pair.source, pair.target
    for word, written, _ in sorted(changes, key=lambda change: change[0].source, reverse=True):
        source = source[: word.source[0]] + written + source[word.source[1] :]
    for word, _, written in sorted(changes, key=lambda change: change[0].target, reverse=True):
        target = target[: word.target[0]] + written + target[word.target[1] :]
    return Pair(source, target, pair.is_term)


def _space(language: Language) -> str:
    return " " if language.spaces else ""


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _only(text: str, spellings: tuple[str, ...], language: Language) -> Span | None:
    spans = [match.span() for match in _pattern(spellings, language).finditer(text) if match["term"]]
    return spans[0] if len(spans) == 1 else None


@lru_cache(maxsize=2_000)
def _pattern(spellings: tuple[str, ...], language: Language) -> re.Pattern[str]:
    longest_first = "|".join(re.escape(text) for text in sorted(spellings, key=len, reverse=True))
    word = rf"(?<!\w)(?:{longest_first})(?!\w)" if language.spaces else longest_first
    return re.compile(rf"{SLOT.pattern}|(?P<term>{word})", re.IGNORECASE)
