"""Moments written in a language. Lists repeat them, and the same lists go to many people: each is written once."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_datetime_format

MOST = 4_096  # texts kept of each kind, the last used ones


@lru_cache(MOST)
def time_of_day(minute: int, time_zone: str, language: str) -> str:
    """The time of day, without seconds, of a minute since 1970; `language`: a code of the desk's words."""
    return format_time(datetime.fromtimestamp(minute * 60, ZoneInfo(time_zone)), "short", locale=locale_of(language))


@lru_cache(MOST)
def day(of: date, language: str) -> str:
    """The date with its year."""
    return format_date(of, "medium", locale=locale_of(language))


@lru_cache(MOST)
def day_and_time(minute: int, time_zone: str, language: str, with_year: bool) -> str:
    """Date and time of day of a minute since 1970, put together as the language does."""
    of, locale = datetime.fromtimestamp(minute * 60, ZoneInfo(time_zone)).date(), locale_of(language)
    on = day(of, language) if with_year else format_skeleton("MMMd", of, locale=locale)
    return str(get_datetime_format("medium", locale=locale)).format(time_of_day(minute, time_zone, language), on)


@lru_cache
def locale_of(language: str) -> Locale:
    """The language's rules of writing."""
    return Locale.parse(language.replace("-", "_"))
