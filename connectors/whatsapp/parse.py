"""A webhook's bytes become events. Pure; one message that cannot be read never costs the others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from connectors.events import Event, Notice, StatusChange, Unreadable, What
from connectors.whatsapp.details import errors_of
from connectors.whatsapp.messages import Faulty, read_message
from connectors.whatsapp.people import contacts_of
from connectors.whatsapp.wire import (
    bounded,
    digest,
    filled,
    identifier,
    items,
    mapping,
    objects,
    read_object,
    seconds,
    words,
)

OBJECT = "whatsapp_business_account"
MAX_EVENT_ID = 128  # characters that the table of events takes
MAX_EVENTS = 20_000  # Meta's bound is 1,000, and no more real ones fit into its 3 MB
UNREADABLE = "unreadable"  # topic of what could not be read
_BESIDES = ("metadata", "messaging_product", "contacts")  # names of people are no business of a notice
_STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "failed": "failed", "played": "read"}


@dataclass(frozen=True)
class _Envelope:
    """What is true of every event of one change."""

    business_account: str
    account: str
    at: float  # 0.0: not told
    field: str
    value: Mapping[str, Any]
    readable: bool  # False: `value` holds what stands in the place of a change

    def event(self, event_id: str, at: float, what: What) -> Event:
        bounded_id = event_id if len(event_id) <= MAX_EVENT_ID else digest(event_id)
        return Event(bounded_id, self.account, at or self.at, what)

    def notice(self, topic: str, content: Any, details: Mapping[str, Any], at: float = 0.0) -> Event:
        event_id = digest(self.business_account, self.account, self.at, self.field, topic, content)
        named = {**details, "business_account": self.business_account}
        return self.event(event_id, at, Notice(topic, filled(**named)))


def parse(body: bytes) -> list[Event]:
    """The body's events in its order. Raises Unreadable when it is no WhatsApp webhook at all."""
    root = read_object(body)
    if root.get("object") != OBJECT:
        raise Unreadable(f"the body's object is not {OBJECT}")
    events = list(islice((event for each in _envelopes(root) for event in _events(each)), MAX_EVENTS + 1))
    if len(events) > MAX_EVENTS:
        why = f"more than {MAX_EVENTS} events in one webhook of {len(body)} bytes; the rest is not read"
        events[-1] = Event(digest(why, events[0].id), "", events[0].at, Notice(UNREADABLE, {"why": why}))
    return events


def _envelopes(root: Mapping[str, Any]) -> Iterator[_Envelope]:
    entries = root.get("entry")
    for entry in entries if isinstance(entries, list) else [] if entries is None else [entries]:
        head = mapping(entry)
        for change in items(head.get("changes")) or [entry]:
            value = mapping(change).get("value")
            metadata = mapping(mapping(value).get("metadata"))
            yield _Envelope(
                business_account=identifier(head.get("id")),
                account=identifier(metadata.get("phone_number_id")),
                at=seconds(head.get("time")),
                field=words(mapping(change).get("field"), 64),
                value=value if isinstance(value, dict) else {"body": change},
                readable=isinstance(value, dict),
            )


def _events(envelope: _Envelope) -> Iterator[Event]:
    value = envelope.value
    known = [value[key] for key in ("messages", "statuses", "errors") if key in value]
    if envelope.field not in ("messages", "") or not any(known):
        yield _whole(envelope)
        return
    contacts = contacts_of(value)
    for raw in items(value.get("messages")):
        try:
            message_id, what = read_message(raw, contacts)
            yield envelope.event(message_id, seconds(raw.get("timestamp")), what)
        except Faulty as fault:
            yield _unreadable(envelope, raw, str(fault))
    for raw in items(value.get("statuses")):
        yield _status(envelope, raw)
    if value.get("errors"):
        at = max((seconds(mapping(raw).get("timestamp")) for raw in items(value.get("messages"))), default=0.0)
        yield envelope.notice("errors", value["errors"], filled(errors=errors_of(value["errors"])), at)
    for key in ("messages", "statuses"):
        if value.get(key) and not isinstance(value[key], list):
            yield _unreadable(envelope, value[key], f"{key} is no list")


def _whole(envelope: _Envelope) -> Event:
    """The change as a notice: about our account, or of a kind that this version does not know."""
    content = {key: item for key, item in envelope.value.items() if key not in _BESIDES}
    topic = envelope.field if envelope.readable and envelope.field else UNREADABLE
    firsts = (next(objects(item, 1), {}) for item in content.values())
    at = next((found for first in firsts if (found := seconds(first.get("timestamp")))), 0.0)
    return envelope.notice(topic, content, filled(value=bounded(content)), at)


def _unreadable(envelope: _Envelope, raw: Any, why: str) -> Event:
    head = mapping(raw)
    described = filled(why=why, field=envelope.field, kind=words(head.get("type"), 64), id=words(head.get("id"), 256))
    return envelope.notice(UNREADABLE, raw, described, seconds(head.get("timestamp")))


def _status(envelope: _Envelope, raw: Any) -> Event:
    head = mapping(raw)
    message, name = identifier(head.get("id")), words(head.get("status"), 32)
    if not message or not name:
        return _unreadable(envelope, raw, "a status names no message or no state")
    if name not in _STATUSES:
        return envelope.notice(f"status.{name}", raw, {"message": message}, seconds(head.get("timestamp")))
    error = next(iter(errors_of(head.get("errors"))), {}) if name == "failed" else {}
    code = error.get("code", "")
    member = head.get("recipient_participant_user_id") or head.get("recipient_participant_id")  # of a group
    change = StatusChange(
        message=message,
        status=_STATUSES[name],  # type: ignore[arg-type]
        tracker=words(head.get("biz_opaque_callback_data"), 512),
        code=code,
        reason=error.get("details") or error.get("title") or "",
        category=words(mapping(head.get("pricing")).get("category"), 64),
    )
    parts = [message, name, *filter(None, (code, identifier(member)))]
    return envelope.event(":".join(parts), seconds(head.get("timestamp")), change)
