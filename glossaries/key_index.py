"""Every place of many keys in a text at once: the one file that knows pyahocorasick."""

import re
from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

import ahocorasick

_ASTRAL = re.compile("[\uffff\U00010000-\U0010ffff]")
_STAND_IN = "\uffff"  # for a character of four bytes; what it was is looked up afterwards

Value = TypeVar("Value")


class KeyIndex(Generic[Value]):
    """Values by key, found wherever their key stands. Immutable; may be shared between threads.

    pyahocorasick goes through the branches of a node one by one, and Chinese keys begin with thousands of characters.
    So characters go in as two bytes each, and no node has more than 256 branches.
    """

    def __init__(self, values: Mapping[str, Value]) -> None:
        """`values`: by key, none of them empty."""
        self._automaton = ahocorasick.Automaton()
        self._astral = {key: value for key, value in values.items() if _ASTRAL.search(key)}
        for key, value in values.items():
            self._automaton.add_word(_units(key), (len(key), key in self._astral, value))
        self._automaton.make_automaton()

    def occurrences(self, text: str) -> Iterator[tuple[int, int, Value]]:
        """(start, end, value) of every key in `text`, in order of their ends; overlapping ones too."""
        if not len(self._automaton):
            return
        for at, (length, astral, value) in self._automaton.iter(_units(text)):
            end, first_byte = divmod(at + 1, 2)
            start = end - length
            if first_byte or (astral and text[start:end] not in self._astral):
                continue
            yield start, end, self._astral[text[start:end]] if astral else value


def _units(text: str) -> str:
    """Two bytes for each character, as characters below 256."""
    units = text.encode("utf-16-be", "surrogatepass").decode("latin-1")
    return units if len(units) == 2 * len(text) else _units(_ASTRAL.sub(_STAND_IN, text))
