"""Phone numbers made comparable. Pure."""

import re
import unicodedata

import phonenumbers

from orders.fold import normalise_digits

MAX_CHARS = 254
# WhatsApp and shops write some mobiles in different ways: country code, pattern of the national number, and the way
# that both are given here.
_VARIANTS = (
    (55, re.compile(r"(\d{2})([6-9]\d{7})"), r"\g<1>9\g<2>"),  # Brazil: mobiles had eight digits, as fixed lines have
    (52, re.compile(r"1(\d{10})"), r"\g<1>"),  # Mexico: mobiles called from abroad had a 1 until 2019
    (54, re.compile(r"9(\d{10})"), r"\g<1>"),  # Argentina: mobiles have a 9 only when called from abroad
)


def plain_phone(text: str | None, region: str) -> str:
    """`text` as +<country code><number>, the same for every way to write one number; empty when it is none.

    `region`: country (ISO 3166) of a number without country code. For comparing, not for calling.
    """
    if not text or len(text) > MAX_CHARS:
        return ""
    try:
        number = phonenumbers.parse(normalise_digits(unicodedata.normalize("NFKC", text)), region)
    except phonenumbers.NumberParseException:
        return ""
    national = phonenumbers.national_significant_number(number)
    for country, pattern, plain in _VARIANTS:
        if number.country_code == country and (match := pattern.fullmatch(national)):
            national = match.expand(plain)
    return f"+{number.country_code}{national}"
