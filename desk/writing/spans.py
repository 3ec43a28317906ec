"""Places in a text as a browser counts them: UTF-16 units. Pure."""

from collections.abc import Sequence
from itertools import accumulate


def utf16_offsets(text: str) -> Sequence[int]:
    """By place in Python's text, the place in the browser's; one more than the text has characters."""
    return [0, *accumulate(2 if char > "\uffff" else 1 for char in text)]
