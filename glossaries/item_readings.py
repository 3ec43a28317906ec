"""What the numbers of a text may mean: amounts, dates and times by value, however the language writes them. Pure.

A reading is as sure as its spelling: "6:00 pm" is a time, "18 Uhr" may be one, a bare 18 only where the other text has
one.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import IntEnum

from glossaries.item_rules import NEAR, ORDERS, ItemRules, load_currencies
from glossaries.masks import Span

# One character for one: full-width letters and signs, Arabic digits and separators.
_LEVEL = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_LEVEL |= {base + digit: 0x30 + digit for base in (0x0660, 0x06F0) for digit in range(10)}
_LEVEL |= {0x3000: 0x20, 0x066B: 0x2E, 0x066C: 0x2C}

_HOUR = re.compile(r"(?<![\d.,:])\d{1,2}(?!\d)")
_SHORT_DATE = re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})(?![\d/-])")
_PARTS = re.compile(r"\d+")
_NUMBER = re.compile(
    r"\d{1,3}(?: \d{3})+(?![\d.,]*\d)|\d{1,3}(?: \d{3})+[.,]\d{1,2}(?!\d)|\d{1,15}(?:[.,'\u00a0\u202f]\d{1,6}){0,8}"
)
_SEPARATOR = re.compile(r"[^\d]")
_GROUPS = re.compile(r"\d{1,3}(?:[.,'\u00a0\u202f ]\d{2,3})*[.,'\u00a0\u202f ]\d{3}")
_DECIMAL = re.compile(r"(.*\d)[.,](\d+)")
MAX_MONTH, MAX_DAY, MAX_HOUR, MAX_MINUTE = 12, 31, 24, 59
CODE = 3  # letters of a currency code
_MINUS = "-−–"
AHEAD = range(2400, 2700)  # years of a calendar that is ahead


class Sure(IntEnum):
    """How sure a reading is."""

    BARE = 0  # any number that could be one
    WORDED = 1  # with a word or sign that often stands with one
    CERTAIN = 2


@dataclass(frozen=True)
class Reading:
    """text[start:end] may mean one of `values` of a kind: amount, date, time or number."""

    kind: str
    start: int
    end: int
    values: frozenset[str]
    sure: Sure
    currencies: frozenset[str] = frozenset()  # that an amount may be in; empty: not said


def level(text: str) -> str:
    """`text` with digits, letters and signs in their plain width; positions stay."""
    return text if text.isascii() else text.translate(_LEVEL)


def read_signed(text: str, spans: Iterable[Span], rules: ItemRules) -> list[Reading]:
    """Readings of `spans`, the amounts and dates of levelled `text` that are known by their signs alone."""
    return [_amount(text, span, rules) if span.kind == "amount" else _date(text, span, rules) for span in spans]


def read_worded(text: str, rules: ItemRules) -> Iterator[Reading]:
    """Dates and times in levelled `text`, overlapping ones too."""
    if _PARTS.search(text):
        yield from _named_dates(text, rules)
        yield from _short_dates(text, rules)
        yield from _times(text, rules)


def read_numbers(text: str, rules: ItemRules) -> Iterator[Reading]:
    """Every plain number, with the words for multiples after it: 3만 5천 is one number."""
    last: Reading | None = None
    factor = 1
    for match in _NUMBER.finditer(text):
        end, times = _multiple(text, match.end(), rules)
        values = number_values(match[0], times)
        if rules.years_ahead and match[0].isdigit() and int(match[0]) in AHEAD:
            values |= {str(int(match[0]) - rules.years_ahead)}
        start = match.start()
        if last and times < factor and not text[last.end : start].strip(" ") and start - last.end <= 1:
            values, start = _sums(last.values, values), last.start
        elif last:
            yield last
        last, factor = Reading("number", start, end, values, Sure.WORDED if times > 1 else Sure.BARE), times
    if last:
        yield last


def _multiple(text: str, end: int, rules: ItemRules) -> tuple[int, int]:
    """Where a number that ends at `end` ends with the word for a multiple after it, and what that multiplies by."""
    found = rules.multiple.match(text, end)
    return (found.end(), rules.multiples[found["word"].casefold()]) if found else (end, 1)


def _sums(values: Iterable[str], others: Iterable[str]) -> frozenset[str]:
    """Each of `values` and each of `others` together; each set has one or two."""
    try:
        return frozenset(_plain(Decimal(one) + Decimal(other)) for one in values for other in others)
    except InvalidOperation:  # 1.2.3 is no number
        return frozenset(values)


def number_values(number: str, times: int = 1, *, money: bool = False) -> frozenset[str]:
    """What a number may be worth: "1.234" is 1234 or 1.234, "1.234,50" only 1234.5. `money` has no three decimals."""
    found = {_SEPARATOR.sub("", number)} if number.isdigit() or _GROUPS.fullmatch(number) else set()
    decimal = _DECIMAL.fullmatch(number)
    if decimal and (decimal[1].isdigit() or _GROUPS.fullmatch(decimal[1])) and not (found and money):
        found.add(f"{_SEPARATOR.sub('', decimal[1])}.{decimal[2]}")
    return frozenset(_plain(Decimal(value) * times) for value in found) or frozenset({number})


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _amount(text: str, span: Span, rules: ItemRules) -> Reading:
    written = text[span.start : span.end]
    number = _NUMBER.search(written)
    if number is None:
        return Reading("amount", span.start, span.end, frozenset({written}), Sure.CERTAIN)
    end, times = _multiple(text, span.start + number.end(), rules)
    values = number_values(number[0], times, money=times == 1)
    if written[0] in _MINUS:
        values = frozenset(f"-{value}" for value in values)
    rest = f"{written[: number.start()].lstrip(_MINUS)} {text[end : span.end]}".strip(" .\t").casefold()
    codes = load_currencies().get(rest, frozenset({rest.upper()} if len(rest) == CODE and rest.isalpha() else ()))
    return Reading("amount", span.start, max(end, span.end), values, Sure.CERTAIN, codes)


def _date(text: str, span: Span, rules: ItemRules) -> Reading:
    written = text[span.start : span.end]
    parts = [int(part) for part in _PARTS.findall(written)]
    own = ("ymd",) if parts[0] > MAX_DAY else rules.date_order
    values = _dates(parts, own, rules) or _dates(parts, ORDERS, rules) or {written}
    return Reading("date", span.start, span.end, frozenset(values), Sure.CERTAIN)


def _dates(parts: list[int], orders: Iterable[str], rules: ItemRules) -> set[str]:
    """The days that year, month and day in one of `orders` can be."""
    read = [dict(zip(order, parts, strict=False)) for order in orders]
    return {_date_value(one["y"], one["m"], one["d"], rules) for one in read if _is_date(one["m"], one["d"])}


def _date_value(year: int | None, month: int, day: int, rules: ItemRules) -> str:
    if year is None:
        return f"{month}-{day}"
    if year in AHEAD:
        year -= rules.years_ahead
    return f"{year % 100}/{month}-{day}"


def _is_date(month: int, day: int) -> bool:
    return 1 <= month <= MAX_MONTH and 1 <= day <= MAX_DAY


def _short_dates(text: str, rules: ItemRules) -> Iterator[Reading]:
    for match in _SHORT_DATE.finditer(text):
        first, second = int(match[1]), int(match[3])
        pairs = {(second, first) if order == "dmy" else (first, second) for order in rules.date_order}
        values = frozenset(_date_value(None, *pair, rules) for pair in pairs if _is_date(*pair))
        if values:
            yield Reading("date", *match.span(), values, Sure.BARE)


def _named_dates(text: str, rules: ItemRules) -> Iterator[Reading]:
    """Dates with a month's name: 24 décembre 2026, December 24, 2026年12月24日."""
    folded = text.casefold()
    if not any(name in folded for name in rules.months):  # quicker than the pattern
        return
    for match in rules.month.finditer(text):
        month, in_full = rules.months[match[0].casefold()]
        since = max(0, match.start() - NEAR)
        before = text[since : match.start()]
        year = rules.date_year_before.search(before)
        day = None if year else rules.date_day_before.search(before)
        after = None if day else rules.date_day_after.match(text, match.end())
        if not (day or after):
            continue
        end = after.end() if after else match.end()
        later = None if year else rules.date_year_after.match(text, end)
        first = day or year
        start = since + first.start() if first else match.start()
        number = int((day or after)["day"])  # type: ignore[index]  # one of them is there
        value = _date_value(_year(year, later, rules), month, number, rules)
        sure = Sure.CERTAIN if in_full else Sure.WORDED
        yield Reading("date", start, later.end() if later else end, frozenset({value}), sure)


