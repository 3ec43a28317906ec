"""How a language writes times, dates and large numbers. Read from data/items/<language>.yml and CLDR.

Every key is explained in items/README.md. A language without a file has its months' names only.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError

from core.errors import ContentError, Fault
from core.yaml_files import YamlFile, line_of, read_yaml, without_lines
from glossaries.boundaries import DIGIT, UNSPACED, script_of

ITEMS = Path(__file__).parent / "data" / "items"
CURRENCIES = ITEMS / "currencies.yml"
NUMBER_WORDS = ITEMS / "number_words.yml"
ORDERS = ("dmy", "mdy", "ymd")
NEAR = 32  # characters before a number or a month's name that may belong to it
_LISTS = {"hour", "minute", "half", "am", "pm", "either", "in_dates", "date_order"}
_MAPPINGS = {"months", "eras", "multiples"}
_NUMBERS = {"clock", "years_ahead"}
_FREE = UNSPACED | {"HANGUL", ""}  # letters of these need no space beside them
_NO_WORD = "(?!)"


@dataclass(frozen=True)
class ItemRules:
    """Patterns for what stands around numbers. Those that end in $ look at the text before a number or a month."""

    day_before: re.Pattern[str]
    after_hour: re.Pattern[str]  # groups: colon, minute, half, unit, day
    days: Mapping[str, str]  # word, lower case → am, pm or either
    month: re.Pattern[str]
    months: Mapping[str, tuple[int, bool]]  # name, lower case → 1 to 12, and whether it is written in full
    date_day_before: re.Pattern[str]  # group: day
    date_day_after: re.Pattern[str]  # group: day
    date_year_before: re.Pattern[str]  # groups: era, year
    date_year_after: re.Pattern[str]  # group: year
    eras: Mapping[str, int]
    multiple: re.Pattern[str]
    multiple_before: re.Pattern[str]
    multiples: Mapping[str, int]
    date_order: tuple[str, ...]
    clock: int
    years_ahead: int


@lru_cache(maxsize=64)
def load_item_rules(language: str, folder: Path = ITEMS) -> ItemRules:
    """The rules of a content code. Raises ContentError with the line."""
    path = folder / f"{language}.yml"
    return _rules(_checked(read_yaml(path)) if path.is_file() else {}, language)


@lru_cache(maxsize=4)
def load_currencies(path: Path = CURRENCIES) -> Mapping[str, frozenset[str]]:
    """Currency codes that a sign or name, in lower case, may stand for. Raises ContentError with the line."""
    data = without_lines(read_yaml(path).data)
    return {str(sign).casefold(): frozenset(codes) for sign, codes in data.items()}


@lru_cache(maxsize=64)
def load_number_words(language: str, path: Path = NUMBER_WORDS) -> Mapping[int, re.Pattern[str]]:
    """What finds each small number written as a word; empty for a language without such a list."""
    words = dict(without_lines(read_yaml(path).data).get(language, {}))
    joined = "|".join(map(re.escape, words.pop("before", ())))
    return {number: _compile("|".join(_number_word(word, joined) for word in found)) for number, found in words.items()}


def _number_word(word: str, joined: str) -> str:
    """The beginning of a word, or its ending; in a script without spaces any part of the text."""
    if word.startswith("-"):
        return rf"{re.escape(word[1:])}(?!\w)"
    return re.escape(word) if script_of(word[0]) in _FREE else rf"(?<!\w)(?:{joined})?{re.escape(word)}"


def _rules(data: Mapping[str, Any], language: str) -> ItemRules:
    days = {word.casefold(): half for half in ("am", "pm", "either") for word in data.get(half, ())}
    months = _months(language, data.get("months", {}))
    multiples = {word.casefold(): value for word, value in data.get("multiples", {}).items()}
    gap = rf"[\s.,]{{0,3}}(?:(?:{_any(data.get('in_dates', ()))})[\s.,]{{0,2}}){{0,2}}"
    eras = data.get("eras", {})
    return ItemRules(
        day_before=_compile(rf"(?P<day>{_any(days)})\s?$"),
        after_hour=_after_hour(data, days),
        days=days,
        month=_compile(_any(months)),
        months=months,
        date_day_before=_compile(rf"(?<![\d.,:])(?P<day>\d{{1,2}}){gap}$"),
        date_day_after=_compile(rf"{gap}(?P<day>\d{{1,2}})(?![\d:])"),
        date_year_before=_compile(rf"(?:(?P<era>{_any(eras)})\s?(?P<year>\d{{1,3}})|(?<!\d)(?P<full>\d{{4}})){gap}$"),
        date_year_after=_compile(rf"{gap}(?P<year>\d{{4}})(?!\d)"),
        eras=eras,
        multiple=_compile(rf"\s?(?P<word>{_any(multiples)})"),
        multiple_before=_compile(rf"\d\s?(?:{_any(multiples)})\s?$"),
        multiples=multiples,
        date_order=tuple(data.get("date_order", ("dmy",))),
        clock=data.get("clock", 12),
        years_ahead=data.get("years_ahead", 0),
    )


def _after_hour(data: Mapping[str, Any], days: Iterable[str]) -> re.Pattern[str]:
    hour, half = _any(data.get("hour", ())), _any(data.get("half", ()))
    minute = rf"\d{{2}}(?!\d)(?:\s?(?:{_any(data.get('minute', ()))}))?"
    between = rf"(?:(?P<colon>:)|\.|\s?(?:{hour})\s?)(?P<minute>{minute})|\s?(?:{hour})\s?(?P<half>{half})"
    return _compile(rf"(?!\d)(?:{between})?(?P<unit>\s?(?:{hour}))?(?:\s?(?P<day>{_any(days)}))?")


def _months(language: str, more: Mapping[str, int]) -> dict[str, tuple[int, bool]]:
    """CLDR's names and `more`; a name that is also another word in short is not one in full."""
    found = {name.casefold(): (month, False) for name, month in more.items()}
    try:
        names = Locale.parse(language, sep="-").months["format"]
    except (UnknownLocaleError, ValueError):
        return found
    for width in ("abbreviated", "wide"):
        for month, name in names[width].items():
            found[name.casefold().rstrip(".")] = (month, width == "wide")
    return found


