"""Finds order numbers, e-mails, phones, postcodes and products in a message. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import phonenumbers

from orders.number import find_order_numbers, normalise_digits
from orders.products import FoundProduct

MAX_READ = 2_000  # characters; nobody hides an order number after that
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
PHONE_LENGTH = range(7, 16)  # digits; E.164 ends at 15


@dataclass(frozen=True)
class Entity:
    """Something found in a message; `start` and `end` are positions in its text."""

    name: str
    value: str
    start: int
    end: int


def find_entities(
    text: str, *, region: str, postcode: str, find_products: Callable[[str], Sequence[FoundProduct]]
) -> list[Entity]:
    """What was found, in the order of certainty; no two overlap.

    `region`: country whose phone numbers may stand without prefix. `postcode`: expression for a whole postcode.
    """
    plain = normalise_digits(text[:MAX_READ])
    found: list[Entity] = []
    for entity in _candidates(plain, region, postcode, find_products):
        if not any(entity.start < other.end and other.start < entity.end for other in found):
            found.append(entity)
    return found


def _candidates(
    text: str, region: str, postcode: str, find_products: Callable[[str], Sequence[FoundProduct]]
) -> Iterator[Entity]:
    for match in EMAIL.finditer(text):
        yield Entity("email", match.group().lower().rstrip("."), *match.span())
    for number in find_order_numbers(text):
        yield Entity("order_number", number.value, number.start, number.end)
    for product in find_products(text):
        yield Entity("product", product.sku, product.start, product.end)
    yield from _phones(text, region)
    if postcode:
        for match in re.finditer(rf"(?<![\w])(?:{postcode})(?![\w])", _folded(text)):
            yield Entity("postcode", match.group(), *match.span())


def _folded(text: str) -> str:
    """Capitals, and full-width letters and signs as narrow ones, each at its place."""
    folded = (unicodedata.normalize("NFKC", character).upper() for character in text)
    return "".join(new if len(new) == 1 else old for new, old in zip(folded, text, strict=True))


def _phones(text: str, region: str) -> Iterator[Entity]:
    if sum(character.isdigit() for character in text) < PHONE_LENGTH.start:
        return  # the matcher is slow, and most messages have no number at all
    for match in phonenumbers.PhoneNumberMatcher(text, region or None):
        value = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        yield Entity("phone", value, match.start, match.end)
