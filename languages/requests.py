"""Requests for another language in a customer's words: "auf Deutsch bitte", "說中文", "can you speak thai"."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from languages.text import bare, joined, sentences

MAX_REQUEST_CHARS = 80  # a longer sentence says more than a wish for a language
MAX_NAME_WORDS = 4


@dataclass(frozen=True)
class Frames:
    """What may stand before and after a language's name; each side lists the numbers of the frames that it fits."""

    before: Mapping[str, frozenset[int]]
    after: Mapping[str, frozenset[int]]

    def fit(self, before: str, after: str) -> bool:
        """Whether one frame has both sides."""
        return not self.before.get(before, frozenset()).isdisjoint(self.after.get(after, frozenset()))


class Politeness:
    """Words that do not change what a sentence asks for."""

    def __init__(self, phrases: Iterable[str]) -> None:
        listed = list(phrases)
        self._spaced = frozenset(map(bare, listed))
        self._joined = tuple(sorted(map(joined, listed), key=len, reverse=True))
        self._longest = max((len(phrase.split()) for phrase in self._spaced), default=0)

    def without(self, words: list[str]) -> list[str]:
        """`words` without polite ones."""
        kept: list[str] = []
        at = 0
        while at < len(words):
            sizes = range(min(self._longest, len(words) - at), 0, -1)
            size = next((size for size in sizes if " ".join(words[at : at + size]) in self._spaced), 0)
            if not size:
                kept.append(words[at])
            at += size or 1
        return kept

    def cut(self, text: str) -> str:
        """`text` of a script without spaces, polite words cut off at both ends."""
        while found := next((word for word in self._joined if text.startswith(word)), ""):
            text = text[len(found) :]
        while found := next((word for word in self._joined if text.endswith(word)), ""):
            text = text[: -len(found)]
        return text


class RequestFinder:
    """Finds requests for a language.

    `names` maps a name as `bare` writes it to the languages it may mean; `spaced` and `spaceless` are the frames of
    languages written with and without spaces.
    """

    def __init__(
        self, names: Mapping[str, tuple[str, ...]], spaced: Frames, spaceless: Frames, politeness: Politeness
    ) -> None:
        self._names = names
        self._joined_names = {joined(name): codes for name, codes in names.items()}
        self._longest_joined = max(map(len, self._joined_names), default=0)
        self._spaced, self._spaceless, self._politeness = spaced, spaceless, politeness

    def find(self, text: str) -> tuple[str, ...]:
        """Codes that the language asked for may have; empty when `text` asks for none."""
        short = (sentence for sentence in sentences(text) if len(sentence) <= MAX_REQUEST_CHARS)
        return next((codes for sentence in short if (codes := self._in_sentence(sentence))), ())

    def _in_sentence(self, sentence: str) -> tuple[str, ...]:
        words = self._politeness.without(bare(sentence).split())
        for start, end in _slices(len(words), MAX_NAME_WORDS):
            codes = self._names.get(" ".join(words[start:end]), ())
            if codes and self._spaced.fit(" ".join(words[:start]), " ".join(words[end:])):
                return codes
        return self._in_joined(self._politeness.cut(joined(sentence)))

    def _in_joined(self, text: str) -> tuple[str, ...]:
        if text.isascii():
            return ()
        for start, end in _slices(len(text), self._longest_joined):
            codes = self._joined_names.get(text[start:end], ())
            if codes and self._spaceless.fit(text[:start], text[end:]):
                return codes
        return ()


def _slices(length: int, longest: int) -> Iterator[tuple[int, int]]:
    """All (start, end) of at most `longest` items, the longest first."""
    for size in range(min(longest, length), 0, -1):
        for start in range(length - size + 1):
            yield start, start + size