def _year(before: re.Match[str] | None, after: re.Match[str] | None, rules: ItemRules) -> int | None:
    if before and before["era"]:
        return int(before["year"]) + rules.eras.get(before["era"], 0)
    if before:
        return int(before["full"])
    return int(after["year"]) if after else None


def _times(text: str, rules: ItemRules) -> Iterator[Reading]:
    for match in _HOUR.finditer(text):
        after = rules.after_hour.match(text, match.end())
        since = max(0, match.start() - NEAR)
        before = rules.day_before.search(text[since : match.start()])
        hour, minute = int(match[0]), _minute(after)
        if hour > MAX_HOUR or minute > MAX_MINUTE:
            continue
        word = (after and after["day"]) or (before and before["day"])
        clock = MAX_HOUR if match[0].startswith("0") else rules.clock  # 09:00 is no hour of a half day
        values = _hours(hour, rules.days[word.casefold()] if word else "", clock)
        certain = bool(word or (after and after["colon"]))
        worded = bool(after and after.end() > match.end())
        yield Reading(
            "time",
            since + before.start() if before else match.start(),
            after.end() if after else match.end(),
            frozenset(f"{value % 24}:{minute:02}" for value in values),
            Sure.CERTAIN if certain else Sure.WORDED if worded else Sure.BARE,
        )


def _minute(after: re.Match[str] | None) -> int:
    if after is None or not (after["minute"] or after["half"]):
        return 0
    return 30 if after["half"] else int(after["minute"][:2])


def _hours(hour: int, half: str, clock: int) -> set[int]:
    """The hours of the day that are meant. `half`: am, pm, either or empty."""
    if hour > 12 or (not half and clock == MAX_HOUR):
        return {hour}
    if half == "am":
        return {hour % 12}
    if half == "pm":
        return {hour % 12 + 12} | ({0} if hour == 12 else set())
    return {hour, (hour + 12) % 24}
