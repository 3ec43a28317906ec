"""Where words begin and end, by script. All texts here are folded (fold.py). Knows scripts, but no language."""

import unicodedata
from enum import IntEnum
from functools import lru_cache

# Written without spaces between words.
UNSPACED = frozenset({"HAN", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR"})
KATAKANA_LETTERS = 4  # fewer than these are not cut out of a longer run: カー is no part of カード
MAX_MARKS = 8  # on one letter; nobody writes more
DIGIT, MARK = "DIGIT", "MARK"

_OPEN = frozenset(" .,;:!?()、。，！？「」")  # the usual neighbours, told without looking their script up
_FIRST_WORDS = {"CJK": "HAN", "IDEOGRAPHIC": "HAN", "KATAKANA-HIRAGANA": "KATAKANA"}
_KANA = ("HIRAGANA", "KATAKANA")
_SECOND_HALVES = frozenset("ァィゥェォッャュョヮーゃゅょゎ")  # lengthen or change the kana before them
_THAI_DEPENDENT = frozenset("ะาำๅ")  # vowels written after their consonant; those above and below are marks
_THAI_LEADING = frozenset("เแโใไ")  # vowels written before it
_THAI_SILENCER = "์"


class Edge(IntEnum):
    """What a position between two characters is."""

    NEVER = 0  # inside a letter, a syllable or a short katakana word
    FREE = 1  # a word may begin and end here
    RUN = 2  # inside a katakana run, where a long word may end
    WORD = 3  # inside a word of a script with spaces: an ending, clitic or compound may still make it right


@lru_cache(maxsize=8192)
def script_of(char: str) -> str:
    """LATIN, HAN, KATAKANA …; DIGIT; MARK for what joins the character before; empty for signs, spaces and nothing."""
    if not char:
        return ""
    category = unicodedata.category(char)
    if category[0] == "M":
        return MARK
    if category == "Nd":
        return DIGIT
    if category[0] != "L" and category != "Nl":
        return ""
    name = unicodedata.name(char, "").split(" ")[0]
    return _FIRST_WORDS.get(name, name)


def edge_at(text: str, at: int) -> Edge:
    """What position `at`, 0 to len(text), is."""
    if at <= 0 or at >= len(text) or text[at] in _OPEN or text[at - 1] in _OPEN:
        return Edge.FREE
    after = script_of(text[at])
    if after == MARK:
        return Edge.NEVER
    before = script_of(text[at - 1])
    if before == MARK:
        before = _script_before(text, at)
    if not before or not after:
        return Edge.WORD if _at_apostrophe(text, at) else Edge.FREE
    if before in _KANA and text[at] in _SECOND_HALVES:
        return Edge.NEVER
    if before != after:
        return Edge.FREE
    if before not in UNSPACED:
        return Edge.WORD
    if before == "THAI" and _splits_thai(text, at):
        return Edge.NEVER
    return Edge.RUN if before == "KATAKANA" else Edge.FREE


def stands_in_run(text: str, start: int, end: int, left: Edge, right: Edge) -> bool:
    """Whether text[start:end] is long enough in katakana at each edge that cuts a katakana run."""
    head, tail = text[start : start + KATAKANA_LETTERS], text[max(start, end - KATAKANA_LETTERS) : end]
    return (left is not Edge.RUN or _long_in_katakana(head)) and (right is not Edge.RUN or _long_in_katakana(tail))


def letters_before(text: str, at: int, limit: int) -> str:
    """The part of the word before the WORD edge `at`, at most `limit` characters; apostrophes inside words count."""
    start, script = at, _script_before(text, at - 1 if text[at - 1] == "'" else at)
    while start > 0 and at - start < limit:
        char = text[start - 1]
        if script_of(char) not in (script, MARK) and not (char == "'" and _script_before(text, start - 1) == script):
            break
        start -= 1
    return text[start:at]


def letters_after(text: str, at: int, limit: int) -> str:
    """The part of the word after the WORD edge `at`, at most `limit` characters; apostrophes inside words count."""
    end, script = at, script_of(text[at + 1 if text[at] == "'" else at])
    while end < len(text) and end - at < limit:
        char = text[end]
        if script_of(char) not in (script, MARK) and not (char == "'" and script_of(text[end + 1 : end + 2]) == script):
            break
        end += 1
    return text[at:end]


def _script_before(text: str, at: int) -> str:
    """The script of the letter that ends at `at`, under its marks; empty when there is none."""
    for index in range(at - 1, max(-1, at - 1 - MAX_MARKS), -1):
        if (script := script_of(text[index])) != MARK:
            return script
    return ""


def _at_apostrophe(text: str, at: int) -> bool:
    """Whether one side of `at` is an apostrophe between two letters of a script."""
    if text[at] == "'":
        letter, other = _script_before(text, at), script_of(text[at + 1 : at + 2])
    elif text[at - 1] == "'":
        letter, other = _script_before(text, at - 1), script_of(text[at])
    else:
        return False
    return letter == other and letter not in ("", DIGIT) and letter not in UNSPACED


def _splits_thai(text: str, at: int) -> bool:
    """Whether `at` falls inside a written syllable: before a dependent vowel or a silenced letter, or after เ."""
    if text[at] in _THAI_DEPENDENT or text[at - 1] in _THAI_LEADING:
        return True
    return _THAI_SILENCER in text[at + 1 : at + 3] and (
        text[at + 1] == _THAI_SILENCER or script_of(text[at + 1]) == MARK
    )


def _long_in_katakana(part: str) -> bool:
    return len(part) == KATAKANA_LETTERS and all(script_of(char) == "KATAKANA" for char in part)
