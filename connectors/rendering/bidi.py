"""Right-to-left lines that begin with something else are marked, so that every client shows them right to left."""

from functools import lru_cache

import regex
from babel import Locale, localedata

_RLM = "\u200f"
_FIRST = regex.compile(r"[\p{L}\p{N}\u200f\u202b\u2067\u061c]")
_RTL_LETTER = regex.compile(r"[\p{bc=R}\p{bc=AL}]")
_LINE = regex.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
_MARKED = regex.compile(r"[\u200f\u202b\u2067\u061c\p{bc=R}\p{bc=AL}]")


def with_direction(text: str, language: str) -> str:
    """`text` with U+200F before each line of a right-to-left language that begins with a Latin letter or a digit.

    Clients take the direction of a line from its first letter, some from its first sign. Lines without any letter of a
    right-to-left script, such as a link alone, stay as they are, and so does everything inside a line.
    """
    if not _is_right_to_left(language):
        return text
    return str(_LINE.sub(lambda line: _marked(line[0]), text))


def _marked(line: str) -> str:
    first = _FIRST.search(line)
    if first is None or _MARKED.match(first[0]) or not _RTL_LETTER.search(line):
        return line
    return _RLM + line


@lru_cache(maxsize=64)
def _is_right_to_left(language: str) -> bool:
    """What CLDR says of the language, or of its script where it knows that; no for one that it does not know."""
    known = (name for name in (language.replace("-", "_"), language.split("-")[0]) if name and localedata.exists(name))
    name = next(known, None)
    return name is not None and Locale.parse(name).character_order == "right-to-left"
