"""How long an answer on a channel is still free, and what it takes afterwards."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx
from sqlalchemy.engine import Engine

from aftersail.channels import open_vendor_channels
from connectors.channel import Channel, ReplyToken
from conversations.contacts import Contact, find, newest_token
from conversations.model import Conversation
from core.database import reading
from core.settings import Settings
from knowledge.release_holder import ReleaseHolder


@dataclass(frozen=True)
class ChannelClock:
    """What the next message of ours costs, and until when it is free."""

    free_until: float | None  # seconds since 1970; None: it is not free now
    then: str  # what it takes when it is not free: template, push


@dataclass(frozen=True)
class Situation:
    """What decides how the next message of ours may go."""

    contact: Contact | None
    silent_s: float | None  # since the person's last message; None: never wrote
    token: ReplyToken | None


class ChannelClocks:
    """Clocks of conversations. Without a vendor behind the channel there is nothing to count."""

    def __init__(self, engine: Engine, channels: Mapping[str, Channel], clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._channels = channels
        self._clock = clock

    def of(self, conversation: Conversation) -> ChannelClock | None:
        """The conversation's clock; None where messages cost nothing."""
        channel = self._channels.get(conversation.channel)
        return self.read(channel, self.situation(channel, conversation)) if channel else None

    def read(self, channel: Channel, now: Situation) -> ChannelClock:
        """The clock in this situation."""
        left = channel.free_left_s(now.silent_s, now.token.age_s if now.token else None)
        return ChannelClock(self._clock() + left if left else None, channel.paid_way)

    def situation(self, channel: Channel, conversation: Conversation) -> Situation:
        """When the person wrote last, and the newest right to answer for free."""
        now = self._clock()
        person = (conversation.channel, conversation.account, conversation.sender)
        with reading(self._engine) as connection:
            contact = find(connection, *person)
            token = newest_token(connection, *person, now - channel.reply_within_s)
        wrote_at = contact.last_inbound_at if contact else None
        silent = None if wrote_at is None else max(0.0, now - wrote_at)
        return Situation(contact, silent, ReplyToken(token[0], now - token[1]) if token else None)


def open_clocks(settings: Settings, engine: Engine) -> ChannelClocks:
    """Clocks for commands, which call no vendor."""
    holder = ReleaseHolder(settings, engine, with_vectors=False)
    return ChannelClocks(engine, open_vendor_channels(settings, holder, httpx.AsyncClient()))
