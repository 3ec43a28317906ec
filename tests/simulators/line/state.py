"""The platform's memory."""

import json
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.simulators.common.clock import SimulatedClock
from tests.simulators.common.faults import FaultDice, Faults
from tests.simulators.common.limits import RollingWindow
from tests.simulators.line.answers import Answer
from tests.simulators.line.config import Bot, Friend, Group, SimulatorConfig
from tests.simulators.line.ids import Ids

ENTRIES_MAX = 20_000
WEEK_MS = 7 * 24 * 3600 * 1000


@dataclass(frozen=True)
class QuickReply:
    """A button above the keyboard."""

    label: str
    action: dict[str, Any]


@dataclass
class Entry:
    """A message in a chat, as the person there sees it."""

    number: int  # grows with every message of the simulator
    at_ms: int
    bot: str  # user id of the bot
    chat_id: str
    by: str  # bot, or the user id of a person
    message_id: str
    message: dict[str, Any]  # as sent
    way: str = ""  # reply, push, multicast; empty: a person wrote it
    request_id: str = ""
    double: bool = False  # the same message stood here before, sent by another request
    unsent: bool = False
    tapped: bool = False  # its quick reply was used

    @property
    def cost(self) -> str:
        """What the message cost: free, push; empty for a person's."""
        return {"reply": "free", "": ""}.get(self.way, "push")

    @property
    def text(self) -> str:
        """Its words: text, or the alternative text of templates and Flex Messages."""
        return str(self.message.get("text") or self.message.get("altText") or "")

    @property
    def image(self) -> str:
        """Address of its picture; empty when it has none."""
        return str(self.message.get("originalContentUrl", "")) if self.message.get("type") == "image" else ""

    @property
    def quick_replies(self) -> tuple[QuickReply, ...]:
        """Its quick replies."""
        items = self.message.get("quickReply", {}).get("items", [])
        return tuple(QuickReply(str(item["action"].get("label", "")), item["action"]) for item in items)


@dataclass
class Chat:
    """A one-to-one chat, a group or a room with a bot."""

    entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=ENTRIES_MAX))
    seen: dict[str, str] = field(default_factory=dict)  # fingerprint of a bot's message: request that first sent it
    loading_until_ms: int = 0
    spoke_at_ms: int = -WEEK_MS  # last message of a person
    read_number: int = 0  # entries up to this one are marked as read


@dataclass
class Person:
    """Somebody a bot knows."""

    profile: Friend
    friend: bool
    blocked: bool


@dataclass
class ReplyToken:
    """The right to reply once."""

    bot: str
    chat_id: str
    event_ms: int
    delivered_ms: int
    used: bool = False


@dataclass
class RetryKey:
    """A request that may be repeated."""

    digest: str
    first_ms: int
    accepted_id: str = ""  # empty: not accepted yet
    sent: Answer | None = None


@dataclass
class Media:
    """A file that a person sent."""

    bot: str
    data: bytes
    mime: str
    preview: bytes
    preview_mime: str
    ready_ms: int
    failed: bool = False
    gone: bool = False


@dataclass
class BotState:
    """A bot and everyone it knows."""

    bot: Bot
    webhook: str
    people: dict[str, Person]
    groups: dict[str, set[str]]
    chats: dict[str, Chat] = field(default_factory=dict)
    used: Counter[str] = field(default_factory=Counter)  # pushes by month

    def chat(self, chat_id: str) -> Chat:
        """The chat, new when there was none."""
        return self.chats.setdefault(chat_id, Chat())


@dataclass
class Settings:
    """What tests may change while the simulator runs."""

    redelivery: bool
    redelivery_pauses_s: Sequence[float]
    pause_scale: float
    webhook_timeout_s: float


class World:
    """All state. Not safe for threads: one event loop owns it."""

    def __init__(self, config: SimulatorConfig) -> None:
        self.config = config
        self.clock = SimulatedClock(config.clock_offset_s)
        self.tunnels = dict(config.tunnels)
        self.reset()

    def reset(self) -> None:
        """Forget everything that happened."""
        config = self.config
        self.clock.offset_s = config.clock_offset_s
        self.ids = Ids(config.seed)
        self.dice = FaultDice(Faults(seed=config.seed))
        self.expired_until_ms = 0
        self.bots = {bot.user_id: _bot_state(bot) for bot in config.bots}
        self.reply_tokens: dict[str, ReplyToken] = {}
        self.retry_keys: dict[tuple[str, str], RetryKey] = {}
        self.media: dict[str, Media] = {}
        self.quotes: dict[str, tuple[str, str]] = {}  # token: bot, chat
        self.read_tokens: dict[str, tuple[str, str, int]] = {}  # token: bot, chat, number of the entry
        self.windows: dict[tuple[str, str], RollingWindow] = {}  # bot, endpoint: its requests of late
        self.number = 0
        self.settings = Settings(
            config.redelivery, config.redelivery_pauses_s, config.pause_scale, config.webhook_timeout_s
        )

    def now_ms(self) -> int:
        """The platform's time in milliseconds since 1970."""
        return int(self.clock.now() * 1000)

    def set_faults(self, faults: Faults) -> None:
        """Let other things go wrong from now on."""
        self.dice = FaultDice(faults)
        self.expired_until_ms = self.now_ms() + int(faults.expired_token_s * 1000)

    def find_bot(self, key: str) -> BotState:
        """The bot with this id or name; empty: the first. Raises KeyError."""
        if not key:
            return next(iter(self.bots.values()))
        for state in self.bots.values():
            if key in (state.bot.user_id, state.bot.name):
                return state
        raise KeyError(key)

    def add_entry(self, bot: BotState, chat_id: str, entry: Entry) -> Entry:
        """Show a message in a chat."""
        self.number += 1
        entry.number = self.number
        chat = bot.chat(chat_id)
        if entry.way:
            first = chat.seen.setdefault(_fingerprint(entry.message), entry.request_id)
            entry.double = first != entry.request_id
        chat.entries.append(entry)
        return entry

    def find_entry(self, message_id: str) -> Entry | None:
        """The message; None: there is none."""
        chats = (chat for bot in self.bots.values() for chat in bot.chats.values())
        return next((entry for chat in chats for entry in chat.entries if entry.message_id == message_id), None)

    def month(self) -> str:
        """The month that pushes count for now, by the clock of Japan."""
        return (datetime.fromtimestamp(self.now_ms() / 1000, UTC) + timedelta(hours=9)).strftime("%Y-%m")


def _fingerprint(message: dict[str, Any]) -> str:
    return json.dumps({key: value for key, value in message.items() if key != "quickReply"}, sort_keys=True)


def _bot_state(bot: Bot) -> BotState:
    people = {friend.user_id: Person(friend, friend.friend, friend.blocked) for friend in bot.friends}
    return BotState(bot, bot.webhook, people, {group.chat_id: _members(group) for group in bot.groups})


def _members(group: Group) -> set[str]:
    return set(group.members)
