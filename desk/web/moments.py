"""Moments written in a language. Lists repeat them, and the same lists go to many people: each is written once."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time

MOST = 4_096  # texts kept of each kind, the last used ones


@lru_cache(MOST)
def time_of_day(minute: int, time_zone: str, language: str) -> str:
    """The time of day, without seconds, of a minute since 1970; `language`: a code of the desk's words."""
    return format_time(datetime.fromtimestamp(minute * 60, ZoneInfo(time_zone)), "short", locale=locale_of(language))


@lru_cache(MOST)
def day(of: date, language: str) -> str:
    """The date with its year."""
    return format_date(of, "medium", locale=locale_of(language))


@lru_cache
def locale_of(language: str) -> Locale:
    """The language's rules of writing."""
    return Locale.parse(language.replace("-", "_"))
