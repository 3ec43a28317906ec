"""Text as language identification looks at it: bounded, clean, folded, cut into sentences and words."""

import re
import unicodedata

EXAMINED_CHARS = 2_000
MAX_SENTENCES = 12

_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]")
_SENTENCE_END = re.compile(r"[.!?。！？…؟\n\r]+")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_PUNCTUATION = re.compile(r"[^\w']+|_+")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'"})
# Accents, Arabic vowel signs, tatweel and the hamza that decomposition leaves: all often left out when typing.
_MARKS = re.compile("[\u0300-\u036f\u0640\u064b-\u0655\u0670]")
_LETTERS = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "ı": "i", "ى": "ي", "ة": "ه"})
_SPACELESS = re.compile(r"(?<=[^\x00-\u0e00])\s+|\s+(?=[^\x00-\u0e00])")


def clean(text: str) -> str:
    """The part of `text` that is examined: at most EXAMINED_CHARS, wide and other compatibility letters made plain,
    and no control characters."""
    readable = _UNREADABLE.sub(" ", text[:EXAMINED_CHARS])
    return unicodedata.normalize("NFKC", readable)[:EXAMINED_CHARS].translate(_APOSTROPHES)


def fold(text: str) -> str:
    """`text` in lower case without accents, as hurried people type; the same for all spellings of one word."""
    lower = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).casefold()
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", lower))).translate(_LETTERS)


def bare(text: str) -> str:
    """Folded words of `text` with one space between them and no punctuation."""
    return _PUNCTUATION.sub(" ", fold(text)).strip()


def joined(text: str) -> str:
    """`bare(text)` without the spaces beside characters of scripts that write without spaces."""
    return _SPACELESS.sub("", bare(text))


def sentences(text: str) -> list[str]:
    """The sentences of `text`, at most MAX_SENTENCES; what is beyond stays in the last one. Empty ones are left out."""
    parts = _SENTENCE_END.split(text, maxsplit=MAX_SENTENCES - 1)
    return [part.strip() for part in parts if part.strip()]


def words(text: str) -> list[str]:
    """The words of `text` as written, apostrophes inside them kept ("l'ordine")."""
    return _WORD.findall(text)
