"""What stands around digits in a message, and what it makes of them."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.numbers import list_currencies

from core.yaml_files import read_yaml
from orders.fold import fold

WORDS_FILE = Path(__file__).parent / "data" / "number_words.yml"
LATIN = "a-z\u00c0-\u024f\u1e00-\u1eff"
_WINDOW = 32  # characters before the digits in which a word may tell what they are
_LONG_WORD = 4  # shorter words for "number" mean other things in other languages
_LATIN_LETTER = re.compile(f"[{LATIN}]")
_GAP = r"[\s.:=\-]{0,3}"


@dataclass(frozen=True)
class Context:
    """The surroundings of a run of digits."""

    marked: bool  # a word or sign before it says: an order number
    is_other: bool  # an amount, a phone, a postcode, or part of a code
    alone: bool  # the message holds nothing else
    opens_phone: bool  # "+" or "(" stands before it


@dataclass(frozen=True)
class _Words:
    """Compiled patterns of number_words.yml."""

    order: re.Pattern[str]  # anywhere in the window
    number_before: re.Pattern[str]  # directly before the digits
    number_near: re.Pattern[str]  # anywhere in the window
    other_before: re.Pattern[str]
    money_before: re.Pattern[str]
    money_after: re.Pattern[str]


def context_of(text: str, start: int, end: int) -> Context:
    """What the folded `text` says about its digits from `start` to `end`."""
    words = _words(WORDS_FILE)
    window = re.split(r"[\d\n]", text[max(0, start - _WINDOW) : start])[-1]
    after = text[end : end + _WINDOW]
    marked = bool(words.order.search(window) or words.number_before.search(window) or words.number_near.search(window))
    glued_before = bool(_LATIN_LETTER.match(window[-1:])) and not _ends_in_mark(words, window)
    return Context(
        marked=marked,
        is_other=_is_money(words, window, after)
        or bool(words.other_before.search(window))
        or glued_before
        or bool(_LATIN_LETTER.match(after))
        or text[max(0, start - 1) : start] == "+",
        alone=not any(char.isalnum() for char in text[:start] + text[end:]),
        opens_phone=text[max(0, start - 1) : start] in {"+", "("},
    )


def _ends_in_mark(words: _Words, window: str) -> bool:
    if words.number_before.search(window):
        return True
    return any(match.end() == len(window) for match in words.order.finditer(window))


def _is_money(words: _Words, window: str, after: str) -> bool:
    beside = (window.rstrip()[-1:], after.lstrip()[:1])
    if any(char and unicodedata.category(char) == "Sc" for char in beside):
        return True
    return bool(words.money_before.search(window) or words.money_after.match(after))


@cache
def _words(path: Path) -> _Words:
    data = read_yaml(path).data
    order, number, other = (_alternatives(data[name]) for name in ("order", "number", "other"))
    near = _alternatives([word for word in data["number"] if len(word) >= _LONG_WORD or not word.isascii()])
    money = _alternatives([*data["money"], *list_currencies()])
    return _Words(
        order=re.compile(order),
        number_before=re.compile(f"(?:{number}){_GAP}$"),
        number_near=re.compile(near),
        other_before=re.compile(f"(?:{other}){_GAP}(?:(?:{number}){_GAP})?$"),
        money_before=re.compile(f"(?:{money})[ .]{{0,2}}$"),
        money_after=re.compile(rf"\s{{0,2}}(?:{money})(?![{LATIN}])"),
    )


def _alternatives(words: list[str]) -> str:
    """A pattern for any of the words; one in Latin letters must begin a word, as others have no spaces."""
    patterns = []
    for word in sorted((fold(word).text for word in words), key=len, reverse=True):
        boundary = rf"(?<![{LATIN}\d])" if _LATIN_LETTER.match(word) else ""
        patterns.append(boundary + re.escape(word))
    return "|".join(patterns)
