"""A person's message as the record takes it. Pure."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from connectors.channel import Account
from connectors.events import Content, Said
from conversations.contacts import Contact
from conversations.model import MAX_TEXT, Hints, Inbound, Kind
from conversations.originals import SHOW_ORIGINAL

SHOW_HELD = frozenset({"line_show_answer", "read_answer"})  # taps that only want what waits; never a question
NOTED = SHOW_HELD | {SHOW_ORIGINAL}
_WORDS = (Content.TEXT, Content.BUTTON)


def to_inbound(
    said: Said, *, channel: str, account: Account, sender: str, at: float, contact: Contact | None,
    button: Mapping[str, Any] | None, quoted: str = "",
) -> Inbound:  # fmt: skip
    """The message to store. `button`: the choice of ours that was pressed; `quoted`: id of the message it answers."""
    payload: dict[str, Any] = {"content": said.content.value}
    if said.details:
        payload["details"] = dict(said.details)
    if said.media:
        payload["media"] = {key: value for key, value in asdict(said.media).items() if key in ("name", "mime", "size")}
    if quoted:
        payload["quoted"] = quoted
    if button:
        payload |= {"payload": button["payload"], "title": button["title"]}
    text = said.text or (str(button["title"]) if button else "")
    if len(text) > MAX_TEXT:
        payload["cut"] = len(text)  # no vendor's own limit is above ours, so this is no customer's text
    return Inbound(
        channel=channel,
        sender=sender,
        market=account.market,
        text=text[:MAX_TEXT],
        provider_id=said.message,
        kind=_kind(said, button),
        payload=payload,
        hints=_hints(said, contact),
        account=account.name,
        said_at=at,
        noted=button is not None and str(button["payload"]) in NOTED,
    )


def _kind(said: Said, button: Mapping[str, Any] | None) -> Kind:
    if button:
        return Kind.BUTTON
    if said.content is Content.GROUP:
        return Kind.EVENT
    return Kind.TEXT if said.content in _WORDS else Kind.MEDIA


def _hints(said: Said, contact: Contact | None) -> Hints:
    profile = (contact.profile if contact else None) or {}
    return Hints(profile_language=str(profile.get("language", "")), phone=said.phone, country=said.country)
