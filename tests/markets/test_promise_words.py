"""A promise in the customer's words: every language, on the customer's own clock."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest

from core.settings import PROJECT
from knowledge.value_formatter import ValueFormatter
from markets.load import load_markets
from markets.promise import promise

MARKETS = load_markets(PROJECT / "markets" / "data")
LANGUAGES = sorted({(language, code) for code, market in MARKETS.items() for language in market.languages})
# A promise from Germany for Thursday, 26 November 2026, 14:00 there, and the hour on other clocks.
THURSDAY = {
    "en": "Thursday", "es": "jueves", "fr": "jeudi", "de": "Donnerstag", "it": "giovedì", "pt": "quinta-feira",
    "ar": "الخميس", "ja": "木曜日", "ko": "목요일", "zh": "星期四", "zh-Hant": "星期四", "th": "พฤหัสบดี", "id": "Kamis",
    "vi": "Thứ Năm",
}  # fmt: skip
ZONES = sorted(available_timezones() - {"localtime"})[::13]
CLOCKS = {
    "Europe/Berlin": (14, "00"),
    "Asia/Tokyo": (22, "00"),
    "America/Sao_Paulo": (10, "00"),
    "Asia/Kolkata": (18, "30"),
}


def words(language: str, code: str, zone: str, moment: datetime) -> str:
    market = MARKETS[code]
    formatter = ValueFormatter(market.locale_for(language), market.digits_for(language), zone, market.time_zone)
    return formatter.write(moment, 2026, lambda label: label.name)


def promised() -> datetime:
    asked = datetime(2026, 11, 25, 14, tzinfo=ZoneInfo("Europe/Berlin"))
    return promise(MARKETS["DE"], "ordinary", asked).told_at


def test_every_language_is_tested() -> None:
    assert {language for language, _ in LANGUAGES} == set(THURSDAY)


@pytest.mark.parametrize(("language", "code"), LANGUAGES)
@pytest.mark.parametrize("zone", CLOCKS)
def test_weekday_and_hour_on_the_readers_clock(language: str, code: str, zone: str) -> None:
    text = words(language, code, zone, promised())
    hour, minute = CLOCKS[zone]
    assert THURSDAY[language].casefold() in text.casefold()
    hours = rf"0?{hour}" if hour < 13 else rf"(?:{hour}|0?{hour - 12})"
    assert re.search(rf"(?<!\d){hours}[:.]{minute}(?!\d)", text), text


@pytest.mark.parametrize(("language", "code"), LANGUAGES)
def test_every_zone_can_be_read(language: str, code: str) -> None:
    """No zone, no safety promise in the hour that is skipped or shown twice, is without words."""
    texts = {words(language, code, zone, promised()) for zone in ZONES}
    assert len(texts) > 15
    night = promise(MARKETS["GB"], "safety", datetime(2026, 10, 25, 0, 30, tzinfo=ZoneInfo("Europe/London"))).told_at
    assert re.search(r"1[:.]30", words(language, code, "Europe/London", night))


def test_a_zone_that_is_none_gives_the_markets_time() -> None:
    assert words("de", "DE", "Europe/Nowhere", promised()) == words("de", "DE", "Europe/Berlin", promised())
