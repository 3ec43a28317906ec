"""Words that tell languages apart where a message is too short for letter statistics."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from core.yaml_files import read_yaml, without_lines
from glossaries.near_words import NearWords
from languages.catalogue import DATA, fault
from languages.text import fold

T = TypeVar("T")

# A word is taken for a mistyped one from this length; in shorter ones a slip makes another language's word.
MIN_MISTYPED = 5

KEYS = ("neutral", "words", "romanised", "characters")


@dataclass(frozen=True)
class Romanised:
    """A language written in Latin letters that are not its own."""

    code: str
    answer_in: str  # content language
    sign: re.Pattern[str] | None = None  # what a folded word of it may look like and no word of other languages does


class Lexicon:
    """Known words by language.

    A word typed without accents matches every spelling of it; with accents only its own ("hả" is not Spanish "ha").
    """

    def __init__(
        self,
        neutral: Iterable[str],
        words: Mapping[str, Iterable[str]],
        romanised: Mapping[Romanised, Iterable[str]],
        characters: Mapping[str, Sequence[str]],
    ) -> None:
        self.characters = {code: tuple(groups) for code, groups in characters.items()}
        self._neutral = frozenset(map(fold, neutral))
        self._languages = _by_word(words)
        self._near = NearWords(word for word in self._languages if word == fold(word))
        self._romanised = _by_word(romanised)
        self._signs = [(entry, entry.sign) for entry in romanised if entry.sign]

    def is_neutral(self, word: str) -> bool:
        """Whether the word is typed in every language ("ok"), so says nothing."""
        return fold(word) in self._neutral

    def hits(self, words: Iterable[str]) -> list[frozenset[str]]:
        """For each known word, the languages that it belongs to; unknown words are left out."""
        return [found for word in words if (found := _look_up(self._languages, word.casefold()))]

    def near_hits(self, words: Iterable[str]) -> list[frozenset[str]]:
        """For each unknown word that a known one is a slip away from, the languages of all such words."""
        unknown = (word for word in words if not _look_up(self._languages, word.casefold()))
        return [found for word in unknown if (found := self._mistyped(word))]

    def _mistyped(self, word: str) -> frozenset[str]:
        folded = fold(word)
        if len(folded) < MIN_MISTYPED or self.is_neutral(word):
            return frozenset()
        return frozenset().union(*(self._languages[known] for _, known in self._near.find(folded, 1)))

    def romanised(self, words: Sequence[str]) -> tuple[Romanised, float] | None:
        """The language that the words are a romanisation of and the share of them that says so; None without any.

        None as well when another language knows as many of the words.
        """
        foreign = Counter(entry for word in words for entry in self._romanised_word(word.casefold()))
        if not foreign:
            return None
        best, count = foreign.most_common(1)[0]
        own = Counter(code for word in words for code in _look_up(self._languages, word.casefold()))
        rival = max((hits for code, hits in own.items() if code != best.answer_in), default=0)
        return (best, count / len(words)) if count > rival else None

    def _romanised_word(self, word: str) -> set[Romanised]:
        if not word.isascii():
            return set()
        return set(_look_up(self._romanised, word)) | {entry for entry, sign in self._signs if sign.fullmatch(word)}


def load_lexicon(folder: Path = DATA) -> Lexicon:
    """The words in `folder`/words.yml. Raises ContentError naming file and line."""
    file = read_yaml(folder / "words.yml")
    if not isinstance(file.data, dict) or any(key not in file.data for key in KEYS):
        raise fault(file, file.data, f"needs the keys {', '.join(KEYS)}")
    data = without_lines(file.data)
    try:
        romanised = {_entry(code, block): block["words"].split() for code, block in data["romanised"].items()}
        words = {code: text.split() for code, text in data["words"].items()}
        return Lexicon(data["neutral"].split(), words, romanised, data["characters"])
    except (AttributeError, KeyError, TypeError, re.error) as error:
        raise fault(file, file.data, f"a block has the wrong shape ({error}); compare with its neighbours") from error


def _entry(code: str, block: Mapping[str, str]) -> Romanised:
    sign = re.compile(block["sign"]) if "sign" in block else None
    return Romanised(code, block.get("as", code), sign)


def _by_word(lists: Mapping[T, Iterable[str]]) -> dict[str, frozenset[T]]:
    languages: defaultdict[str, set[T]] = defaultdict(set)
    for code, words in lists.items():
        for word in words:
            languages[word.casefold()].add(code)
            languages[fold(word)].add(code)
    return {word: frozenset(codes) for word, codes in languages.items()}


def _look_up(table: Mapping[str, frozenset[T]], word: str) -> frozenset[T]:
    if found := table.get(word):
        return found
    # "l'ordine", "j'attends": the part before the apostrophe is a word of its own.
    parts = word.split("'")
    return next((table[part] for part in parts if part in table), frozenset()) if len(parts) > 1 else frozenset()
