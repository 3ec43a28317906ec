"""Messages that are not interactive: text, media, location, contacts, reaction."""

import re

from tests.simulators.whatsapp.checks.node import Node
from tests.simulators.whatsapp.errors import VendorError
from tests.simulators.whatsapp.view import Seen

TEXT = 4096
CAPTION = 1024
CONTACTS = 257
MEDIA_KEYS = {
    "image": ("id", "link", "caption"),
    "video": ("id", "link", "caption"),
    "audio": ("id", "link", "voice"),
    "document": ("id", "link", "caption", "filename"),
    "sticker": ("id", "link"),
}
CONTACT_KEYS = ("name", "phones", "emails", "addresses", "org", "urls", "birthday")
EMOJI = re.compile(r"^\S{0,32}$")


def check_text(node: Node) -> Seen:
    """What the customer sees of a text."""
    node.only("body", "preview_url")
    node.flag("preview_url")
    return Seen(text=node.text("body", TEXT))


def check_media(node: Node, kind: str) -> Seen:
    """What the customer sees of a file; whether the file exists is for the media store to say."""
    node.only(*MEDIA_KEYS[kind])
    if ("id" in node.value) == ("link" in node.value):
        raise VendorError(100, f"Param {node.path} must have exactly one of {{id, link}}.")
    if kind == "audio":
        node.flag("voice")
    return Seen(
        text=node.text("caption", CAPTION, required=False),
        media=node.text("id", 64) if "id" in node.value else node.url("link"),
        media_kind=kind,
        file_name=node.text("filename", 240, required=False) if kind == "document" else "",
    )


def check_location(node: Node) -> Seen:
    """What the customer sees of a place."""
    node.only("latitude", "longitude", "name", "address")
    latitude = node.number("latitude", -90, 90)
    longitude = node.number("longitude", -180, 180)
    name = node.text("name", 1000, required=False)
    address = node.text("address", 1000, required=False)
    return Seen(places=(f"{latitude:g}", f"{longitude:g}", name, address))


def check_contacts(node: Node) -> Seen:
    """What the customer sees of shared contacts; `node` is the whole message."""
    if not 1 <= len(node.items("contacts")) <= CONTACTS:
        raise VendorError(131009, f"Param contacts must have 1 to {CONTACTS} elements.")
    names = []
    for contact in node.each("contacts"):
        contact.only(*CONTACT_KEYS)
        name = contact.child("name")
        name.only("formatted_name", "first_name", "last_name", "middle_name", "suffix", "prefix")
        names.append(name.text("formatted_name"))
        if len([key for key in name.value if key != "formatted_name"]) < 1:
            raise VendorError(131009, f"Param {name.path} needs one more part beside formatted_name.")
        for phone in contact.each("phones", required=False):
            phone.only("phone", "type", "wa_id")
    return Seen(cards=tuple(names))


def check_reaction(node: Node) -> Seen:
    """What the customer sees of a reaction; an empty emoji takes it back."""
    node.only("message_id", "emoji")
    emoji = node.text("emoji", 32, required=False)
    if "emoji" not in node.value:
        raise VendorError(131008, "The parameter reaction['emoji'] is required.")
    if not EMOJI.match(emoji) or (emoji.isascii() and emoji):
        raise VendorError(131009, "Param reaction['emoji'] must be a single emoji.")
    return Seen(emoji=emoji, target=node.text("message_id"))
