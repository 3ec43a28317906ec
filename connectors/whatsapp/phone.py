"""Phone numbers as WhatsApp writes them: a wa_id is not always the number that the phone shows.

Brazil's wa_ids often lack the ninth digit of 2012, and Mexico's may carry a 1. orders/phone.py compares numbers.
"""

import re

import phonenumbers

# Digits without + → what a phone dials today. A country with another such habit is one row more.
_VARIANTS = (
    (re.compile(r"(55[1-9][1-9])9?([6-9]\d{7})"), r"\g<1>9\2"),  # Brazil: mobiles start with 6 to 9
    (re.compile(r"(52)1?([1-9]\d{9})"), r"\1\2"),  # Mexico
)
MAX_DIGITS = 15  # E.164


def dialable(wa_id: str) -> str:
    """The number in E.164 with + that a phone dials today; empty when `wa_id` is no plausible number."""
    if not re.fullmatch(rf"[1-9][0-9]{{6,{MAX_DIGITS - 1}}}", wa_id):
        return ""
    number = "+" + _written(wa_id)
    try:
        return number if phonenumbers.is_possible_number(phonenumbers.parse(number)) else ""
    except phonenumbers.NumberParseException:
        return ""


def _written(digits: str) -> str:
    for pattern, dialled in _VARIANTS:
        match = pattern.fullmatch(digits)
        if match:
            return match.expand(dialled)
    return digits
