"""Faults of a single text: spaces, characters that nobody sees, letters of two alphabets in a word. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from babel.core import get_global

_JOINERS = "\u200c\u200d"  # part of the spelling in some scripts, and of emoji
_CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff\U000e0000-\U000e0fff"
_HIDDEN = "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2800\u3164\uffa0\ue000-\uf8ff"
_FILLER = re.compile("[\u115f\u1160\u3164\uffa0]")  # letters to Unicode, nothing to the eye
_SPACES = "\t\n\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_ODD = re.compile(f"[{_CONTROLS}{_HIDDEN}{_SPACES}]|  |(?<=[A-Za-z\xc0-\u024f])[{_JOINERS}]")
_ODD_IN_NOTE = re.compile(f"[{_CONTROLS}]")
_WORD = re.compile(r"\w+")
# Alphabets with look-alike letters; Unicode names begin so → ISO 15924.
_ALPHABETS = {
    "LATIN": "Latn", "CYRILLIC": "Cyrl", "GREEK": "Grek", "ARMENIAN": "Armn", "GEORGIAN": "Geor", "CHEROKEE": "Cher",
    "COPTIC": "Copt", "LISU": "Lisu", "DESERET": "Dsrt",
}  # fmt: skip
# Cheap look before the dear one: letters that can be mistaken, and those of another width.
_LOOK_TWICE = re.compile(
    "[\u0370-\u052f\u0531-\u0587\u10a0-\u10ff\u13a0-\u13ff\u1c80-\u1cbf\u2c80-\u2cff\ua4d0-\ua4ff\uab70-\uabbf"
    "\uff10-\uff5a\uff66-\uff9d\U00010400-\U0001044f]"
)
_WORDLESS = re.compile(r"(?:^|\|)[\W_]*(?:\||$)")
_FULL_WIDTH = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_HALF_KANA, _KANA = re.compile("[\uff66-\uff9d]"), re.compile("[\u3041-\u30fa]")


def seems_right(texts: Iterable[str]) -> bool:
    """Whether none of the texts can have a problem that `term_problems` tells; a quick look at all of them at once."""
    joined = "|".join(texts)
    if "  " in joined:
        return False
    if joined.replace("|", "").replace(" ", "").isalpha():
        return joined.isascii() or not (_LOOK_TWICE.search(joined) or _FILLER.search(joined))
    return not (_ODD.search(joined) or _WORDLESS.search(joined) or _LOOK_TWICE.search(joined))


def term_problems(text: str, language: str) -> Iterator[str]:
    """What is wrong with a term, form or replacement, one message with its remedy each."""
    if _ODD.search(text):
        yield from _odd_problems(text)
    if not text.isascii() and _LOOK_TWICE.search(text):
        yield from _letter_problems(text, language)
    if not any(map(str.isalnum, text)):
        yield f"{text!r} has no letter and no digit, so it never matches; remove it"


def note_problem(text: str) -> str:
    """What is wrong with a text for people: characters that turn it round or are not text; empty when nothing is."""
    if found := _ODD_IN_NOTE.findall(text):
        return f"has invisible characters ({_names(found)}); remove them"
    return ""


@lru_cache(maxsize=256)
def script_of(language: str) -> str:
    """ISO 15924 code of the script that `language` is written in; Latn when unknown."""
    key = language.replace("-", "_")
    return next((part for part in get_global("likely_subtags").get(key, key).split("_") if len(part) == 4), "Latn")


def _odd_problems(text: str) -> Iterator[str]:
    if text != text.strip():
        yield f"{text!r} starts or ends with a space; remove it"
    found = _ODD.findall(text)
    if "  " in found:
        yield f"{text!r} has two spaces in a row; keep one"
    if hidden := [char for char in found if char != "  "]:
        yield f"{text!r} has invisible characters or unusual spaces ({_names(hidden)}); retype it"


def _letter_problems(text: str, language: str) -> Iterator[str]:
    for word in _WORD.findall(text):
        alphabets = {alphabet: char for char in word if (alphabet := _alphabet(char))}
        foreign = [char for alphabet, char in alphabets.items() if alphabet not in ("Latn", script_of(language))]
        if len(alphabets) > 1:
            odd = foreign or [char for alphabet, char in alphabets.items() if alphabet != script_of(language)]
            yield f"{word!r} mixes letters of two alphabets ({_names(odd)}); retype the word"
        elif foreign:
            yield f"{word!r} has letters that {language!r} does not use ({_names(foreign)}); retype the word"
        if _FULL_WIDTH.search(word) and any(char.isascii() and char.isalnum() for char in word):
            yield f"{word!r} mixes full-width and ordinary letters; retype the word in one width"
        if _HALF_KANA.search(word) and _KANA.search(word):
            yield f"{word!r} mixes half-width and ordinary kana; retype the word in one width"


def _alphabet(char: str) -> str:
    return _ALPHABETS.get(unicodedata.name(char, "").split(" ")[0], "") if char.isalpha() else ""


def _names(characters: list[str]) -> str:
    distinct = sorted(set(characters))[:5]
    return ", ".join(f"U+{ord(char):04X} {unicodedata.name(char, '')}".strip() for char in distinct)
