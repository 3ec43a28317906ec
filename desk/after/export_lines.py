"""Text as lines of a page: what no font draws is left out, and lines end where the script lets them. Pure."""

import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import regex

from desk.after.export_fonts import KEPT

BREAK = "\u200b"
LONG_RUN = 24  # clusters without a space that a line may have to be broken in
TOGETHER = 4  # clusters between two such places
MOST_NEUTRAL = 400  # characters without a letter: fpdf2 looks for the next letter by recursion
MOST_BLANK = 2  # empty lines one after the other
_STRONG = ("L", "R", "AL")
_CLUSTER = regex.compile(r"\X")
_PIECE = regex.compile(f"([^ {BREAK}]*)([ {BREAK}]?)")
_SPACELESS = regex.compile(r"[\p{Thai}\p{Lao}\p{Khmer}]+")
_IDEOGRAPH = regex.compile(
    r"(?<=[\p{Han}\p{Hiragana}\p{Katakana}ー、。，．！？：；」』）】])(?=[\p{Han}\p{Hiragana}\p{Katakana}「『（【])"
)
WidthOf = Callable[[str], float]


def visible(text: str) -> str:
    """The text without what no font draws: controls, direction marks, picture selectors."""
    kept = (char for char in text.replace("\t", " ") if char in KEPT or char == "\n" or _is_drawn(char))
    return "".join(kept)


def lay_out(text: str, width_of: WidthOf, most: float) -> Iterator[str]:
    """`text` as lines that are at most `most` wide, in the unit of `width_of`; empty ones where a line is left free.

    Very long stretches without a letter, and very many empty lines, are cut.
    """
    blank = 0
    for line in text.split("\n"):
        blank = 0 if line.strip() else blank + 1
        if line.strip():
            for part in _cut(line):
                yield from wrap(_breakable(part), width_of, most)
        elif blank <= MOST_BLANK:
            yield ""


def wrap(text: str, width_of: WidthOf, most: float) -> Iterator[str]:
    """One line of text as lines that are at most `most` wide; a word that is wider is broken between clusters."""
    line, used = "", 0.0
    for word, gap in _PIECE.findall(text):
        width = width_of(word) if word else 0.0
        if line and word and used + width > most:
            yield line.rstrip(" ")
            line, used = "", 0.0
        if width > most:
            *full, word = _broken(word, width_of, most)
            yield from full
            width = width_of(word)
        line += word + gap.replace(BREAK, "")
        used += width + (width_of(gap) if gap == " " else 0.0)
    if line.strip():
        yield line.rstrip(" ")


def _broken(word: str, width_of: WidthOf, most: float) -> Iterator[str]:
    part, used = "", 0.0
    for cluster in _CLUSTER.findall(word):
        width = width_of(cluster)
        if part and used + width > most:
            yield part
            part, used = "", 0.0
        part += cluster
        used += width
    yield part


def _is_drawn(char: str) -> bool:
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs") and not "\ufe00" <= char <= "\ufe0f"


def _cut(line: str) -> Iterator[str]:
    begin = neutral = 0
    for at, char in enumerate(line, 1):
        neutral = 0 if unicodedata.bidirectional(char) in _STRONG else neutral + 1
        if neutral == MOST_NEUTRAL:
            yield line[begin:at]
            begin, neutral = at, 0
    yield line[begin:]


def _breakable(text: str) -> str:
    """The text with places for line ends where its script has no spaces; never within a cluster."""
    text = _SPACELESS.sub(_with_breaks, text)
    return str(_IDEOGRAPH.sub(BREAK, text))


def _with_breaks(match: Any) -> str:
    clusters = _CLUSTER.findall(match.group())
    if len(clusters) <= LONG_RUN:
        return str(match.group())
    return BREAK.join("".join(clusters[at : at + TOGETHER]) for at in range(0, len(clusters), TOGETHER))
