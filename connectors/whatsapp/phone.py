"""Phone numbers as WhatsApp writes them: a wa_id is not always the number that the phone shows.

Brazil's wa_ids often lack the ninth digit of 2012, Mexico's may carry a 1 and Argentina's a 9 that callers leave out.
"""

import re
from typing import NamedTuple

import phonenumbers


class _Variant(NamedTuple):
    """Numbers that differ only in writing. `dialable` and `bare` replace the pattern's groups."""

    pattern: re.Pattern[str]  # on digits without +
    dialable: str  # what a phone dials today
    bare: str  # one form for all writings, only for comparing


# A country with another such habit is one row more.
_VARIANTS = (
    _Variant(re.compile(r"(55[1-9][1-9])9?([6-9]\d{7})"), r"\g<1>9\2", r"\1\2"),  # Brazil: mobiles start with 6 to 9
    _Variant(re.compile(r"(52)1?([1-9]\d{9})"), r"\1\2", r"\1\2"),  # Mexico
    _Variant(re.compile(r"(54)9([1-9]\d{9})"), r"\g<1>9\2", r"\1\2"),  # Argentina, mobile
    _Variant(re.compile(r"(54)([1-8]\d{9})"), r"\1\2", r"\1\2"),  # Argentina, without the 9
)
MAX_DIGITS = 15  # E.164


def dialable(wa_id: str) -> str:
    """The number in E.164 with + that a phone dials today; empty when `wa_id` is no plausible number."""
    if not re.fullmatch(rf"[1-9][0-9]{{6,{MAX_DIGITS - 1}}}", wa_id):
        return ""
    number = "+" + _written(wa_id, "dialable")
    try:
        return number if phonenumbers.is_possible_number(phonenumbers.parse(number)) else ""
    except phonenumbers.NumberParseException:
        return ""


def same_number(left: str, right: str) -> bool:
    """Whether two international numbers, with or without + and signs between, ring the same phone.

    False when either is no plausible number: equality is used as proof, so doubt is a no.
    """
    keys = (_key(left), _key(right))
    return bool(keys[0]) and keys[0] == keys[1]


def _key(number: str) -> str:
    digits = re.sub(r"[\s().\-/\u00a0\u200e\u200f\u202a-\u202e]", "", number[:64]).removeprefix("+")
    # Two leading zeros are how Europe dials a plus.
    plain = dialable(digits.removeprefix("00")) if digits.isascii() else ""
    return _written(plain[1:], "bare") if plain else ""


def _written(digits: str, form: str) -> str:
    for variant in _VARIANTS:
        match = variant.pattern.fullmatch(digits)
        if match:
            return match.expand(variant.dialable if form == "dialable" else variant.bare)
    return digits
