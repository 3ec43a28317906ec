"""The shop's order numbers: ORK-, six digits and a Luhn check digit, found in what people make of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from orders.fold import Folded, fold, normalise_digits
from orders.number_context import LATIN, Context, context_of

__all__ = ["Found", "check_digit", "find_order_numbers", "is_valid", "make_number", "normalise_digits"]

PREFIX = "ORK-"
DIGITS = 7
LEAST_DIGITS = 5  # that a mistyped number has

_ADDRESS = re.compile(r"(?:https?://|www\.)[\x21-\x7e]{1,2000}|[\w.+%-]{1,64}@[a-z0-9.-]{1,255}")
_BRANDED = re.compile(
    rf"(?<![{LATIN}\d])[o0]rk[ \-_.:#/]{{0,4}}(?P<digits>\d(?:[ \-_.]?\d){{6}}|[\doil]{{7}}|\d{{5,9}})(?!\d)"
)
# Digits as phones, amounts and dates hold them together; ", " and ". " part two numbers.
_RUN = re.compile(r"\d(?:(?:[ \-_./,()]|\)[ -]| \(| [-/] )?\d)*")
_GROUP = re.compile(r"\d+")
_LETTERS_FOR_DIGITS = str.maketrans("oil", "011")
_LOCAL_PHONE_OR_POSTCODE = re.compile(r"\d{3}-\d{4}")


@dataclass(frozen=True)
class Found:
    """An order number in a text; `start` and `end` are positions in the text as it was given."""

    value: str  # ORK-4821936; with too few or too many digits where `valid` is false
    start: int
    end: int
    valid: bool  # the check digit is right; otherwise the customer mistyped
    marked: bool  # ORK or a word says what it is; otherwise seven bare digits, which a postcode may be too


def check_digit(six: str) -> str:
    """The Luhn check digit, "0" to "9", of a string of ASCII digits."""
    total = 0
    for position, char in enumerate(reversed(six)):
        digit = int(char) * 2 if position % 2 == 0 else int(char)
        total += digit - 9 if digit > 9 else digit
    return str(-total % 10)


def make_number(serial: int) -> str:
    """The order number of `serial`, 0 to 999999. Raises ValueError outside of that."""
    if not 0 <= serial <= 999_999:
        raise ValueError(f"{serial} has no order number; serials are 0 to 999999")
    six = f"{serial:06d}"
    return f"{PREFIX}{six}{check_digit(six)}"


def is_valid(number: str) -> bool:
    """Whether `number` is written ORK- and seven ASCII digits of which the last is right."""
    digits = number.removeprefix(PREFIX)
    return number.startswith(PREFIX) and digits.isascii() and digits.isdigit() and _is_luhn(digits)


def find_order_numbers(text: str) -> list[Found]:
    """Order numbers in the first 10,000 characters, in order and without overlap.

    With ORK before it, a number counts in any spelling. A bare one counts when its check digit is right; with a
    wrong digit only after a word or sign for "order", or when the message holds nothing else. Numbers inside
    phones, addresses, amounts and longer digit strings never count.
    """
    if sum(map(str.isdigit, text)) < LEAST_DIGITS:
        return []
    folded = fold(text)
    taken = [match.span() for match in _ADDRESS.finditer(folded.text)]
    found = []
    for match in _BRANDED.finditer(folded.text):
        digits = _read_digits(match["digits"])
        if digits and not _touches(match.span(), taken):
            found.append(_found(folded, digits, match.span(), marked=True))
            taken.append(match.span())
    for match in _RUN.finditer(folded.text):
        if not _touches(match.span(), taken):
            context = context_of(folded.text, match.start(), match.end())
            for digits, span in _in_run(match.group(), match.start(), context):
                found.append(_found(folded, digits, span, marked=context.marked))
    return sorted(found, key=lambda item: item.start)


def _found(folded: Folded, digits: str, span: tuple[int, int], *, marked: bool) -> Found:
    start, end = folded.original(*span)
    return Found(PREFIX + digits, start, end, _is_luhn(digits), marked)


def _is_luhn(digits: str) -> bool:
    return len(digits) == DIGITS and check_digit(digits[:-1]) == digits[-1]


def _touches(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in taken)


def _read_digits(written: str) -> str:
    """The digits that `written` stands for; empty when letters among them do not make a right number."""
    plain = re.sub(r"[ \-_.]", "", written)
    if plain.isdigit():
        return plain
    digits = plain.translate(_LETTERS_FOR_DIGITS)
    enough = sum(char.isdigit() for char in plain) >= DIGITS - 2
    return digits if enough and _is_luhn(digits) else ""


def _in_run(run: str, offset: int, context: Context) -> Iterator[tuple[str, tuple[int, int]]]:
    if context.is_other:
        return
    groups = [(match.group(), match.start(), match.end()) for match in _GROUP.finditer(run)]
    if len(groups) > 1 and (run.startswith("0") or context.opens_phone):
        return
    sevens = [group for group in groups if len(group[0]) == DIGITS]
    accepted = sevens if _stands_apart(run, groups, context) else []
    for digits, start, end in accepted or _joined(run, groups, context):
        if _is_luhn(digits) or context.marked or context.alone:
            yield digits, (offset + start, offset + end)


def _stands_apart(run: str, groups: list[tuple[str, int, int]], context: Context) -> bool:
    """Whether groups of seven digits in `run` are numbers of their own and no part of a phone or amount."""
    if len(groups) == 1 or context.marked:
        return True
    if all(_is_luhn(digits) for digits, _, _ in groups):
        return True
    # A postcode may stand beside the number.
    return len(groups) == 2 and run[groups[0][2] : groups[1][1]] == " "


def _joined(run: str, groups: list[tuple[str, int, int]], context: Context) -> list[tuple[str, int, int]]:
    """The leading groups that make seven digits together, where something says that they are an order number."""
    if len(groups) == 1:
        return []
    digits, end = "", 0
    for group, _, group_end in groups:
        if len(digits) < DIGITS:
            digits, end = digits + group, group_end
    if len(digits) != DIGITS or re.search(r"[,()/]", run[:end]):
        return []
    if context.marked:
        return [(digits, 0, end)]
    whole = context.alone and end == len(run) and "." not in run
    if whole and _is_luhn(digits) and _LOCAL_PHONE_OR_POSTCODE.fullmatch(run) is None:
        return [(digits, 0, end)]
    return []
