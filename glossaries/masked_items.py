"""Whether a translation carries every item that no step may change: numbers, links, amounts, dates."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from glossaries.item_readings import Reading, Sure, level, read_numbers, read_signed, read_worded
from glossaries.item_rules import NEAR, ItemRules, load_item_rules, load_number_words
from glossaries.masks import Span, blank_out, mask_spans
from glossaries.violations import Kind, Source, Violation

_DIGITS = re.compile(r"\D+")
_TIME_RANGE = re.compile(r"\d{1,2}[.:]\d{2}\s?[-–]\s?\d{1,2}[.:]\d{2}")
_IGNORED = frozenset({"emoji", "name"})  # names are the glossary's
_READ = frozenset({"amount", "date", "time", "number"})  # compared by value
WRITTEN_OUT = 12  # numbers up to this are written as words in many languages
# Which readings of the two texts are tried on each other, one after the other.
_ROUNDS = (
    (Sure.CERTAIN, Sure.CERTAIN), (Sure.CERTAIN, Sure.WORDED), (Sure.WORDED, Sure.CERTAIN),
    (Sure.CERTAIN, Sure.BARE), (Sure.BARE, Sure.CERTAIN), (Sure.WORDED, Sure.WORDED),
)  # fmt: skip

Item = tuple[str, str]  # kind, value without its local spelling


@dataclass(frozen=True)
class _Side:
    """One of the two texts."""

    text: str  # levelled
    spans: Sequence[Span]  # that are the same letter for letter, or nearly
    plain: str  # `text` without these
    readings: Sequence[Reading]
    used: bytearray  # which characters have been read

    def is_free(self, reading: Reading) -> bool:
        return not any(self.used[reading.start : reading.end])

    def use(self, reading: Reading) -> None:
        self.used[reading.start : reading.end] = b"\x01" * (reading.end - reading.start)


def compare_items(text: str, language: str, source: Source, names: Sequence[str]) -> list[Violation]:
    """What is lost, changed or invented in `text`, a translation of `source`; empty when all is there."""
    here = _side(text, names, load_item_rules(language))
    there = _side(source.text, names, load_item_rules(source.language))
    found = list(_exact(here, there))
    for sure_here, sure_there in _ROUNDS:
        _pair(here, there, sure_here, sure_there)
    found += [_lost((one.kind, ""), source.text[one.start : one.end]) for one in _left(there)]
    found += [_invented(text, Span(one.kind, one.start, one.end)) for one in _left(here)]
    return found + list(_numbers(text, language, here, source, there))


def open_placeholders(text: str) -> list[Violation]:
    """Placeholders that nobody filled."""
    if "{" not in text:
        return []
    spans = [span for span in mask_spans(text) if span.kind == "placeholder"]
    return [_invented(text, span, "a placeholder that nobody filled") for span in spans]


def _side(text: str, names: Sequence[str], rules: ItemRules) -> _Side:
    text = level(text)
    spans = [span for span in mask_spans(text, names) if not _is_time_range(text, span)]
    exact = [span for span in spans if span.kind not in _READ]
    plain = blank_out(text, exact)
    signed = [span for span in spans if span.kind in ("amount", "date") and not _goes_on(plain, span, rules)]
    rest = blank_out(plain, signed)
    worded = list(read_worded(rest, rules))
    bare = [one for one in read_numbers(rest, rules) if not _is_part_of_another(one, worded)]
    amounts = [Reading("amount", one.start, one.end, one.values, Sure.BARE) for one in bare]
    readings = [*read_signed(plain, signed, rules), *worded, *amounts]
    return _Side(text, exact, plain, readings, bytearray(len(text)))


def _is_part_of_another(number: Reading, worded: Iterable[Reading]) -> bool:
    """Whether the number belongs to a date or time beyond doubt: the 3 of 3 May is no amount."""
    return any(one.sure is Sure.CERTAIN and one.start < number.end and number.start < one.end for one in worded)


def _goes_on(text: str, span: Span, rules: ItemRules) -> bool:
    """Whether a number goes on in `span`: the 2500円 of 1万2500円."""
    return rules.multiple_before.search(text[max(0, span.start - NEAR) : span.start]) is not None


def _is_time_range(text: str, span: Span) -> bool:
    return span.kind == "phone" and _TIME_RANGE.fullmatch(text, span.start, span.end) is not None


def _pair(here: _Side, there: _Side, sure_here: Sure, sure_there: Sure) -> None:
    """Takes out of both texts what means the same in the readings that are so sure."""
    waiting: defaultdict[Item, list[Reading]] = defaultdict(list)
    for reading in here.readings:
        if reading.sure is sure_here:
            for value in reading.values:
                waiting[reading.kind, value].append(reading)
    for options in waiting.values():
        options.reverse()
    for reading in sorted(there.readings, key=lambda one: len(one.values)):  # the least ambiguous first
        if reading.sure is sure_there and there.is_free(reading):
            other = _partner(reading, waiting, here)
            if other:
                here.use(other)
                there.use(reading)


def _partner(reading: Reading, waiting: Mapping[Item, list[Reading]], here: _Side) -> Reading | None:
    for value in sorted(reading.values):
        options = waiting.get((reading.kind, value), [])
        while options and not here.is_free(options[-1]):
            options.pop()
        if options and _in_one_currency(options[-1], reading):
            return options.pop()
    return None


def _in_one_currency(one: Reading, other: Reading) -> bool:
    return not one.currencies or not other.currencies or bool(one.currencies & other.currencies)


def _left(side: _Side) -> list[Reading]:
    """Certain readings that the other text does not have."""
    left = []
    for reading in side.readings:
        if reading.sure is Sure.CERTAIN and side.is_free(reading):
            side.use(reading)
            left.append(reading)
    return left


def _digits(text: str) -> str:
    return _DIGITS.sub("", text)


_VALUES: Mapping[str, Callable[[str], str]] = {
    "order": _digits,
    "phone": _digits,
    "email": str.casefold,
    "sku": str.upper,
    "tracking": str.upper,
}


# "#48213377" is "n.º 48213377" elsewhere, which looks like a telephone number.
_KINDS = {"order": "number", "phone": "number"}


def _exact(here: _Side, there: _Side) -> Iterator[Violation]:
    """Order numbers, links, addresses and the like that are lost or new."""
    items, source_items = _items(here), _items(there)
    lost = Counter(item for item, _ in source_items) - Counter(item for item, _ in items)
    new = Counter(item for item, _ in items) - Counter(item for item, _ in source_items)
    yield from (_lost(item, there.text[span.start : span.end]) for item, span in source_items if _take(lost, item))
    yield from (_invented(here.text, span) for item, span in items if _take(new, item))


def _items(side: _Side) -> list[tuple[Item, Span]]:
    found = ((span, side.text[span.start : span.end]) for span in side.spans if span.kind not in _IGNORED)
    return [((_KINDS.get(span.kind, span.kind), _VALUES.get(span.kind, str)(item)), span) for span, item in found]


def _take(counter: Counter[Item], item: Item) -> bool:
    if counter[item] <= 0:
        return False
    counter[item] -= 1
    return True


def _lost(item: Item, original: str) -> Violation:
    return Violation(Kind.MASKED_ITEM, 0, 0, original, f"the {item[0]} {original!r} of the original is missing")


def _invented(text: str, span: Span, reason: str = "") -> Violation:
    found = text[span.start : span.end]
    return Violation(
        Kind.MASKED_ITEM, span.start, span.end, found, reason or f"the {span.kind} {found!r} is not in the original"
    )


def _numbers(text: str, language: str, here: _Side, source: Source, there: _Side) -> Iterator[Violation]:
    """Plain numbers: none may be lost and none may be new; small ones may be written as words."""
    left = _left_numbers(here, load_item_rules(language)), _left_numbers(there, load_item_rules(source.language))
    new, lost = _unpaired(*left)
    for reading in lost:
        if not _is_said(reading, text, language):
            yield _lost(("number", ""), there.text[reading.start : reading.end])
    for reading in new:
        if not _is_said(reading, source.text, source.language):
            yield _invented(text, Span("number", reading.start, reading.end))


def _is_said(reading: Reading, text: str, language: str) -> bool:
    """Whether `text` writes the small number as a word; taken to be so where the words are not known, and for 1."""
    if not _is_small(reading):
        return False
    words = load_number_words(language)
    return any(int(value) < 2 or not words or words[int(value)].search(text) for value in reading.values)


def _left_numbers(side: _Side, rules: ItemRules) -> list[Reading]:
    used = "".join(" " if used else char for char, used in zip(side.plain, side.used, strict=True))
    return list(read_numbers(used, rules))


def _unpaired(here: Iterable[Reading], there: Iterable[Reading]) -> tuple[list[Reading], list[Reading]]:
    """The readings of each side that have no partner of the same value on the other."""
    waiting: defaultdict[str, list[Reading]] = defaultdict(list)
    new = {id(reading): reading for reading in here}
    for reading in reversed(new.values()):
        for value in reading.values:
            waiting[value].append(reading)
    lost = []
    for reading in there:
        options = [waiting[value] for value in sorted(reading.values) if value in waiting]
        partner = next((one for stack in options if (one := _next(stack, new))), None)
        if partner:
            del new[id(partner)]
        else:
            lost.append(reading)
    return list(new.values()), lost


def _next(stack: list[Reading], new: Mapping[int, Reading]) -> Reading | None:
    while stack and id(stack[-1]) not in new:
        stack.pop()
    return stack[-1] if stack else None


def _is_small(reading: Reading) -> bool:
    return all(value.isdigit() and int(value) <= WRITTEN_OUT for value in reading.values)
