"""Hurried messages put right: accents that were left out, and mistyped words.

Sentence vectors read "rüksendung" as some delivery and "phi giao hang" as nothing; "rücksendung" and "phí giao hàng"
they know. Measured in docs/decisions/0014-spelling.md.
"""

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise

from glossaries.near_words import NearWords
from knowledge.accents import Accents
from knowledge.vocabulary import ALPHABETIC, WORD, Vocabulary, bare, has_accents, plain

# In longer messages the other words say enough, and a rare word is more often right than mistyped.
MOST_WORDS = 5
MOST_WORDS_ACCENTS = 14
MOST_CHARACTERS = 200
CLEARLY_MORE = 3  # times that a word must be commoner than another one as near to be the one that was meant
# Customers' slips stand among the questions too: so rare a word is one when a word beside it is so much commoner.
RARE = 2
FAR_MORE = 20
LETTERS_FOR_TWO = 8  # a word as long as this may have two slips
LETTERS_FOR_ANY = 5  # in a shorter one a wrong letter makes too many other words
REMEMBERED = 20_000  # words; then all are forgotten


class Speller:
    """Corrects messages, each language by its own words. Safe to use from several threads."""

    def __init__(self, vocabularies: Mapping[str, Vocabulary]) -> None:
        """`vocabularies`: by language; a message in a language that is not there stays as typed."""
        self._languages = {code: _Words(vocabulary) for code, vocabulary in vocabularies.items()}

    def correct(self, text: str, language: str) -> str:
        """`text` as it was probably meant: only words differ, and in a long message none do."""
        known = self._languages.get(language)
        if known is None or len(text) > MOST_CHARACTERS:
            return text
        found = list(WORD.finditer(text))
        if not 0 < len(found) <= MOST_WORDS_ACCENTS:
            return text
        typed = [word[0].casefold() for word in found]
        meant = [known.meant(word) for word in typed] if len(found) <= MOST_WORDS else typed
        if not any(map(has_accents, typed)):
            meant = known.accents.restore([plain(word) for word in meant])
        for place, old, new in reversed(list(zip(found, typed, meant, strict=True))):
            if new != old:
                text = text[: place.start()] + new + text[place.end() :]
        return text


class _Words:
    """One language's words."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.accents = Accents(vocabulary)
        self._used, self._written = Counter[str](), dict[str, str]()
        for word, count in sorted(vocabulary.words.items(), key=lambda item: (-item[1], item[0])):
            self._used[bare(word)] += count
            self._written.setdefault(bare(word), word)  # of several ways to write it the commonest
        self._near = NearWords(self._used)
        self._known: dict[str, str] = {}

    def meant(self, word: str) -> str:
        """The word that `word` was meant as, or itself."""
        if (meant := self._known.get(word)) is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            meant = self._known[word] = self._look_up(word)
        return meant

    def _look_up(self, word: str) -> str:
        folded = bare(word)
        used = self._used.get(folded, 0)
        if used > RARE or not ALPHABETIC.fullmatch(word):
            return word
        most = 2 if len(word) >= LETTERS_FOR_TWO and not used else 1
        found = [(slips, known) for slips, known in self._near.find(folded, most) if _likely(folded, known)]
        nearest = sorted((-self._used[known], known) for slips, known in found if slips == found[0][0])
        if not nearest or -nearest[0][0] < FAR_MORE * used:
            return word
        if len(nearest) > 1 and nearest[0][0] > CLEARLY_MORE * nearest[1][0]:
            return word
        return self._written[nearest[0][1]]


def _likely(typed: str, known: str) -> bool:
    """Whether `typed` is more probably a slip than a word that we do not know.

    Hurried people drop, swap and double letters in words of any length; an extra letter is more often another word.
    """
    if len(known) > len(typed) or sorted(known) == sorted(typed):
        return known != typed
    if len(typed) < LETTERS_FOR_ANY or (len(known) < len(typed) < LETTERS_FOR_TWO):
        return any(
            left == right and typed[:at] + typed[at + 1 :] == known for at, (left, right) in enumerate(pairwise(typed))
        )
    return True
