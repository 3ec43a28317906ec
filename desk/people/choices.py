"""What a person's form offers: from the current release and from data, by code."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale

from core.settings import PROJECT
from desk.web.words import load_words
from languages.catalogue import load_catalogue
from orders.products import load_products

MOST_LANGUAGES = 6  # of one person


@lru_cache
def content_languages() -> Sequence[str]:
    """Codes of all languages that customers are answered in."""
    return sorted(load_catalogue().content)


@lru_cache
def product_categories() -> Sequence[str]:
    """Categories of the shop's products."""
    return sorted({product.kind for product in load_products(PROJECT / "orders" / "data").entries})


def interface_languages() -> Sequence[str]:
    """Languages that the desk's own words are in."""
    return sorted(load_words())


@lru_cache
def time_zones() -> Sequence[str]:
    """IANA names."""
    return sorted(name for name in available_timezones() if "/" in name or name == "UTC")


def market_names(codes: Sequence[str], shown_in: str) -> Mapping[str, str]:
    """Names of the countries, for a reader of `shown_in`; the code where none is known."""
    territories = Locale.parse(shown_in, sep="-").territories
    return {code: str(territories.get(code, code)) for code in codes}
