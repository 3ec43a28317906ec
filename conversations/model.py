"""What a conversation is made of. Plain values; the database is in record.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from conversations.promise_model import Promised
from glossaries.violations import Source

MAX_TEXT = 5_000  # characters of one message; as many as the channel that takes most


class Kind(StrEnum):
    """What a message carries."""

    TEXT = "text"
    BUTTON = "button"  # a choice that we offered; `payload["payload"]` is ours, never typed
    MEDIA = "media"
    EVENT = "event"


class Status(StrEnum):
    """Where a message stands; outbound states only move forward."""

    RECEIVED = "received"
    HANDLED = "handled"
    FAILED = "failed"
    QUEUED = "queued"
    HELD = "held"  # may not be sent now
    WITHDRAWN = "withdrawn"  # the bot's, overtaken by a person who took over
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"


OUTBOUND_ORDER = (Status.QUEUED, Status.SENT, Status.DELIVERED, Status.READ)


@dataclass(frozen=True)
class Hints:
    """What a channel knows about the person besides the words."""

    chosen_language: str = ""  # picked in a menu; content code
    page_locale: str = ""  # language of the page, BCP 47
    browser_languages: tuple[str, ...] = ()
    profile_language: str = ""
    phone: str = ""  # verified by the channel, E.164
    time_zone: str = ""  # IANA name
    customer_ref: str = ""  # proved by a signed token of the shop
    country: str = ""  # ISO 3166 code that the channel tells where it gives no phone

    def to_json(self) -> dict[str, Any]:
        """The fields that are set."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in vars(self).items() if value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Hints":
        """Hints from to_json's mapping; unknown keys are left out."""
        known = {key: data[key] for key in cls.__dataclass_fields__ if key in data}
        return cls(**{**known, "browser_languages": tuple(known.get("browser_languages", ()))})


@dataclass(frozen=True)
class Inbound:
    """A message that came in, before it is stored."""

    channel: str
    sender: str  # the channel's id of the person or visit
    market: str
    text: str
    provider_id: str  # the channel's id of the message: the same id is the same message
    kind: Kind = Kind.TEXT
    payload: Mapping[str, Any] = field(default_factory=dict)
    hints: Hints = Hints()
    account: str = ""  # our account at the vendor's; empty: web chat
    said_at: float | None = None  # the vendor's time
    noted: bool = False  # kept for people to see; the bot has nothing to say to it


@dataclass(frozen=True)
class Conversation:
    """A conversation as it stands."""

    id: str
    channel: str
    sender: str
    market: str
    language: str  # empty until the first message is read
    language_state: Mapping[str, Any]
    hints: Hints
    owner: str  # bot, queue, agent:<name>
    state: str  # open, closed
    last_seq: int
    pending: int
    account: str = ""  # our account at the vendor's; empty: web chat


@dataclass(frozen=True)
class Message:
    """A stored message."""

    id: str
    conversation_id: str
    seq: int
    direction: str  # in, out
    author: str  # customer, bot, agent:<name>, system
    kind: str
    text: str
    language: str
    payload: Mapping[str, Any]
    provider_id: str
    status: str
    created_at: float
    gate: Mapping[str, Any] | None = (
        None  # of an outbound message: release, terms applied, what was fixed or overridden
    )

    @property
    def is_checked_translation(self) -> bool:
        """Whether a person has corrected the translation that this is, so that nobody calls it a machine's."""
        return bool((self.payload.get("translation") or {}).get("edited"))


@dataclass(frozen=True)
class Receipt:
    """What became of an inbound message."""

    message: Message
    conversation: Conversation
    duplicate: bool  # the same provider id was stored before


@dataclass(frozen=True)
class Reply:
    """A text on its way out; `payload` holds buttons, source, reply name and, of a translation, the original."""

    text: str
    language: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    release: str = ""

    @property
    def source(self) -> Source | None:
        """What this is a machine translation of; None when it is not one."""
        translation = self.payload.get("translation")
        original = translation.get("original") if translation else None
        return Source(original, translation["from"]) if translation and original else None


@dataclass(frozen=True)
class HandoffRequest:
    """A wish to pass the conversation to a person."""

    reason: str
    tier: str  # safety, ordinary, parts
    packet: Mapping[str, Any]
    promised_at: float
    promised: Promised | None = None  # every clock; None: nothing but promised_at is known
    told: bool = False  # the customer hears of promised_at in the same transaction
