"""What a channel must offer. One folder implements it; docs/add-a-channel.md goes through it step by step."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from connectors.delivery.errors import DeliveryError
from connectors.events import Event, MediaRef


class Account(Protocol):
    """One of our numbers or bots at a vendor's."""

    @property
    def name(self) -> str:
        """Our name of it, stored with every conversation."""

    @property
    def market(self) -> str:
        """Market code that its conversations belong to."""

    @property
    def vendor_id(self) -> str:
        """The vendor's id of it, as events carry it."""

    @property
    def messages_per_second(self) -> int:
        """Calls that the vendor takes a second."""

    @property
    def recipient_limit(self) -> tuple[int, float]:
        """(calls, seconds): so many calls to one person at once, refilled in so many seconds; (0, 0): no limit."""


@dataclass(frozen=True)
class Choice:
    """A button of ours. `short`: an approved shorter title; empty: there is none."""

    id: str  # at most 200 characters
    title: str
    short: str = ""


@dataclass(frozen=True)
class OutFile:
    """A file that goes with a message."""

    id: str  # ours
    kind: str  # image, document
    name: str  # with its ending, as the customer reads it
    link: str  # its address, good for a month


@dataclass(frozen=True)
class Outgoing:
    """A stored message that is to be sent."""

    id: str
    text: str
    language: str
    author: str = "bot"  # bot, agent:<name>, system
    choices: tuple[Choice, ...] = ()
    image: str = ""  # https address of a picture to show with the text; empty: none
    template: Mapping[str, Any] | None = None  # {"name": ..., "parameters": [...]}: may be sent outside the window
    mark: str = ""  # words that say that a machine translated the text; empty: it did not
    files: tuple[OutFile, ...] = ()  # in their order, before the text


@dataclass(frozen=True)
class Words:
    """The few words of our own that a channel adds, in the language of the messages."""

    options: str  # label of the button that opens a list of choices
    choose: str  # "Answer with the number of your choice:", before numbered choices


@dataclass(frozen=True)
class Planned:
    """One call to the vendor. `body` is JSON: the vendor's message objects without recipient and keys."""

    messages: tuple[str, ...]  # ids of the stored messages that it carries, whole or in part
    body: Mapping[str, Any]


@dataclass(frozen=True)
class ReplyToken:
    """The right to answer for free, once."""

    token: str
    age_s: float


@dataclass(frozen=True)
class Task:
    """A planned call at the moment of sending it."""

    id: str  # id of the delivery; given to the vendor as tracker where it takes one
    key: str  # UUID that stays the same for every try
    body: Mapping[str, Any]
    account: str  # our name of the account
    address: Mapping[str, str]  # what the channel knows the person by
    language: str  # of the conversation's messages
    human: bool  # written by a person
    silent_s: float | None  # seconds since the person's last message; None: never wrote
    token: ReplyToken | None
    uncertain: Mapping[str, Any] | None = None  # the Way.detail of a try whose outcome is unknown


@dataclass(frozen=True)
class Way:
    """How a call is made; stored before it is made, so that a crash leaves a trace."""

    name: str  # reply, push, session, template
    cost: str  # free, push, template
    detail: Mapping[str, Any] = field(default_factory=dict)  # what the channel needs to make or repeat the call
    token: str = ""  # the reply token that it uses up


@dataclass(frozen=True)
class Accepted:
    """The vendor took the call. It says nothing about delivery."""

    messages: tuple[str, ...]  # the vendor's ids
    address: Mapping[str, str] = field(default_factory=dict)  # what the vendor now knows the person by


@dataclass(frozen=True)
class Profile:
    """What the vendor tells of a person."""

    name: str = ""
    language: str = ""  # BCP 47; empty: not told


@dataclass(frozen=True)
class Fetched:
    """A file being read from the vendor."""

    mime: str
    size: int  # bytes; 0: not told
    chunks: AsyncIterator[bytes]


class Channel(Protocol):
    """A channel with a vendor behind it. Pure: parse, plan, way. The rest speaks HTTP with timeouts."""

    @property
    def name(self) -> str:
        """The channel's name, in every row of it."""

    @property
    def accounts(self) -> Mapping[str, Account]:
        """Accounts by our name."""

    @property
    def reports_delivery(self) -> bool:
        """Whether the vendor ever says that a message was sent or delivered."""

    @property
    def proof_wait_s(self) -> float:
        """Seconds to wait for the vendor's word before an uncertain call is repeated; 0: repeating is safe."""

    @property
    def reply_within_s(self) -> float:
        """Seconds that a reply token is good for; 0: the channel has none."""

    def signers(self, headers: Mapping[str, str], body: bytes) -> Sequence[Account]:
        """Accounts whose secret signed these raw bytes; empty: nobody's. Constant time. Header names in lower case."""

    def parse(self, body: bytes) -> list[Event]:
        """The body's events in its order. Raises Unreadable when it is no webhook of this channel."""

    def plan(self, rows: Sequence[Outgoing], words: Words) -> list[Planned]:
        """The calls that carry `rows`, in order, each within the vendor's limits; nothing is cut."""

    @property
    def paid_way(self) -> str:
        """What a message takes when it is not free: template, push."""

    def free_left_s(self, silent_s: float | None, token_age_s: float | None) -> float:
        """Seconds for which an answer is still free; 0: it costs, or cannot be sent. None: never wrote, no token."""

    def way(self, task: Task) -> Way:
        """How to make the call now. Raises Hold when it may not be made now."""

    def failure(self, code: str, reason: str) -> DeliveryError:
        """What a vendor's later word that a message failed asks us to do."""

    async def prepare(self, task: Task) -> None:
        """Bring the call's files to the vendor; done twice, it harms nothing. Raises DeliveryError, not Uncertain."""

    async def send(self, task: Task, way: Way) -> Accepted:
        """What the vendor took. Raises the errors of connectors.delivery.errors."""

    async def acknowledge(self, account: str, address: Mapping[str, str], said: Mapping[str, str]) -> None:
        """Show that the message was read and that an answer is being written; `said`: {"message", "read_token"}."""

    async def profile(self, account: str, sender: str) -> Profile | None:
        """What the vendor tells of a person; None: nothing. Raises DeliveryError."""

    def fetch(self, account: str, media: MediaRef) -> AbstractAsyncContextManager[Fetched]:
        """A file of a message being read. Raises DeliveryError."""
