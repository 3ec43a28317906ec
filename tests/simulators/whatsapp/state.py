"""The people, the chats and the messages that a simulated app knows."""

import base64
import hashlib
import random
from dataclasses import dataclass, field
from typing import Any

import phonenumbers

from tests.simulators.whatsapp.view import Seen

Document = dict[str, Any]


@dataclass
class Customer:
    """A WhatsApp user. `wa_id` is what the vendor calls him, which is not always the number he dials."""

    wa_id: str
    user_id: str
    name: str = ""
    username: str = ""
    hidden: bool = False  # webhooks then carry the user id alone
    aliases: tuple[str, ...] = ()  # other forms of the number that reach him
    reachable: bool = True  # False: not on WhatsApp, or has blocked the business
    fails_with: int = 0  # code with which messages to him fail later
    reads: bool = True  # whether he reads, and says so

    def contact(self) -> Document:
        """The entry of `contacts[]`."""
        profile = {"name": self.name or self.username.lstrip("@") or "Customer"}
        if self.username:
            profile["username"] = self.username
        known = {} if self.hidden else {"wa_id": self.wa_id}
        return {"profile": profile, **known, "user_id": self.user_id}


@dataclass
class SentMessage:
    """A message that was accepted from the business. Times are simulated Unix seconds."""

    wamid: str
    phone_number_id: str
    wa_id: str
    user_id: str
    kind: str
    accepted_at: float
    seen: Seen
    body: Document  # the request
    callback_data: str = ""
    quoted: str = ""
    category: str = "service"  # what it is charged as
    pricing: str = "free_customer_service"  # regular, free_customer_service, free_entry_point
    template: str = ""  # name/language
    arrived_at: float | None = None
    statuses: list[tuple[str, float]] = field(default_factory=list)
    error: int = 0

    @property
    def billable(self) -> bool:
        """Whether the business pays for it."""
        return self.pricing == "regular"

    @property
    def status(self) -> str:
        """The last status, or "accepted"."""
        return self.statuses[-1][0] if self.statuses else "accepted"


@dataclass
class ReceivedMessage:
    """A message from a customer, as the page shows it and as replies quote it."""

    wamid: str
    phone_number_id: str
    wa_id: str
    kind: str
    at: float
    payload: Document  # the entry of messages[] in the webhook
    read_at: float | None = None
    removed: bool = False


@dataclass
class Chat:
    """What one number and one customer have between them."""

    phone_number_id: str
    wa_id: str
    messages: list[SentMessage | ReceivedMessage] = field(default_factory=list)
    last_inbound_at: float | None = None
    offer_until: float = 0.0  # answering before opens a free entry point
    entry_point_until: float = 0.0
    typing_until: float = 0.0
    receipts: list[tuple[str, float]] = field(default_factory=list)  # read receipts of the business: wamid, time

    def window_left(self, now: float, window_s: float) -> float:
        """Seconds in which free text is allowed; 0 when the window is closed."""
        return max(0.0, self.last_inbound_at + window_s - now) if self.last_inbound_at is not None else 0.0


class World:
    """Everything that is remembered."""

    def __init__(self, seed: int) -> None:
        self.customers: dict[str, Customer] = {}  # by wa_id
        self.chats: dict[tuple[str, str], Chat] = {}
        self.sent: dict[str, SentMessage] = {}
        self.received: dict[str, ReceivedMessage] = {}
        self._random = random.Random(seed)

    def customer(self, wa_id: str) -> Customer:
        """The customer of a number, made known when he is new."""
        known = self.find(wa_id)
        if known is None:
            known = self.customers[wa_id] = Customer(wa_id, user_id_of(wa_id))
        return known

    def find(self, name: str) -> Customer | None:
        """The customer with this wa_id, other form of the number, or user id."""
        return self.customers.get(name) or next(
            (person for person in self.customers.values() if name in (*person.aliases, person.user_id)), None
        )

    def chat(self, phone_number_id: str, wa_id: str) -> Chat:
        """The chat of a number with a customer."""
        return self.chats.setdefault((phone_number_id, wa_id), Chat(phone_number_id, wa_id))

    def new_wamid(self, number: str, outgoing: bool) -> str:
        """A message id in the vendor's form: Base64 of a small record with the number and a random key."""
        key = "".join(self._random.choice("0123456789ABCDEF") for _ in range(20))
        head = b"\x1d\x18" + bytes([len(number)]) + number.encode() + b"\x15\x02\x00"
        tail = (b"\x11" if outgoing else b"\x12") + b"\x18\x14" + key.encode() + b"\x00"
        return "wamid." + base64.b64encode(head + tail).decode()

    def jitter(self, most: float) -> float:
        """A random part of a delay."""
        return self._random.random() * most


def user_id_of(wa_id: str, generation: int = 0) -> str:
    """A business-scoped user id: country and a number that belongs to this wa_id and generation."""
    try:
        country = phonenumbers.region_code_for_number(phonenumbers.parse(f"+{wa_id}")) or "US"
    except phonenumbers.NumberParseException:
        country = "US"
    digest = hashlib.sha256(f"{wa_id} {generation}".encode()).digest()
    return f"{country}.{int.from_bytes(digest[:8], 'big') % 10**17 + 10**17}"
