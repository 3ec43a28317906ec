"""Amounts as somebody reads them."""

from functools import lru_cache

from knowledge.locale_formats import LocaleFormats
from markets.money import Money


@lru_cache(64)
def _formats(locale: str) -> LocaleFormats:
    return LocaleFormats(locale)


def amount_in_words(money: Money, language: str) -> str:
    """The amount with its currency as the language writes it."""
    return _formats(language).money(money)
