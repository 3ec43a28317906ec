"""Known words that a typed word may have been meant as: one or two slips of the finger away."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

LEAST_LETTERS = 4  # shorter words are near to too many others
MOST_LETTERS = 32


class NearWords:
    """Finds words by their spelling less a letter. Immutable; may be shared between threads."""

    def __init__(self, words: Iterable[str]) -> None:
        """`words`: folded alike, as is what find() is given."""
        self._by_rest: defaultdict[str, list[str]] = defaultdict(list)
        for word in dict.fromkeys(words):
            if LEAST_LETTERS - 1 <= len(word) <= MOST_LETTERS:
                for rest in _rests(word):
                    self._by_rest[rest].append(word)

    def find(self, word: str, most: int) -> list[tuple[int, str]]:
        """(slips, known word), fewest slips first; empty for a word too short, too long, or like no other.

        A slip is a letter left out, added or replaced, or two neighbours swapped. The first letter, which people look
        at as they type it, stands, unless it was swapped with the second. Of two slips at most one is
        a letter left out.
        """
        if not LEAST_LETTERS <= len(word) <= MOST_LETTERS:
            return []
        found = (
            (slips(word, known, most), known)
            for known in dict.fromkeys(self._candidates(word, most))
            if known[0] == word[0] or known[1::-1] == word[:2]
        )
        return sorted(pair for pair in found if pair[0] <= most)

    def _candidates(self, word: str, most: int) -> Iterator[str]:
        for rest in _rests(word):
            yield from self._by_rest.get(rest, ())
            if most > 1:
                for shorter in _rests(rest):
                    yield from self._by_rest.get(shorter, ())


def slips(typed: str, meant: str, limit: int) -> int:
    """How many slips lead from one word to the other (optimal string alignment); limit + 1 when more than `limit`."""
    if abs(len(typed) - len(meant)) > limit:
        return limit + 1
    before, last = list[int](), list(range(len(meant) + 1))
    for row, letter in enumerate(typed, 1):
        current = [row]
        for column, other in enumerate(meant, 1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == meant[column - 2] and typed[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before, last = last, current
    return last[-1]


def _rests(word: str) -> list[str]:
    """The word, and what is left of it without each of its letters."""
    return [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]
