"""Chatwoot's webhooks as events. Pure."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.events import Unreadable
from connectors.helpdesks.events import MAX_REPLY, AgentSaid, DeskEvent, StateChange
from connectors.helpdesks.fields import moment, read_object, storable, text, within

SOURCE = "aftersail:"  # how the source_id of everything that we write there begins
KEY = "aftersail_case"  # custom attribute of our conversations
_STATES = {"resolved": "resolved", "open": "open"}
# Up to the next mark only: were each mark to look for its end through the whole text, long ones would take seconds.
_BOLD = re.compile(r"(\*\*|__)(?=\S)((?:(?!\1).)+)(?<=\S)\1", re.DOTALL)
_LINK = re.compile(r"\[([^\]\n]{1,500})\]\((https?://[^)\s]{1,2000})\)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")


def parse(headers: Mapping[str, str], body: bytes) -> Sequence[DeskEvent]:
    """An agent's public message or a change of state; empty for everything else. Raises Unreadable."""
    data = read_object(body)
    kind = data.get("event")
    if not isinstance(kind, str):
        raise Unreadable("no event of Chatwoot's")
    if kind == "message_created":
        return _message(data)
    return _state(headers, body, data) if kind == "conversation_status_changed" else ()


def sender_id(data: Mapping[str, Any]) -> str:
    """Id of the user who wrote the message."""
    return text(within(data, "sender").get("id"))


def plain(markdown: str) -> str:
    """What Chatwoot's editor marks up, as words: no channel of a customer shows Markdown."""
    said = _LINK.sub(lambda found: found[2] if found[1] == found[2] else f"{found[1]}: {found[2]}", markdown)
    said = _BOLD.sub(r"\2", said)
    return _ESCAPE.sub(r"\1", said).strip()


def _message(data: Mapping[str, Any]) -> Sequence[DeskEvent]:
    sender = within(data, "sender")
    is_answer = data.get("message_type") in ("outgoing", 1) and data.get("private") is False
    if not is_answer or sender.get("type") != "user" or text(data.get("source_id")).startswith(SOURCE):
        return ()  # the customer's own words, notes, bots, and everything that came from us
    conversation = within(data, "conversation")
    number, case_id = text(data.get("id"), 32), text(conversation.get("id"), 32)
    if not number or not case_id:
        raise Unreadable("a message without its ids")
    account = _account(data, conversation)
    content = data.get("content")
    files = data.get("attachments")
    said = AgentSaid(
        message=f"message:{number}",
        text=plain(storable(content[:MAX_REPLY])) if isinstance(content, str) else "",
        agent=text(sender.get("available_name") or sender.get("name"), 80),
        files=len(files) if isinstance(files, list) else 0,
    )
    at = moment(data.get("created_at"))
    return (DeskEvent(f"{account}:message:{number}"[:100], account, case_id, at, said, _key(conversation)),)


def _state(headers: Mapping[str, str], body: bytes, data: Mapping[str, Any]) -> Sequence[DeskEvent]:
    state = _STATES.get(text(data.get("status")))
    case_id = text(data.get("id"), 32)
    if state is None:
        return ()
    if not case_id:
        raise Unreadable("a conversation without its id")
    account = _account(data, data)
    signed_at = headers.get("x-chatwoot-timestamp", "")
    # The delivery's id is not signed: whoever replays one could make it up. What was signed is the event.
    signed = hashlib.sha256(f"{signed_at}.".encode() + body).hexdigest()
    # Chatwoot dates no change of state; the signed time of the delivery is nearest.
    at = moment(data.get("updated_at")) or moment(_number(signed_at))
    change = StateChange("resolved" if state == "resolved" else "open")
    return (DeskEvent(f"{account}:state:{signed[:48]}", account, case_id, at, change, _key(data)),)


def _account(data: Mapping[str, Any], conversation: Mapping[str, Any]) -> str:
    """Account and inbox. Conversation events name the account only within their contact."""
    account = text(within(data, "account").get("id")) or text(
        within(conversation, "meta", "sender", "account").get("id")
    )
    return f"{account}/{text(conversation.get('inbox_id')) or text(within(data, 'inbox').get('id'))}"


def _key(conversation: Mapping[str, Any]) -> str:
    return text(within(conversation, "custom_attributes").get(KEY), 80)


def _number(value: str) -> float:
    return float(value) if value.isdecimal() and len(value) < 12 else 0.0
