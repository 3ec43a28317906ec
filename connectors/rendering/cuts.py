"""Where a text may be cut, and how good each place is."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from itertools import accumulate

import regex

from connectors.rendering.items import Span, isolates, items, tokens


class Level(IntEnum):
    """How much a cut disturbs, the least first."""

    PARAGRAPH = 0
    LINE = 1
    SENTENCE = 2
    WORD = 3


@dataclass(frozen=True)
class Cut:
    """One part ends before text[end], the next begins at text[start]; between them is only white space."""

    end: int
    start: int
    level: Level


_SPACES = regex.compile(r"\s+")
_NO_BREAK = frozenset("\u00a0\u202f\u2007")
_NEWLINE = regex.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_CLOSING = r"[\p{Pe}\p{Pf}\"'”’»*_~\u2069\u200f\u200e]*"
_SENTENCE_END = regex.compile(rf"(?:[!?…。！？؟۔｡．।॥‽]|(?<!\.)\.|\.{{3}}){_CLOSING}\Z")
# Before a small letter or a digit a full stop belongs to an abbreviation: "Nr. 5", "e.g. this".
_GOES_ON = regex.compile(r"[\p{Ll}\d]")
_STOP = regex.compile(rf"\.{_CLOSING}\Z")
_UNMARKED = regex.compile(r"[\p{Thai}\p{Lao}]\p{M}*\Z")  # scripts that end a sentence with a space
_UNSPACED_END = regex.compile(
    rf"(?:[。！？｡]{_CLOSING}|[!?…]{_CLOSING}(?=[\p{{Han}}\p{{Hiragana}}\p{{Katakana}}]))"
    r"(?![\s\p{Pe}\p{Pf}\p{M}。！？｡…])"
)
_UNSPACED_CLAUSE = regex.compile(r"[、，；：](?![\s\p{Pe}\p{Pf}\p{M}])")
_WORD_EDGE = regex.compile(r"(?w)\b(?![\p{Pe}\p{Pf}\p{Po}])(?<![\p{Ps}\p{Pi}])")
_LOOK_BACK = 12


class Cuttable:
    """A text with its places to cut, found once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._units = [0, *accumulate(2 if char > "\uffff" else 1 for char in text)]
        self._graphemes = [0, *(match.end() for match in regex.finditer(r"\X", text))]
        self._edges = frozenset(self._graphemes)
        self._hard = _inside([*items(text), *isolates(text)], len(text))
        self.cuts = sorted(self._spaced() + self._unspaced(), key=lambda cut: cut.start)

    def ends(self) -> Span:
        """The text without white space around it; a space that carries a mark is part of it."""
        start, end = len(self.text) - len(self.text.lstrip()), len(self.text.rstrip())
        while start not in self._edges:
            start -= 1
        while end not in self._edges:
            end += 1
        return start, end

    def units(self, start: int, end: int) -> int:
        """UTF-16 units of text[start:end]."""
        return self._units[end] - self._units[start]

    def reach(self, start: int, limit: int) -> int:
        """The furthest position that is at most `limit` units from `start`."""
        return bisect_right(self._units, self._units[start] + limit) - 1

    def rest(self, end: int, limit: int) -> int:
        """The first position that is at most `limit` units from `end`."""
        return bisect_left(self._units, self._units[end] - limit)

    def inside_word(self, start: int, highs: Iterable[int]) -> int:
        """The last position after `start` and up to one of `highs`, where cutting a word disturbs least."""
        soft, hard, nothing = self._soft, self._hard, bytes(len(self.text) + 1)
        ways = ((self._words, soft), (self._graphemes, soft), (self._graphemes, hard), (self._graphemes, nothing))
        tops = tuple(highs)
        for positions, barred in ways:
            for high in tops:
                if found := _last(positions, barred, start, high):
                    return found
        return tops[-1]  # one grapheme is longer than the limit

    @cached_property
    def _words(self) -> list[int]:
        return [match.start() for match in _WORD_EDGE.finditer(self.text) if match.start() in self._edges]

    @cached_property
    def _soft(self) -> bytes:
        return _inside([*items(self.text), *isolates(self.text), *tokens(self.text)], len(self.text))

    def _spaced(self) -> list[Cut]:
        return [
            Cut(end, start, self._level(end, start))
            for match in _SPACES.finditer(self.text)
            for end, start in [self._on_edges(*match.span())]
            if not set(self.text[end:start]) <= _NO_BREAK and self._is_free(end, start)
        ]

    def _unspaced(self) -> list[Cut]:
        return [
            Cut(match.end(), match.end(), level)
            for pattern, level in ((_UNSPACED_END, Level.SENTENCE), (_UNSPACED_CLAUSE, Level.WORD))
            for match in pattern.finditer(self.text)
            if match.end() < len(self.text) and match.end() in self._edges and self._is_free(match.end(), match.end())
        ]

    def _on_edges(self, end: int, start: int) -> tuple[int, int]:
        """The run of spaces text[end:start] without those that are part of a grapheme with other characters."""
        while end < start and end not in self._edges:
            end += 1
        while end < start and start not in self._edges:
            start -= 1
        return end, start

    def _is_free(self, end: int, start: int) -> bool:
        return not self._hard[end] and not self._hard[start]

    def _level(self, end: int, start: int) -> Level:
        newlines = len(_NEWLINE.findall(self.text, end, start))
        if newlines:
            return Level.PARAGRAPH if newlines > 1 else Level.LINE
        before, after = self.text[max(0, end - _LOOK_BACK) : end], self.text[start : start + 1]
        if _SENTENCE_END.search(before):
            return Level.WORD if _STOP.search(before) and _GOES_ON.match(after) else Level.SENTENCE
        return Level.SENTENCE if _UNMARKED.search(before) and _UNMARKED.search(after) else Level.WORD


def _inside(spans: Iterable[Span], length: int) -> bytes:
    """1 at each position that lies within a span, not at its ends."""
    barred = bytearray(length + 1)
    for start, end in spans:
        barred[start + 1 : end] = b"\x01" * (end - start - 1)
    return bytes(barred)


def _last(positions: list[int], barred: bytes, start: int, high: int) -> int:
    """The last of sorted `positions` in (start, high] that is not barred; 0: there is none."""
    for index in range(bisect_right(positions, high) - 1, -1, -1):
        if positions[index] <= start:
            return 0
        if not barred[positions[index]]:
            return positions[index]
    return 0
