"""Text made comparable, one character for one, with the way back to the original positions."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

MAX_CHARS = 10_000
_DASHES = frozenset("‐‑‒–—―−﹘﹣－ー")


def normalise_digits(text: str) -> str:
    """`text` with the decimal digits of every script (full-width, Arabic, Thai, Devanagari …) as 0-9.

    The length stays the same, and so does everything that is no digit.
    """
    return "".join(char if char.isascii() else str(unicodedata.decimal(char, char)) for char in text)


@dataclass(frozen=True)
class Folded:
    """Lower-case text in plain characters; `positions[i]` is where character i stood in the original."""

    text: str
    positions: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Span in the original of the folded span `start` to `end`, which is not empty."""
        return self.positions[start], self.positions[end - 1] + 1


def fold(text: str) -> Folded:
    """The first 10,000 characters of `text` folded: digits and full-width letters plain, marks of direction gone."""
    text = text[:MAX_CHARS]
    if text.isascii():
        return Folded(text.lower(), tuple(range(len(text))))
    chars: list[str] = []
    positions: list[int] = []
    for position, char in enumerate(text):
        plain = _plain(char)
        if plain:
            chars.append(plain)
            positions.append(position)
    return Folded("".join(chars), tuple(positions))


@lru_cache(4_096)
def _plain(char: str) -> str:
    if char.isascii():
        return char.lower()
    if char in _DASHES:
        return "-"
    category = unicodedata.category(char)
    if category == "Cf":  # direction marks and joiners, which phones put between digits
        return ""
    if category == "Zs":
        return " "
    plain = unicodedata.normalize("NFKC", char).lower()
    # Only one for one: № would become two letters and shift every position.
    return normalise_digits(plain) if len(plain) == 1 else char
