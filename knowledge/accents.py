"""Puts the accents back into a message that was typed without any, by which words stand beside which."""

import math
from collections import defaultdict
from collections.abc import Sequence

from knowledge.vocabulary import Vocabulary, bare, has_accents

PAIR_WEIGHT = 2.0  # of how often two words stand together, beside how often each is used
PAIR_SCALE = 3.0
UNSEEN = 0.5
MOST_FORMS = 8
LEAST_SHARE = 0.15  # of words with an accent; with fewer of them, a language is understood without

_Paths = dict[str, tuple[float, tuple[str, ...]]]  # by last word: how likely the likeliest way there is, and the way


class Accents:
    """The accents of one language."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """A vocabulary without accents puts none back."""
        self._used = vocabulary.written
        self._pairs = vocabulary.pairs
        forms: defaultdict[str, list[str]] = defaultdict(list)
        for word, _ in sorted(vocabulary.written.items(), key=lambda item: (-item[1], item[0])):
            forms[bare(word)].append(word)
        accented = sum(count for word, count in vocabulary.written.items() if has_accents(word))
        if accented < LEAST_SHARE * sum(vocabulary.words.values()):
            forms.clear()
        self._forms = {key: tuple(found[:MOST_FORMS]) for key, found in forms.items() if any(map(has_accents, found))}

    def restore(self, words: Sequence[str]) -> list[str]:
        """The likeliest way to write `words`, which are in lower case; as they are when one of them has an accent."""
        if not words or any(map(has_accents, words)):
            return list(words)
        paths: _Paths = {form: (self._share(form), (form,)) for form in self._of(words[0])}
        for word in words[1:]:
            paths = {form: self._best(paths, form) for form in self._of(word)}
        return list(max(paths.values())[1])

    def _best(self, paths: _Paths, form: str) -> tuple[float, tuple[str, ...]]:
        score, path = max((score + self._together(last, form), path) for last, (score, path) in paths.items())
        return score + self._share(form), (*path, form)

    def _of(self, word: str) -> tuple[str, ...]:
        return self._forms.get(bare(word), (word,))

    def _share(self, form: str) -> float:
        return math.log(self._used.get(form, 0) + UNSEEN)

    def _together(self, left: str, right: str) -> float:
        return PAIR_WEIGHT * math.log1p(PAIR_SCALE * self._pairs.get(f"{left} {right}", 0))
