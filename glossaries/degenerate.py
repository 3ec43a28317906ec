"""Whether a text has come apart: nothing to see, repetition, or a length out of all proportion."""

import re
import unicodedata
from collections import Counter
from functools import lru_cache

MAX_CHECKED = 4_000
_RUN = re.compile(r"(\w[^\n]{1,30}?)(?:\s*\1){3,}")
_UNSEEN_KINDS = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
# Letters, marks and symbols without a shape: Hangul fillers, Khmer inherent vowels, the empty Braille cell, selectors.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0") | {
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}
_WORDS = re.compile(r"\w+")
MIN_WORDS = 12  # shorter texts repeat words by chance
MIN_DISTINCT = 0.35
MAX_RATIO = 3.0
SLACK = 24  # letters; a short text may well become a longer one
# What a character says, in Latin letters: a Chinese text of 20 characters is as long as an English one of 60.
_DENSE = {"CJK": 2.8, "HIRAGANA": 1.5, "KATAKANA": 1.5, "HANGUL": 2.0}


def is_blank(text: str) -> bool:
    """Whether there is nothing to see in it, whatever characters it has: white space, joiners, marks of direction."""
    return all(char in _UNSEEN or unicodedata.category(char) in _UNSEEN_KINDS for char in text)


def is_repetitive(text: str, source: str) -> bool:
    """Whether `text` says the same over and over where `source` does not."""
    text, source = text[:MAX_CHECKED], source[:MAX_CHECKED]
    if _RUN.search(text) and not _RUN.search(source):
        return True
    return _distinct(text) < MIN_DISTINCT <= _distinct(source)


def is_out_of_proportion(text: str, source: str) -> bool:
    """Whether one text is more than MAX_RATIO times as long as the other, in what it can say."""
    here, there = _weight(text), _weight(source)
    longer, shorter = max(here, there), min(here, there)
    return longer > MAX_RATIO * shorter + SLACK


def _distinct(text: str) -> float:
    words = Counter(word.casefold() for word in _WORDS.findall(text))
    total = sum(words.values())
    return 1.0 if total < MIN_WORDS else len(words) / total


def _weight(text: str) -> float:
    return sum(times * _says(char) for char, times in Counter("".join(text[:MAX_CHECKED].split())).items())


@lru_cache(maxsize=8192)
def _says(char: str) -> float:
    """What a character says, in Latin letters."""
    return 1.0 if char.isascii() else _DENSE.get(unicodedata.name(char, "").split(" ")[0].split("-")[0], 1.0)
