"""What a vendor tells us, in no vendor's words. Every channel's parse.py makes these; intake/ applies them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from pydantic import TypeAdapter


class Content(StrEnum):
    """What a message of a person carries."""

    TEXT = "text"
    BUTTON = "button"  # a choice that we offered; `Said.button` is its id
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    VOICE = "voice"
    DOCUMENT = "document"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACTS = "contacts"
    ORDER = "order"  # a basket made in the channel
    FORM = "form"  # answers to a form of the channel
    GROUP = "group"  # somebody speaks to us in a group
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True)
class MediaRef:
    """A file at the vendor's, not fetched yet."""

    ref: str  # what the channel's client needs to fetch it
    mime: str = ""  # as the vendor says; empty: it does not
    name: str = ""
    sha256: str = ""  # hex; empty: the vendor does not say
    size: int = 0  # bytes; 0: unknown
    url: str = ""  # an address outside the vendor's store (LINE's external provider)


@dataclass(frozen=True)
class Said:
    """A person wrote, pressed or sent something."""

    sender: str  # the channel's id of the person or group: answers go there
    message: str  # the vendor's id of the message
    content: Content
    text: str = ""  # the person's own words or the label of their choice; empty: none
    name: str = ""  # what the person calls themselves in the channel
    phone: str = ""  # verified by the channel, E.164 with +
    country: str = ""  # ISO 3166 code that the channel knows; empty: it does not
    aliases: tuple[str, ...] = ()  # every id that the channel has for this person, `sender` among them
    button: str = ""  # id of the choice, ours
    media: MediaRef | None = None
    details: Mapping[str, Any] = field(default_factory=dict)  # place, cards, basket, keywords, advertisement …
    quoted: str = ""  # the vendor's id of the message that this one answers
    reply_token: str = ""  # free answer, for a short time (LINE)
    read_token: str = ""  # marks the message as read (LINE)
    type: Literal["said"] = "said"


@dataclass(frozen=True)
class StatusChange:
    """A message of ours got further, or failed."""

    message: str  # the vendor's id of our message
    status: Literal["sent", "delivered", "read", "failed"]
    tracker: str = ""  # id of our delivery, as we gave it
    code: str = ""
    reason: str = ""  # the vendor's words
    category: str = ""  # what the vendor charges it as
    type: Literal["status"] = "status"


@dataclass(frozen=True)
class Retraction:
    """A person took a message back: its words must go."""

    sender: str
    message: str
    type: Literal["retraction"] = "retraction"


@dataclass(frozen=True)
class Edit:
    """A person changed the words of a message."""

    sender: str
    message: str  # the message that was changed
    text: str
    type: Literal["edit"] = "edit"


@dataclass(frozen=True)
class Reaction:
    """A person put an emoji on a message, or took it away."""

    sender: str
    message: str
    emoji: str  # empty: taken away
    type: Literal["reaction"] = "reaction"


@dataclass(frozen=True)
class Presence:
    """A person or group came, went, blocked or unblocked us."""

    sender: str
    change: Literal["follow", "unblock", "block", "join", "leave"]
    reply_token: str = ""
    type: Literal["presence"] = "presence"


@dataclass(frozen=True)
class NewIdentity:
    """The channel gave a person another id."""

    sender: str  # the id until now
    becomes: str
    aliases: tuple[str, ...] = ()
    type: Literal["identity"] = "identity"


@dataclass(frozen=True)
class Notice:
    """Something about our account, or an event that this version does not know: told to the operator."""

    topic: str  # the vendor's name of it
    details: Mapping[str, Any] = field(default_factory=dict)
    type: Literal["notice"] = "notice"


What = Said | StatusChange | Retraction | Edit | Reaction | Presence | NewIdentity | Notice


@dataclass(frozen=True)
class Event:
    """One event of a webhook's body."""

    id: str  # the same id is the same event, however often it is delivered; at most 128 characters
    account: str  # the vendor's id of our number or bot that it came to; empty: it names none
    at: float  # when it happened at the vendor's, seconds since 1970
    what: What
    redelivered: bool = False


EVENT: TypeAdapter[Event] = TypeAdapter(Event)


class Unreadable(ValueError):
    """A body that is no webhook of this channel at all: answer 400 and keep nothing."""
