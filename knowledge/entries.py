"""The knowledge base's own types: what the company answers, in every language."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Variant:
    """An answer used instead of the default where the market's flag `when` is true."""

    when: str
    answer: str


@dataclass(frozen=True)
class FaqText:
    """An entry in one language."""

    language: str  # content code: en, zh-Hant …
    title: str
    questions: tuple[str, ...]
    answer: str
    variants: tuple[Variant, ...] = ()
    short: str = (
        ""  # the title for a button of a channel that allows no more than lint_text.SHORT; empty: none is written
    )
    line: int = field(default=0, compare=False)  # where it stands in its file; 0: not read from a file


@dataclass(frozen=True)
class FaqEntry:
    """One approved answer, reached by its questions."""

    id: str
    texts: Mapping[str, FaqText]  # by language
    markets: frozenset[str] | None = None  # None: every market
