"""What the gate finds, and what it needs to look. The check itself is in check.py."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from glossaries.model import Match, TermSet


class Kind(StrEnum):
    """What is wrong with a text."""

    FORBIDDEN_TERM = "forbidden_term"
    REQUIRED_TERM = "required_term"  # a term of the source is missing, or stands in a form that nobody confirmed
    DO_NOT_TRANSLATE = "do_not_translate"  # a name was altered
    MASKED_ITEM = "masked_item"  # an order number, link, amount, date, phone, e-mail or placeholder changed or got lost
    LANGUAGE = "language"  # another language or script than the customer's
    EMPTY = "empty"
    DEGENERATE = "degenerate"  # repetition, or a length out of all proportion to the source


@dataclass(frozen=True)
class Violation:
    """text[start:end] must not leave so; an empty span concerns the text as a whole."""

    kind: Kind
    start: int
    end: int
    found: str  # text[start:end], or the item of the source that is missing
    reason: str  # for an agent: the editor's reason, or what is missing
    concept: str = ""
    fix: str | None = None  # what to put in the span's place; None: a person must decide

    def to_json(self) -> dict[str, Any]:
        """All fields as JSON; no `fix` when there is none."""
        return {key: value for key, value in vars(self).items() if value is not None}


@dataclass(frozen=True)
class Source:
    """The text that was translated."""

    text: str
    language: str  # content code


class Matcher(Protocol):
    """glossaries.matcher.TermMatcher."""

    def find(self, text: str, context: Collection[str] = ()) -> Sequence[Match]:
        """Terms in `text`, in order and without overlap."""

    def find_all(self, text: str, context: Collection[str] = ()) -> Sequence[Match]:
        """Terms in `text`, also those inside longer ones."""


class GateRelease(Protocol):
    """What the gate needs of a release."""

    @property
    def id(self) -> str:
        """Name of the release, stored with each message."""

    @property
    def names(self) -> Sequence[str]:
        """Product and brand names, which no language step touches."""

    def required(self, concept: str) -> bool:
        """Whether a translation must carry `concept`."""

    def terms(self, market: str, language: str) -> TermSet:
        """The market's terms in `language` as they hold today."""

    def matcher(self, market: str, language: str) -> Matcher:
        """Finds those terms in a text."""

    def speaks(self, text: str, language: str) -> bool | None:
        """Whether `text` is in `language`; None when that cannot be said, as with very short texts."""
