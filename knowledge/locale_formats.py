"""How one locale writes dates, times, numbers, money and lists, from the Unicode CLDR that Babel carries."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial, reduce

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import DateTimePattern, parse_pattern

from markets.money import Money

# Zero of each numbering system that a market may name; Babel itself always writes Latin digits.
_ZEROS = {"arab": "٠", "deva": "०", "thai": "๐"}
_QUOTED = re.compile(r"('[^']*')")
_FULL_FIELDS = (
    (re.compile(r"(?<!E)E{1,3}(?!E)"), "EEEE"),
    (re.compile(r"(?<!M)M{3}(?!M)"), "MMMM"),
    (re.compile(r"(?<!a)a{1,3}(?!a)"), "aaaa"),
)
_WEEKDAY_AND_DAY = ("MMMMEEEEd", "MMMEEEEd", "MMMMEd", "MMMEd")


class LocaleFormats:
    """One locale's patterns, looked up once."""

    def __init__(self, tag: str, digits: str = "latn") -> None:
        """`tag`: "de-DE", "zh-Hant-TW". `digits`: CLDR name of the numbering system.

        Raises ValueError when nothing is known about the tag's language.
        """
        self.locale = find_locale(tag)
        zero = _ZEROS.get(digits)
        self._digits = {ord("0") + digit: chr(ord(zero) + digit) for digit in range(10)} if zero else {}
        self._symbols = digits if digits in self.locale.number_symbols else "latn"
        self._day = self._pattern(_WEEKDAY_AND_DAY)
        self._day_and_year = self._pattern(tuple(f"y{skeleton}" for skeleton in _WEEKDAY_AND_DAY))
        self._time = parse_pattern(_widen(self.locale.time_formats["short"].pattern))
        self._between = str(self.locale.interval_formats[None])
        self._lists = {name: str(pattern) for name, pattern in self.locale.list_patterns["standard"].items()}
        self._day_with_time = str(self.locale.datetime_formats["medium"])

    @property
    def right_to_left(self) -> bool:
        """Whether this locale's text runs from right to left."""
        return self.locale.text_direction == "rtl"

    def day(self, value: date, this_year: int) -> str:
        """Weekday, day and month; with the year when it is not `this_year`."""
        pattern = self._day if value.year == this_year else self._day_and_year
        return pattern.apply(value, self.locale).translate(self._digits)

    def time(self, value: time | datetime) -> str:
        """Hour and minute, on the locale's own clock."""
        return self._time.apply(value, self.locale).translate(self._digits)

    def moment(self, value: datetime, this_year: int) -> str:
        """Day and time of a datetime that is already local."""
        return _fill(self._day_with_time, self.time(value), self.day(value, this_year))

    def weekday(self, number: int) -> str:
        """Short name of a weekday; 0 is Monday."""
        return str(self.locale.days["stand-alone"]["abbreviated"][number])

    def span(self, first: str, last: str) -> str:
        """From `first` to `last`: "Mon–Fri", "09:00～18:00"."""
        return _fill("".join(self._between.split()), first, last)

    def row(self, items: Sequence[str]) -> str:
        """The items one after the other, without a last "and"."""
        return reduce(partial(_fill, self._separator(self._lists["middle"], items)), items)

    def number(self, value: int | Decimal) -> str:
        """The number with the locale's separators and digits."""
        text = self.locale.decimal_formats[None].apply(value, self.locale, numbering_system=self._symbols)
        return str(text).translate(self._digits)

    def money(self, value: Money) -> str:
        """The amount with its currency; decimals as people of that currency write them (€5.00, Rp15.000)."""
        text = self.locale.currency_formats["standard"].apply(
            value.amount,
            self.locale,
            currency=value.currency,
            currency_digits=False,
            force_frac=_decimals(value),
            numbering_system=self._symbols,
        )
        return str(text).translate(self._digits)

    def list(self, items: Sequence[str]) -> str:
        """ "a, b and c"; empty for no items."""
        if len(items) < 3:
            return _fill(self._lists["2"], *items) if len(items) == 2 else "".join(items)
        text = _fill(self._separator(self._lists["start"], items), items[0], items[1])
        for item in items[2:-1]:
            text = _fill(self._separator(self._lists["middle"], items), text, item)
        return _fill(self._lists["end"], text, items[-1])

    def _separator(self, pattern: str, items: Sequence[str]) -> str:
        # Thai parts items by a space alone, which does not show between names that have spaces themselves.
        bare = pattern.replace("{0}", "").replace("{1}", "").isspace()
        return "{0}, {1}" if bare and any(" " in item for item in items) else pattern

    def _pattern(self, skeletons: Sequence[str]) -> DateTimePattern:
        known = self.locale.datetime_skeletons
        best = next((skeleton for skeleton in skeletons if skeleton in known), None)
        return parse_pattern(_widen(known[best].pattern if best else self.locale.date_formats["full"].pattern))


def find_locale(tag: str) -> Locale:
    """The nearest locale that CLDR describes in the same language and script ("de_SA" gives "de").

    Raises ValueError when the language itself is unknown.
    """
    language, *rest = tag.replace("-", "_").split("_")
    script = next((part for part in rest if len(part) == 4), None)
    for parts in ([language, *rest], [language, *([script] if script else [])]):
        found = _parse(parts)
        # Babel reads zh_Hant_SG as zh_Hans_SG; another script is another language to its reader.
        if found is not None and (script is None or found.script == script):
            return found
    raise ValueError(f"no locale data for {tag!r}; use a language code such as 'de' or 'zh-Hant'")


def _decimals(value: Money) -> tuple[int, int]:
    fractions = get_global("currency_fractions")
    digits, _, cash_digits, _ = fractions.get(value.currency, fractions["DEFAULT"])
    # Rupiah and Taiwan dollars have cents in the books only: whole amounts stand without them.
    shown = cash_digits if value.amount == value.amount.to_integral_value() else digits
    return shown, shown


def _fill(pattern: str, first: str, second: str) -> str:
    before, _, rest = pattern.partition("{0}")
    if "{1}" in before:  # the pattern names the second one first
        return before.replace("{1}", second) + first + rest
    return before + first + rest.replace("{1}", second)


def _parse(parts: list[str]) -> Locale | None:
    try:
        return Locale.parse("_".join(parts))
    except UnknownLocaleError:
        return None


def _widen(pattern: str) -> str:
    """The pattern with weekday, month and day period in full, as CLDR asks when it holds only the short form."""
    pieces = _QUOTED.split(pattern)
    for place in range(0, len(pieces), 2):
        for short, full in _FULL_FIELDS:
            pieces[place] = short.sub(full, pieces[place])
    return "".join(pieces)
