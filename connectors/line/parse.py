"""LINE's webhook bytes to events. Pure, and never an exception but Unreadable: LINE adds types without notice."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.events import Content, Edit, Event, Notice, Presence, Retraction, Said, Unreadable, What
from connectors.line.fields import Fields, read_object
from connectors.line.messages import Carried, carried, speaks_to, words

MAX_EVENTS = 2000  # of one body; LINE sends a few
MAX_TOKEN = 160
MAX_READ_TOKEN = 1000
MAX_TOPIC = 100
_OUR_BUTTON = re.compile(r"[0-9A-Za-z_-]{1,64}:[0-9]{1,3}")  # "<message id>:<index>"
# What an operator may see of events that are only told; never words, nonces or other people's ids.
_TOLD: Mapping[str, tuple[str, ...]] = {
    "accountLink": ("link", "result"),
    "beacon": ("beacon", "hwid", "type"),
    "membership": ("membership", "type"),
    "videoPlayComplete": ("videoPlayComplete", "trackingId"),
}


@dataclass(frozen=True)
class Where:
    """Who an event came from, and what it can be answered with."""

    event: str  # the event's id
    bot: str
    sender: str  # user, group or room: answers go there; empty: the source names nobody
    speaker: str  # the person; in a group LINE does not always tell
    group: bool
    reply_token: str


def parse(body: bytes) -> list[Event]:
    """The body's events in its order; empty: the console's Verify. Raises Unreadable when it is no LINE webhook."""
    envelope = read_object(body)
    events = envelope.get("events")
    if not isinstance(events, list):
        raise Unreadable("no list of events")
    if len(events) > MAX_EVENTS:
        raise Unreadable(f"{len(events)} events in one body are not LINE's")
    bot = Fields(envelope).id("destination")
    return [_event(raw, bot) for raw in events]


def _event(raw: Any, bot: str) -> Event:
    event = Fields(raw)
    where = _where(event, event.id("webhookEventId") or _digest(raw, bot), bot)
    return Event(
        id=where.event,
        account=bot,
        at=max(event.number("timestamp") or 0, 0) / 1000,
        what=_what(event, where),
        redelivered=event.object("deliveryContext").flag("isRedelivery"),
    )


def _digest(raw: Any, bot: str) -> str:
    """An id for an event without one, the same when it is delivered again."""
    same = {key: value for key, value in raw.items() if key != "deliveryContext"} if isinstance(raw, dict) else raw
    return hashlib.sha256(json.dumps([bot, same], sort_keys=True).encode()).hexdigest()


def _where(event: Fields, event_id: str, bot: str) -> Where:
    source = event.object("source")
    kind = source.text("type")
    key = {"user": "userId", "group": "groupId", "room": "roomId"}.get(kind, "")
    sender, speaker = source.id(key) if key else "", source.id("userId")
    return Where(event_id, bot, sender, speaker, kind in ("group", "room"), event.id("replyToken", MAX_TOKEN))


def _what(event: Fields, where: Where) -> What:
    topic = event.word("type", MAX_TOPIC)
    if not topic:
        return Notice("unreadable", {"fields": event.names()})
    # Somebody else speaks in the chat now. What a person takes back is taken back all the same.
    if event.text("mode") == "standby" and topic != "unsend":
        return Notice("standby", {"event": topic, "sender": where.sender})
    read = _READERS.get(topic)
    if read is None:
        return _told(event, where)
    return read(event, where) if where.sender else Notice(topic, {"problem": "the source names nobody"})


def _told(event: Fields, where: Where) -> Notice:
    topic = event.word("type", MAX_TOPIC)
    details: dict[str, Any] = {"sender": where.sender}
    if topic in _TOLD:
        part, *names = _TOLD[topic]
        details |= {name: event.object(part).word(name) for name in names if event.object(part).text(name)}
    elif topic in ("memberJoined", "memberLeft"):
        part = "joined" if topic == "memberJoined" else "left"
        details["members"] = sum(1 for _ in event.object(part).objects("members"))
    else:
        details["fields"] = event.names()
    return Notice(topic, details)


def _message(event: Fields, where: Where) -> What:
    message = event.object("message")
    if not message:
        return Notice("unreadable", {"fields": event.names(), "sender": where.sender})
    if where.group and not speaks_to(message, where.bot):
        # People talk to each other: what they say is none of our business and is not kept.
        return Notice("group_message", {"sender": where.sender, "type": message.word("type", 50)})
    return _said(message, carried(message, where.bot), where)


def _said(message: Fields, what: Carried, where: Where) -> Said:
    return Said(
        sender=where.sender,
        message=message.id("id") or where.event,
        content=Content.GROUP if where.group else what.content,
        text=what.text,
        aliases=(where.sender,),
        media=what.media,
        details={**what.details, **({"speaker": where.speaker} if where.group and where.speaker else {})},
        quoted=message.id("quotedMessageId"),
        reply_token=where.reply_token,
        read_token=message.id("markAsReadToken", MAX_READ_TOKEN),
    )


def _postback(event: Fields, where: Where) -> What:
    postback = event.object("postback")
    data, params = postback.word("data", 1000), postback.strings("params")
    ours = _OUR_BUTTON.fullmatch(data) is not None
    if not ours and (where.group or "newRichMenuAliasId" in params):
        return Notice("postback", {"sender": where.sender, "data": data, "params": params})
    return Said(
        sender=where.sender,
        message=where.event,
        content=Content.BUTTON,
        aliases=(where.sender,),
        button=data if ours else "",
        details={} if ours else {"data": data, "params": params},
        reply_token=where.reply_token,
    )


def _edited(event: Fields, where: Where) -> What:
    message = event.object("message")
    if message.text("type") != "text" or not message.id("id"):
        return Notice("messageEdited", {"sender": where.sender, "type": message.word("type", 50)})
    if where.group and not speaks_to(message, where.bot):
        return Notice("group_message", {"sender": where.sender, "type": "messageEdited"})
    return Edit(where.sender, message.id("id"), words(message, where.bot)[0])


def _unsent(event: Fields, where: Where) -> What:
    message = event.object("unsend").id("messageId")
    if not message:
        return Notice("unreadable", {"fields": event.names(), "sender": where.sender})
    return Retraction(where.sender, message)


def _followed(event: Fields, where: Where) -> What:
    again = event.object("follow").flag("isUnblocked")
    return Presence(where.sender, "unblock" if again else "follow", where.reply_token)


def _unfollowed(_: Fields, where: Where) -> What:
    return Presence(where.sender, "block")


def _joined(_: Fields, where: Where) -> What:
    return Presence(where.sender, "join", where.reply_token)


def _left(_: Fields, where: Where) -> What:
    return Presence(where.sender, "leave")


_READERS: Mapping[str, Callable[[Fields, Where], What]] = {
    "message": _message,
    "messageEdited": _edited,
    "unsend": _unsent,
    "postback": _postback,
    "follow": _followed,
    "unfollow": _unfollowed,
    "join": _joined,
    "leave": _left,
}
