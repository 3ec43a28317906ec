"""Values written as the customer's locale writes them, chosen by Python type."""

import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale

from knowledge.locale_formats import LocaleFormats
from knowledge.values import Label, Money, Value
from markets.hours import OpeningRange

_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_RTL_LETTERS = frozenset({"R", "AL"})


class ValueFormatter:
    """Writes values for one locale and one time zone."""

    def __init__(self, locale: str, digits: str, time_zone: str, fallback_zone: str) -> None:
        """`fallback_zone` is used when there is no `time_zone` of that name: a browser may send anything."""
        self._formats = LocaleFormats(locale, digits)
        self._zone = _zone(time_zone, fallback_zone)

    @property
    def locale(self) -> Locale:
        """The locale's data of the Unicode CLDR."""
        return self._formats.locale

    def write(self, value: Value, this_year: int, label: Callable[[Label], str]) -> str:
        """The value in words; `label` gives a label's. Raises TypeError for a type that has no form."""
        if isinstance(value, str):
            return self._isolated(value)
        if isinstance(value, Label):
            return self._isolated(label(value))
        if isinstance(value, datetime):
            return self._moment(value, this_year)
        if isinstance(value, date):
            return self._formats.day(value, this_year)
        if isinstance(value, Money):
            return self._formats.money(value)
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            return self._formats.number(value)
        if isinstance(value, tuple):
            return self._tuple(value, this_year, label)
        raise TypeError(f"{type(value).__name__} has no written form; pass one of the types in knowledge.values.Value")

    def _tuple(self, items: tuple[Any, ...], this_year: int, label: Callable[[Label], str]) -> str:
        if items and all(isinstance(item, OpeningRange) for item in items):
            return self._formats.row([self._hours(item) for item in items])
        return self._formats.list([self.write(item, this_year, label) for item in items])

    def _hours(self, hours: OpeningRange) -> str:
        formats = self._formats
        first, last = formats.weekday(hours.first), formats.weekday(hours.last)
        days = first if hours.first == hours.last else formats.span(first, last)
        times = [formats.span(formats.time(slot.start), formats.time(slot.end)) for slot in hours.slots]
        return f"{days} {formats.row(times)}"

    def _moment(self, value: datetime, this_year: int) -> str:
        if value.tzinfo is None:
            raise TypeError(f"the datetime {value!r} has no time zone; pass an aware one")
        return self._formats.moment(value.astimezone(self._zone), this_year)

    def _isolated(self, text: str) -> str:
        """The text, fenced off when it runs against the surrounding text, so that neither reorders the other.

        Links stay bare: chat apps read a closing U+2069 as part of the address and the link breaks.
        """
        if text.startswith(("https://", "http://")):
            return text
        runs_rtl = _runs_right_to_left(text)
        if runs_rtl == self._formats.right_to_left:
            return text
        return f"{_ISOLATE}{text}{_END_ISOLATE}"


def _runs_right_to_left(text: str) -> bool:
    """Whether the first letter is of a right-to-left script."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction == "L" or direction in _RTL_LETTERS:
            return direction != "L"
    return False


def _zone(name: str, fallback: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; not a name; a folder such as "America"
        return ZoneInfo(fallback)
