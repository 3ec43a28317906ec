"""How the platform counts characters where it does not count UTF-16 units."""

import regex  # type: ignore[import-untyped]


def graphemes(text: str) -> int:
    """Grapheme clusters: the unit of labels and of templates' texts. A waving hand with a skin tone is 1."""
    return len(regex.findall(r"\X", text))
