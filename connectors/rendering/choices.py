"""Choices as labels of buttons where all of them fit, else as numbered lines. A title is never cut."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import regex

from connectors.channel import Choice, Outgoing, Words
from connectors.rendering.bidi import with_direction
from connectors.rendering.length import utf16_length

MAX_ID = 200
_SPACES = regex.compile(r"[^\S\u00a0\u202f]+")  # those that hold words together stay


@dataclass(frozen=True)
class Label:
    """What a button says. `full`: the title that its short form stands for; empty: it says the title itself."""

    id: str
    text: str
    full: str = ""


def labels(
    choices: Sequence[Choice], language: str, limit: int, measure: Callable[[str], int] = utf16_length
) -> list[Label] | None:
    """One label per choice, each of 1 to `limit` as `measure` counts, no two alike; None when they cannot all be so."""
    made = [_label(choice, language, limit, measure) for choice in choices]
    known = [label for label in made if label is not None]
    texts = {label.text.casefold() for label in known}
    ids = {label.id for label in known}
    return known if len(texts) == len(ids) == len(made) else None


def first_numbers(rows: Sequence[Outgoing]) -> dict[str, int]:
    """By the row's id, the number of its first choice: the last row begins with 1, as its question is the open one."""
    numbers, number = {}, 1
    for row in reversed(rows):
        numbers[row.id] = number
        number += len(row.choices)
    return numbers


def numbered(choices: Sequence[Choice], words: Words, first: int = 1) -> str:
    """The choices as lines "1. title" under the request to answer with a number; empty when there are none."""
    lines = [f"{number}. {_title(choice)}" for number, choice in enumerate(choices, first)]
    return "\n".join([words.choose, *lines]) if lines else ""


def whole_text(row: Outgoing, words: Words, first: int) -> str:
    """All that `row` says: its text, its choices by number from `first` (0: not at all), the mark as the last line."""
    said = "\n\n".join(filter(None, [row.text.strip(), numbered(row.choices, words, first) if first else ""]))
    return "\n".join(filter(None, [said, row.mark.strip()]))


def _label(choice: Choice, language: str, limit: int, measure: Callable[[str], int]) -> Label | None:
    if not 0 < utf16_length(choice.id) <= MAX_ID:
        return None
    title, short = (with_direction(words, language) for words in (_title(choice), _plain(choice.short)))
    if 0 < measure(title) <= limit:
        return Label(choice.id, title)
    return Label(choice.id, short, title) if 0 < measure(short) <= limit else None


def _title(choice: Choice) -> str:
    return _plain(choice.title) or _plain(choice.short)


def _plain(title: str) -> str:
    return str(_SPACES.sub(" ", title)).strip()
