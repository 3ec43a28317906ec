"""How long a text is, as vendors count."""

import regex


def utf16_length(text: str) -> int:
    """UTF-16 code units of `text`; 0 when it is empty."""
    return len(text) + sum(char > "\uffff" for char in text)


def grapheme_length(text: str) -> int:
    """Grapheme clusters of `text`, what a reader calls characters; 0 when it is empty."""
    return sum(1 for _ in regex.finditer(r"\X", text))
