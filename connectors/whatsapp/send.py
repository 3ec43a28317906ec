"""What a call looks like on the wire, and what its answer says. Pure."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from connectors.channel import Accepted, Task
from connectors.delivery.errors import Refused
from connectors.whatsapp.client import Answer
from connectors.whatsapp.errors import in_doubt
from connectors.whatsapp.wire import filled, identifier, objects


class _Form(NamedTuple):
    """How an id of WhatsApp looks, and how it is written to."""

    pattern: re.Pattern[str]
    type: str
    field: str
    prefix: str = ""


_FORMS = (
    # Without the + Meta may put the country code of our own number before it.
    _Form(re.compile(r"\+?[1-9][0-9]{4,19}"), "individual", "to", "+"),
    _Form(re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]{1,132}"), "individual", "recipient"),
    _Form(re.compile(r"[A-Za-z0-9_=+/:.@-]{8,256}"), "group", "to"),
)
_OURS = ("messaging_product", "recipient_type", "to", "recipient", "biz_opaque_callback_data")


def recipient(address: Mapping[str, str]) -> dict[str, str]:
    """Where a message goes: to the id that the person wrote from last (`sender`, `id`), for it is surely theirs.

    Else to a number, else to a business-scoped id, else to a group. Ids are told apart by how they look, so any keys
    will do. Raises Refused when no id is among them.
    """
    last = [address.get("sender", ""), address.get("id", "")]
    known = [address[key] for key in address if key not in ("sender", "id")]
    for ids in (last, known):
        for form in _FORMS:
            if found := next(filter(form.pattern.fullmatch, ids), ""):
                return {"recipient_type": form.type, form.field: form.prefix + found.removeprefix(form.prefix)}
    raise Refused("no_recipient", "the conversation has no WhatsApp id to write to", "Ask the person to write again.")


def request_of(task: Task, message: Mapping[str, Any]) -> dict[str, Any]:
    """The body of POST messages. `biz_opaque_callback_data` lets the statuses name the delivery.

    Meta takes no key against doubles: after a try with unknown outcome (`task.uncertain`) the sender waits for a
    status with this tracker before it repeats the call.
    """
    own = {key: value for key, value in message.items() if key not in _OURS}
    return {
        "messaging_product": "whatsapp",
        **recipient(task.address),
        **own,
        "biz_opaque_callback_data": task.id[:512],
    }


def accepted_of(answer: Answer) -> Accepted:
    """What the API took. Raises Uncertain when its answer names no message."""
    messages = tuple(filter(None, (identifier(each.get("id")) for each in objects(answer.body.get("messages")))))
    if not messages:
        raise in_doubt("a success without a message id")
    contact = next(objects(answer.body.get("contacts")), {})
    return Accepted(
        messages, filled(wa_id=identifier(contact.get("wa_id")), user_id=identifier(contact.get("user_id")))
    )


def read_receipt(message: str) -> dict[str, Any]:
    """The body that marks `message` as read and shows that an answer is being written, for up to 25 seconds."""
    return {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": message,
        "typing_indicator": {"type": "text"},
    }


def is_template(body: Mapping[str, Any]) -> bool:
    """Whether a planned call asks for a template."""
    return body.get("type") == "template"


def in_words(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """The message that says in words what a template would; None: the planned call has no words for it."""
    text = body.get("text")
    return {"type": "text", "text": {"body": text, "preview_url": False}} if isinstance(text, str) and text else None
