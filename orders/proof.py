"""Whether what somebody says proves that an order is theirs. Pure."""

import hmac
import unicodedata

from orders.fold import normalise_digits
from orders.model import Order
from orders.phone import plain_phone

MAX_TRIES = 5  # of one conversation, then a person
MAX_TRIES_PER_ORDER = 15  # of all conversations in a day
_MAX_CHARS = 254  # the longest e-mail address there is


def matches_proof(
    order: Order, email: str | None, postcode: str | None, phone: str | None, *, postcode_length: int = 0
) -> bool:
    """Whether at least one of the three is the order's own; missing and empty ones prove nothing.

    Case, spaces, dashes and the script of digits do not matter. `postcode_length` is the market profile's: only so
    many characters of the postcode are compared, 0 meaning all. Every comparison takes the same time.
    """
    results = [
        _same(plain_email(email), plain_email(order.email)),
        _same(plain_postcode(postcode, postcode_length), plain_postcode(order.postcode, postcode_length)),
        _same(plain_phone(phone, order.market), plain_phone(order.phone, order.market)),
    ]
    return any(results)


def _same(given: str, known: str) -> bool:
    equal = hmac.compare_digest(given.encode("utf-8", "replace"), known.encode("utf-8", "replace"))
    return equal and bool(known)


def plain_email(text: str | None) -> str:
    """`text` as it is compared; empty when it is none."""
    if not text or len(text) > _MAX_CHARS:
        return ""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def plain_postcode(text: str | None, length: int) -> str:
    """`text` as it is compared, at most `length` characters of it (0: all); empty when it is none."""
    if not text or len(text) > _MAX_CHARS:
        return ""
    folded = normalise_digits(unicodedata.normalize("NFKC", text)).upper()
    plain = "".join(char for char in folded if char.isascii() and char.isalnum())
    return plain[:length] if length else plain
