"""Keeps WhatsApp from reading signs of a text as its formatting, which would take them away from the reader."""

from itertools import pairwise

import regex

from connectors.rendering.items import Span, items

_JOINER = "\u2060"  # invisible, holds its neighbours together
# A pair formats what it encloses when the first sign stands at the beginning or after what is no letter or digit, no
# space is on its inner sides, no line ends in between, and no ASCII letter or digit follows the second.
_OPENING = r"(?<![\p{L}\p{N}\p{M}\u2060])([*_~`])(?=(?:\S|\S[^\n]*?\S)\1(?![A-Za-z0-9]))"
_FENCED = regex.compile(r"(?s)```.+?```")  # several lines, and wherever it stands
_FENCE = r"`(?<=``)|`(?=`)"
_QUOTE = r"(?m)^(?=> )"
_SIGNS = regex.compile(rf"{_OPENING}|{_QUOTE}")
_SIGNS_AND_FENCES = regex.compile(rf"{_OPENING}|{_QUOTE}|{_FENCE}")


def without_markup(text: str) -> str:
    """`text` that reads in WhatsApp as it is written: U+2060 before each sign that would open a format.

    Nothing is inserted inside a link, address, order number or amount; a text without such pairs is unchanged.
    """
    signs = _SIGNS_AND_FENCES if _FENCED.search(text) else _SIGNS
    found = [match.start() for match in signs.finditer(text)]
    spans = items(text) if found else []
    return _with_joiners(text, [at for at in found if not _is_inside(at, spans)])


def _with_joiners(text: str, places: list[int]) -> str:
    bounds = [0, *places, len(text)]
    return _JOINER.join(text[start:end] for start, end in pairwise(bounds))


def _is_inside(place: int, spans: list[Span]) -> bool:
    return any(start < place < end for start, end in spans)
