"""The envelope of POST /messages: whom it goes to, what kind it is, and nothing unexpected."""

import re
from dataclasses import dataclass
from typing import Any

from tests.simulators.whatsapp.checks.content import (
    MEDIA_KEYS,
    check_contacts,
    check_location,
    check_media,
    check_reaction,
    check_text,
)
from tests.simulators.whatsapp.checks.interactive import check_interactive
from tests.simulators.whatsapp.checks.node import Node
from tests.simulators.whatsapp.errors import VendorError
from tests.simulators.whatsapp.view import Seen

KINDS = ("text", "interactive", "location", "contacts", "reaction", "template", *MEDIA_KEYS)
RECEIVED_ONLY = {"order", "system", "button", "unsupported", "edit", "revoke", "poll", "event"}
COMMON = (
    "messaging_product",
    "recipient_type",
    "to",
    "recipient",
    "type",
    "context",
    "biz_opaque_callback_data",
    "recipient_identity_key_hash",
)
CALLBACK_DATA = 512
BSUID = re.compile(r"^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$")
PHONE = re.compile(r"^\+?[0-9]{5,20}$")
SEPARATORS = re.compile(r"[\s\-().]")


@dataclass(frozen=True)
class Envelope:
    """A checked request. `seen` is None for a template, whose look depends on the definition."""

    kind: str
    to: str  # as given; empty when only `recipient` is
    recipient: str
    callback_data: str
    quoted: str
    seen: Seen | None
    body: dict[str, Any]

    @property
    def content(self) -> Node:
        """The part that is named after the kind."""
        return Node(self.body[self.kind], self.kind)


@dataclass(frozen=True)
class Receipt:
    """A checked read receipt. `typing` asks for the typing bubble too."""

    message_id: str
    typing: bool


def is_receipt(body: Any) -> bool:
    """Whether a request marks a message as read instead of sending one."""
    return isinstance(body, dict) and "status" in body


def check_receipt(body: Any) -> Receipt:
    """A read receipt. Raises VendorError for what Meta refuses."""
    node = Node(body, "", missing=100, bad=100)
    node.only("messaging_product", "status", "message_id", "typing_indicator")
    node.one_of("messaging_product", "whatsapp")
    node.one_of("status", "read")
    typing = node.optional("typing_indicator")
    if typing is not None:
        typing.only("type")
        typing.one_of("type", "text")
    return Receipt(node.text("message_id"), typing is not None)


def check_envelope(body: Any) -> Envelope:
    """A message. Raises VendorError for what Meta refuses."""
    node = Node(body, "", missing=100, bad=100)
    node.one_of("messaging_product", "whatsapp")
    if "recipient_type" in node.value:
        node.one_of("recipient_type", "individual")
    kind = node.text("type") if "type" in node.value else "text"
    if kind in RECEIVED_ONLY:
        raise VendorError(131051, f"Message type {kind} cannot be sent.")
    if kind not in KINDS:
        wanted = ", ".join(item.upper() for item in KINDS)
        raise VendorError(100, f'Param type must be one of {{{wanted}}} - got "{kind}".')
    node.only(*COMMON, kind)
    to, recipient = _addressee(node)
    return Envelope(
        kind=kind,
        to=to,
        recipient=recipient,
        callback_data=node.text("biz_opaque_callback_data", CALLBACK_DATA, required=False),
        quoted=_quoted(node, kind),
        seen=_seen(node, kind),
        body=node.value,
    )


def _addressee(node: Node) -> tuple[str, str]:
    if node.value.get("to") is None and node.value.get("recipient") is None:
        raise VendorError(100, "The parameter to is required.")
    to = SEPARATORS.sub("", node.text("to", required=False))
    recipient = node.text("recipient", required=False)
    if node.value.get("to") is not None and not PHONE.match(to):
        raise VendorError(131009, "Param to is not a valid phone number.")
    if recipient and not BSUID.match(recipient):
        raise VendorError(131009, "Param recipient is not a valid business-scoped user ID.")
    return to, recipient


def _quoted(node: Node, kind: str) -> str:
    context = node.optional("context")
    if context is None:
        return ""
    if kind == "reaction":
        raise VendorError(131009, "Param context cannot be used with reaction messages.")
    context.only("message_id")
    return context.text("message_id")


def _seen(node: Node, kind: str) -> Seen | None:
    if kind == "contacts":
        return check_contacts(Node(node.value, ""))
    if kind == "text":
        return check_text(node.child("text"))
    node.need(kind)
    if kind in MEDIA_KEYS:
        return check_media(node.child(kind), kind)
    content = Node(node.value[kind], kind)
    if kind == "template":
        return None
    checks = {"interactive": check_interactive, "location": check_location, "reaction": check_reaction}
    return checks[kind](content)
