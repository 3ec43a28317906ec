"""What a message carries besides words, in no vendor's terms and within bounds."""

from collections.abc import Mapping
from typing import Any

from connectors.events import MediaRef
from connectors.whatsapp.wire import (
    MAX_NAME,
    bounded,
    filled,
    identifier,
    items,
    mapping,
    number,
    objects,
    read_object,
    sha256_hex,
    words,
)  # fmt: skip

MAX_CARDS = 20
MAX_CARD_ENTRIES = 5
MAX_URL = 2_048
_ADVERTISEMENT = ("source_url", "source_id", "source_type", "headline", "body", "media_type", "ctwa_clid")


def media_of(part: Mapping[str, Any]) -> MediaRef | None:
    """The file of a message; None: the message names none that could be fetched."""
    ref = identifier(part.get("id"))
    if not ref:
        return None
    return MediaRef(
        ref=ref,
        mime=words(part.get("mime_type"), MAX_NAME).strip(),
        name=words(part.get("filename"), MAX_NAME).strip(),
        sha256=sha256_hex(part.get("sha256")),
    )


def place_of(part: Mapping[str, Any]) -> dict[str, Any]:
    """latitude and longitude in degrees, title, address, url: those that are there and sensible."""
    latitude, longitude = number(part.get("latitude")), number(part.get("longitude"))
    known = latitude is not None and longitude is not None and abs(latitude) <= 90 and abs(longitude) <= 180
    return filled(
        latitude=latitude if known else None,
        longitude=longitude if known else None,
        title=words(part.get("name")),
        address=words(part.get("address")),
        url=words(part.get("url"), MAX_URL),
    )


def cards_of(value: Any) -> list[dict[str, Any]]:
    """Contact cards: name, phones, emails, organisation; at most MAX_CARDS."""
    return [
        filled(
            name=words(mapping(card.get("name")).get("formatted_name"), MAX_NAME),
            phones=[words(each.get("phone"), 64) for each in objects(card.get("phones"), MAX_CARD_ENTRIES)],
            emails=[words(each.get("email"), 320) for each in objects(card.get("emails"), MAX_CARD_ENTRIES)],
            organisation=words(mapping(card.get("org")).get("company"), MAX_NAME),
        )
        for card in objects(value, MAX_CARDS)
    ]


def basket_of(part: Mapping[str, Any]) -> dict[str, Any]:
    """catalogue, and lines of sku, quantity, price (in units of currency), currency; `lines` counts all of them."""
    lines = part.get("product_items")
    return filled(
        catalogue=identifier(part.get("catalog_id")),
        lines=len(items(lines)),
        items=[
            filled(
                sku=words(line.get("product_retailer_id"), MAX_NAME),
                quantity=number(line.get("quantity")),
                price=number(line.get("item_price")),
                currency=words(line.get("currency"), 3),
            )
            for line in objects(lines)
        ],
    )


def form_of(reply: Mapping[str, Any]) -> dict[str, Any]:
    """The form's name and its answers; answers that are no JSON object are kept as text."""
    raw = reply.get("response_json")
    try:
        answers = read_object(raw.encode("utf-8", "replace")) if isinstance(raw, str) else mapping(raw)
    except ValueError:
        return filled(form=words(reply.get("name"), MAX_NAME), answer_text=words(raw))
    return filled(form=words(reply.get("name"), MAX_NAME), answers=bounded(answers))


def errors_of(value: Any) -> list[dict[str, Any]]:
    """The vendor's errors: code, title, details."""
    return [
        filled(
            code=words(error.get("code"), 32),
            title=words(error.get("title")) or words(error.get("message")),
            details=words(mapping(error.get("error_data")).get("details")),
        )
        for error in objects(value, 10)
    ]


def surroundings_of(message: Mapping[str, Any]) -> dict[str, Any]:
    """What may stand beside any message: forwarded, product asked about, advertisement, the vendor's errors."""
    context = mapping(message.get("context"))
    product = mapping(context.get("referred_product"))
    referral = mapping(message.get("referral"))
    forwarded = "often" if context.get("frequently_forwarded") is True else "once"
    return filled(
        forwarded=forwarded if forwarded == "often" or context.get("forwarded") is True else "",
        product=filled(
            catalogue=identifier(product.get("catalog_id")), sku=words(product.get("product_retailer_id"), MAX_NAME)
        ),
        advertisement=filled(**{key: words(referral.get(key), MAX_URL) for key in _ADVERTISEMENT}),
        errors=errors_of(message.get("errors")),
    )
