"""Texts that are changed a little before they leave (direction marks) and must fit with that."""

from collections.abc import Callable

from connectors.rendering.length import utf16_length
from connectors.rendering.split import split_spans, split_text

Dress = Callable[[str], str]  # adds invisible marks; takes nothing away


def fit(text: str, limit: int, dress: Dress) -> list[str]:
    """The dressed parts of `text` in order, each at most `limit` UTF-16 units; empty when there is only white space."""
    room = limit
    while True:
        parts = [dress(part) for part in split_text(text, room)]
        excess = max(map(utf16_length, parts), default=0) - limit
        if excess <= 0:
            return parts
        room -= excess


def fit_tail(text: str, limit: int, dress: Dress) -> tuple[str, str]:
    """What of `text` comes first, not dressed, and a dressed last part of at most `limit` UTF-16 units."""
    room = limit
    while True:
        spans = split_spans(text, room)
        if not spans:
            return "", ""
        tail = dress(text[slice(*spans[-1])])
        excess = utf16_length(tail) - limit
        if excess <= 0:
            return (text[spans[0][0] : spans[-2][1]] if len(spans) > 1 else ""), tail
        room -= excess
