"""The words that the company and its customers use, by language: what a hurried word may have been meant as."""

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import pairwise

# A run of letters and the marks on them.
WORD = re.compile("(?:[^\\W\\d_]|[\u0610-\u061a\u064b-\u065f])+(?:['’][^\\W\\d_]+)*")
# A word of a script that puts spaces between words: letters of Europe and Arabia, Hangul.
ALPHABETIC = re.compile("[\u0000-\u06ff\u1e00-\u1fff’\uac00-\ud7a3]+")
# Letters that Unicode does not take apart, and Arabic ones that are written for each other.
_LETTERS = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "ı": "i", "ى": "ي", "ة": "ه"})


@dataclass(frozen=True)
class Vocabulary:
    """The words of one language in lower case, each with how often it is used.

    `written` and `pairs` ("word word") come from texts written with accents, which tell where an accent belongs.
    """

    words: Mapping[str, int] = field(default_factory=dict)
    written: Mapping[str, int] = field(default_factory=dict)
    pairs: Mapping[str, int] = field(default_factory=dict)


def bare(word: str) -> str:
    """`word` in lower case and without accents: the same for all ways to write it. Hangul comes letter by letter."""
    parts = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", word).casefold())
    return "".join(part for part in parts if not unicodedata.combining(part)).translate(_LETTERS)


def plain(word: str) -> str:
    """`bare(word)` with its letters put together, as it is typed."""
    return unicodedata.normalize("NFC", bare(word))


def has_accents(word: str) -> bool:
    """Whether `word`, in lower case, is written otherwise than by somebody who leaves accents out."""
    return plain(word) != word


def words_in(text: str) -> list[str]:
    """The words of `text` in lower case, in its order; those of scripts without spaces are left out."""
    found = WORD.findall(unicodedata.normalize("NFC", text.casefold()))
    # Marks that stand by themselves in Unicode (Arabic vowel signs) are hardly ever typed.
    words = ("".join(sign for sign in word if not unicodedata.combining(sign)) for word in found)
    return [word for word in words if ALPHABETIC.fullmatch(word)]


def vocabularies_of(texts: Iterable[tuple[str, str]]) -> dict[str, Vocabulary]:
    """The vocabulary of each language in (text, language), in a fixed order."""
    counts: defaultdict[str, tuple[Counter[str], Counter[str], Counter[str]]] = defaultdict(
        lambda: (Counter(), Counter(), Counter())
    )
    for text, language in texts:
        words, written, pairs = counts[language]
        found = words_in(text)
        words.update(found)
        if any(has_accents(word) for word in found):
            written.update(found)
            pairs.update(f"{left} {right}" for left, right in pairwise(found))
    return {code: Vocabulary(*(dict(sorted(part.items())) for part in counts[code])) for code in sorted(counts)}


def to_json(vocabularies: Mapping[str, Vocabulary]) -> str:
    """The vocabularies as one JSON object."""
    return json.dumps({code: asdict(vocabulary) for code, vocabulary in vocabularies.items()}, ensure_ascii=False)


def from_json(text: str) -> dict[str, Vocabulary]:
    """What to_json() wrote. Raises ValueError, TypeError or AttributeError for anything else."""
    return {str(code): Vocabulary(**parts) for code, parts in json.loads(text).items()}