def _any(words: Iterable[str]) -> str:
    """A pattern for any of `words`, the longest first; one that matches nothing when there are none."""
    return "|".join(_bounded(word) for word in sorted(words, key=len, reverse=True)) or _NO_WORD


def _bounded(word: str) -> str:
    return f"(?<!{_beside(word[0])}){re.escape(word)}(?!{_beside(word[-1])})"


def _beside(char: str) -> str:
    """What may not stand beside a word's first or last character."""
    script = script_of(char)
    if script == DIGIT:
        return r"\d"
    return _NO_WORD if script in _FREE else r"[^\W\d_]"


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _checked(file: YamlFile) -> Mapping[str, Any]:
    """The file's content. Raises ContentError for unknown keys and values that are not as README.md says."""
    data = file.data
    if not isinstance(data, dict):
        raise ContentError([Fault(file.path, 1, "expected keys such as hour, am and multiples")])
    plain: Mapping[str, Any] = without_lines(data)
    for key, value in plain.items():
        if not _fits(key, value):
            raise ContentError([Fault(file.path, line_of(data), f"{key!r} is not as items/README.md says; mend it")])
    return plain


def _fits(key: str, value: Any) -> bool:
    if key in _LISTS:
        known = ORDERS if key == "date_order" else None
        return isinstance(value, list) and all(isinstance(w, str) and w and (not known or w in known) for w in value)
    if key in _MAPPINGS:
        return isinstance(value, dict) and all(isinstance(w, str) and isinstance(n, int) for w, n in value.items())
    return key in _NUMBERS and isinstance(value, int)
