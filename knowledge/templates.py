"""Texts with {placeholders}: taking them apart and filling them in."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from glossaries.write_term import REFERENCE, TermReference

_PLACEHOLDER = re.compile(rf"\{{({REFERENCE}|[a-z][a-z0-9_]*)\}}")

_ONE_STOP = re.compile(r"\.(?!\.)")
_MARKS = "\u200e\u200f\u2069"  # direction marks, which are not seen


@dataclass(frozen=True)
class Template:
    """A text taken apart: `parts` holds literal text at even places and placeholder names at odd ones."""

    parts: tuple[str, ...]

    @property
    def names(self) -> frozenset[str]:
        """The names of the values that the text needs; its terms come from the glossary."""
        return frozenset(part for part in self.parts[1::2] if TermReference.parse(part) is None)

    @property
    def terms(self) -> tuple[TermReference, ...]:
        """The glossary's terms in the text, in order."""
        return tuple(found for part in self.parts[1::2] if (found := TermReference.parse(part)))

    @property
    def stray_braces(self) -> bool:
        """Whether a brace stands outside a placeholder, as in "{Brand}" or "{brand"."""
        return any("{" in literal or "}" in literal for literal in self.parts[::2])

    @property
    def literal(self) -> str:
        """The text without its placeholders."""
        return " ".join(self.parts[::2])

    def fill(self, value: Callable[[str], str]) -> str:
        """The text with `value(name)` in each placeholder's place; braces inside a value stay as they are.

        Where a value ends in a full stop ("5:00 p.m."), the sentence's own full stop after it is left out.
        """
        pieces: list[str] = []
        for place, part in enumerate(self.parts):
            if place % 2:
                pieces.append(value(part))
            elif pieces and _ONE_STOP.match(part) and pieces[-1].rstrip(_MARKS).endswith("."):
                pieces.append(part[1:])
            else:
                pieces.append(part)
        return "".join(pieces)


def parse_template(text: str) -> Template:
    """The text taken apart; never fails, see `stray_braces`."""
    return Template(tuple(_PLACEHOLDER.split(text)))
