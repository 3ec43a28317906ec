"""What a customer can do, as the part of the webhook that is named after its kind."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.simulators.whatsapp.config import PhoneNumber
from tests.simulators.whatsapp.engine import Engine
from tests.simulators.whatsapp.samples import SAMPLES
from tests.simulators.whatsapp.state import Chat, Customer, Document, SentMessage, user_id_of

UNSUPPORTED = {
    "code": 131051,
    "title": "Message type unknown",
    "message": "Message type unknown",
    "error_data": {"details": "Message type is currently not supported."},
}


@dataclass(frozen=True)
class Deed:
    """One act of a customer with all that a builder may need."""

    engine: Engine
    number: PhoneNumber
    customer: Customer
    chat: Chat
    act: Document

    def get(self, name: str, otherwise: Any = "") -> Any:
        """A value of the act."""
        return self.act.get(name, otherwise)

    def need(self, name: str) -> Any:
        """A value of the act. Raises ValueError when it is absent."""
        if self.act.get(name) is None:
            raise ValueError(f"{self.act['type']}: give {name}")
        return self.act[name]

    def quote(self, wamid: str) -> Document:
        """The `context` that quotes a message."""
        return {"from": self.number.display_phone_number, "id": wamid}


def text(deed: Deed) -> Document:
    """Words."""
    return {"text": {"body": str(deed.need("text"))}, "type": "text"}


def media(deed: Deed) -> Document:
    """A file; `data` in Base64, else a small real file of the kind."""
    kind = str(deed.act["type"])
    data, mime_type, file_name = SAMPLES[kind]
    if deed.get("data"):
        data = base64.b64decode(deed.act["data"], validate=True)
        mime_type, file_name = str(deed.need("mime_type")), str(deed.get("file_name"))
    now = deed.engine.clock.now()
    file = deed.engine.media.receive(deed.number.phone_number_id, mime_type, data, file_name, now)
    shown: Document = {"mime_type": mime_type, "sha256": file.sha256_base64, "id": file.id}
    if deed.get("caption") and kind in {"image", "video", "document"}:
        shown["caption"] = str(deed.act["caption"])
    if kind == "document":
        shown["filename"] = file_name or "document"
    if kind in {"audio", "voice"}:
        shown["voice"] = kind == "voice"
    if kind == "sticker":
        shown["animated"] = bool(deed.get("animated", False))
    name = "audio" if kind == "voice" else kind
    return {"type": name, name: shown}


def location(deed: Deed) -> Document:
    """A place: the current one, or one chosen from the map, which has a name (`place`)."""
    found = {"latitude": float(deed.need("latitude")), "longitude": float(deed.need("longitude"))}
    keys = {"place": "name", "address": "address", "url": "url"}
    chosen = {key: str(deed.act[name]) for name, key in keys.items() if deed.act.get(name)}
    return {"location": {**found, **chosen}, "type": "location"}


def contacts(deed: Deed) -> Document:
    """Cards of other people."""
    card = {
        "name": {"first_name": "Lena", "last_name": "Vogt", "formatted_name": "Lena Vogt"},
        "phones": [{"phone": "+49 30 901820", "wa_id": "4930901820", "type": "CELL"}],
    }
    return {"contacts": deed.get("contacts", [card]), "type": "contacts"}


def tap(deed: Deed) -> Document:
    """A tap on a button or a row, named by id or title; on the newest message that has it, or on `message_id`."""
    wanted = str(deed.need("choice"))
    for message in reversed(deed.chat.messages):
        if not isinstance(message, SentMessage) or deed.get("message_id", message.wamid) != message.wamid:
            continue
        for choice in message.seen.buttons:
            if wanted in (choice.id, choice.title):
                if message.kind == "template":
                    told: Document = {"type": "button", "button": {"payload": choice.id, "text": choice.title}}
                else:
                    told = _reply("button_reply", {"id": choice.id, "title": choice.title})
                return {"context": deed.quote(message.wamid), **told}
        for row in message.seen.rows:
            if wanted in (row.id, row.title):
                described = {"description": row.description} if row.description else {}
                told = _reply("list_reply", {"id": row.id, "title": row.title, **described})
                return {"context": deed.quote(message.wamid), **told}
    raise ValueError(f"tap: no message in this chat has the choice {wanted!r}")


def _reply(kind: str, chosen: Document) -> Document:
    return {"type": "interactive", "interactive": {"type": kind, kind: chosen}}


def reaction(deed: Deed) -> Document:
    """An emoji on a message."""
    return {"type": "reaction", "reaction": {"message_id": deed.need("message_id"), "emoji": str(deed.need("emoji"))}}


def unreaction(deed: Deed) -> Document:
    """A reaction taken back; the vendor leaves `emoji` out or sends it empty."""
    empty = {"emoji": ""} if deed.get("empty", False) else {}
    return {"type": "reaction", "reaction": {"message_id": deed.need("message_id"), **empty}}


def edit(deed: Deed) -> Document:
    """New words for an earlier message of the customer."""
    original = deed.engine.world.received.get(str(deed.need("message_id")))
    if original is None:
        raise ValueError("edit: the customer has sent no such message")
    kind = original.kind
    if kind == "text":
        content: Document = {"type": "text", "text": {"body": str(deed.need("text"))}}
    elif kind in {"image", "video", "document"}:
        content = {"type": kind, kind: {**original.payload[kind], "caption": str(deed.need("text"))}}
    else:
        raise ValueError(f"edit: a message of type {kind} cannot be edited")
    return {"type": "edit", "edit": {"original_message_id": original.wamid, "message": content}}


def revoke(deed: Deed) -> Document:
    """An earlier message deleted for everyone."""
    original = deed.engine.world.received.get(str(deed.need("message_id")))
    if original is None:
        raise ValueError("revoke: the customer has sent no such message")
    original.removed = True
    return {"type": "revoke", "revoke": {"original_message_id": original.wamid}}


def order(deed: Deed) -> Document:
    """A basket from the catalogue."""
    item = {"product_retailer_id": "ORK-LAMP-01", "quantity": 2, "item_price": 30, "currency": "EUR"}
    items = deed.get("product_items", [item])
    return {
        "type": "order",
        "order": {"catalog_id": "354160437058781", "text": str(deed.get("text")), "product_items": items},
    }


def unsupported(deed: Deed) -> Document:
    """A kind that the API does not pass on; newer payloads name it."""
    named = {"unsupported": {"type": str(deed.act["kind"])}} if deed.get("kind") else {}
    return {"errors": [UNSUPPORTED], "type": "unsupported", **named}


def broken(deed: Deed) -> Document:
    """An interactive message without its content, as seen in the wild; the error stands beside it."""
    return {"type": "interactive"}


def number_change(deed: Deed) -> Document:
    """The customer moves to another number and gets another user id."""
    new = str(deed.need("new_wa_id"))
    old = deed.customer
    moved = deed.engine.world.customer(new)
    moved.name, moved.username = old.name, old.username
    old.reachable = False
    body = f"User {old.name or old.wa_id} changed from {old.wa_id} to {new}"
    return {"system": {"body": body, "wa_id": new, "type": "user_changed_number"}, "type": "system"}


def user_id_change(deed: Deed) -> Document:
    """The customer gets another user id."""
    old, deed.customer.user_id = deed.customer.user_id, user_id_of(deed.customer.wa_id, generation=1)
    body = f"User {deed.customer.name} changed user id from {old} to {deed.customer.user_id}"
    new = {"body": body, "user_id": deed.customer.user_id, "type": "user_changed_user_id"}
    return {"system": new, "type": "system"}


def identity_change(deed: Deed) -> Document:
    """The customer reinstalled WhatsApp, or somebody else has the number."""
    identity = {
        "acknowledged": True,
        "created_timestamp": str(int(deed.engine.clock.now())),
        "hash": "DF2lS5v2W6x=",
    }
    changed = {"body": f"User {deed.customer.name} identity changed", "type": "customer_identity_changed"}
    return {"identity": identity, "system": changed, "type": "system"}


BUILDERS: dict[str, Callable[[Deed], Document]] = {
    "text": text,
    **dict.fromkeys(SAMPLES, media),
    "location": location,
    "contacts": contacts,
    "tap": tap,
    "reaction": reaction,
    "unreaction": unreaction,
    "edit": edit,
    "revoke": revoke,
    "order": order,
    "unsupported": unsupported,
    "broken": broken,
    "number_change": number_change,
    "user_id_change": user_id_change,
    "identity_change": identity_change,
}
SILENT = {"reaction", "unreaction", "edit", "revoke", "number_change", "user_id_change", "identity_change"}
WITHOUT_CONTACTS = {"number_change", "user_id_change"}
