"""What the desk asks of the channels: the next message's cost, and how it will look."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx
from sqlalchemy.engine import Engine

from aftersail.channel_clock import ChannelClocks, Situation
from aftersail.channels import TIMEOUT, open_vendor_channels
from aftersail.delivery_words import ReleaseDeliveryWords
from aftersail.desk_preview import READERS, Renderer
from aftersail.files import open_links
from aftersail.undelivered import WINDOW_CLOSED, invitation
from connectors.channel import Channel, Outgoing, Task, Way
from connectors.delivery.errors import Hold
from connectors.delivery.outgoing import to_outgoing
from connectors.line.client import LineChannel
from connectors.media.links import MediaLinks
from conversations.model import Conversation, Message, Reply
from core.settings import Settings
from desk.deps import ChannelState, Preview
from knowledge.release_holder import ReleaseHolder

FREE = "free"
BLOCKED = "blocked"
NO_ACCOUNT = "no_account"
QUOTA_EVERY_S = 120.0  # QuotaBook itself asks the vendor no more often than it must
_PROBE = Reply("…", "")


class VendorDesk:
    """The channels with accounts, and the web chat, which costs nothing."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        clocks: ChannelClocks,
        holder: ReleaseHolder,
        links: MediaLinks,
    ) -> None:
        self._channels = channels
        self._clocks = clocks
        self._holder = holder
        self._links = links
        self._words = ReleaseDeliveryWords(holder.current)
        self._renderer = Renderer(channels, self._words, links.link)

    def state(self, conversation: Conversation) -> ChannelState:
        """What a message to this customer costs now. Calls no vendor: LINE's figures are those told last."""
        channel = self._channels.get(conversation.channel)
        if channel is None:
            known = not conversation.account  # the web chat has no account, and a vendor always has one
            return ChannelState(None, FREE, "", sendable=known, reason="" if known else NO_ACCOUNT)
        now = self._clocks.situation(channel, conversation)
        clock = self._clocks.read(channel, now)
        cost, reason = self._cost(channel, conversation, now)
        left = _pushes_left(channel, conversation.account)
        return ChannelState(clock.free_until, cost, clock.then, left, not reason, reason)

    def preview(self, conversation: Conversation, text: str, payload: Mapping[str, Any]) -> Preview:
        """What the customer will see of `text`; where the window is closed, the template that goes ahead."""
        made = self._renderer.render(conversation, text, payload)
        first = self._template(conversation)
        if not first:
            return made
        waiting = [{**bubble, "waits": True} for bubble in made.bubbles]
        return Preview([first, *waiting], ["template_first", *made.notes])

    def cost_of(self, conversation: Conversation, reply: Reply) -> tuple[str, str]:
        """(what this very reply costs now, why it cannot be sent: empty when it can). Calls no vendor."""
        channel = self._channels.get(conversation.channel)
        if channel is None:
            return FREE, NO_ACCOUNT if conversation.account else ""
        if conversation.account not in channel.accounts:
            return channel.paid_way, NO_ACCOUNT
        now = self._clocks.situation(channel, conversation)
        if now.contact and now.contact.blocked:
            return channel.paid_way, BLOCKED
        try:
            return self._way(channel, conversation, now, reply).cost, ""
        except Hold as held:
            return channel.paid_way, held.code

    def media_link(self, media_id: str) -> str:
        """Address of a file that a customer sent; good for a month."""
        return self._links.link(media_id)

    def window_left(self, channel: str, silent_s: float) -> float | None:
        """Seconds for which an answer stays free, by the customer's silence alone; None: silence does not count."""
        known = self._channels.get(channel)
        if known is None or not known.free_left_s(0.0, None):
            return None
        return known.free_left_s(silent_s, None)

    async def keep_quotas(self, stopped: asyncio.Event) -> None:
        """Know how many pushes of the month are left, until `stopped`."""
        line = [channel for channel in self._channels.values() if isinstance(channel, LineChannel)]
        while line and not stopped.is_set():
            for channel in line:
                for account in channel.accounts:
                    await channel.renew_quota(account)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopped.wait(), QUOTA_EVERY_S)

    def _cost(self, channel: Channel, conversation: Conversation, now: Situation) -> tuple[str, str]:
        """(what a message costs, why none can be sent): by the decision that sending makes."""
        if conversation.account not in channel.accounts:
            return channel.paid_way, NO_ACCOUNT
        if now.contact and now.contact.blocked:
            return channel.paid_way, BLOCKED
        try:
            return self._way(channel, conversation, now, _PROBE).cost, ""
        except Hold as held:
            if held.code != WINDOW_CLOSED:
                return channel.paid_way, held.code
        try:
            return self._way(channel, conversation, now, self._invitation(conversation)).cost, ""
        except Hold as held:
            return channel.paid_way, held.code

    def _template(self, conversation: Conversation) -> Mapping[str, Any] | None:
        """The bubble of the template that must go ahead; None: free words are taken, or there is none to send."""
        channel = self._channels.get(conversation.channel)
        if channel is None or conversation.account not in channel.accounts or conversation.channel not in READERS:
            return None
        now = self._clocks.situation(channel, conversation)
        try:
            self._way(channel, conversation, now, _PROBE)
            return None
        except Hold as held:
            if held.code != WINDOW_CLOSED:
                return None
        ahead = self._invitation(conversation)
        try:
            shown = self._way(channel, conversation, now, ahead).detail.get("shown")
        except Hold:
            return None  # `state` says so
        labels = [str(button["title"]) for button in ahead.payload["buttons"]]
        return {"text": str(shown or ahead.text), "choices": labels, "image": "", "template": True}

    def _invitation(self, conversation: Conversation) -> Reply:
        release = self._holder.current()
        return invitation(release, release.markets[conversation.market], conversation.language)

    def _way(self, channel: Channel, conversation: Conversation, now: Situation, reply: Reply) -> Way:
        """How the reply would go now. Raises Hold."""
        language = reply.language or conversation.language
        words = self._words.of(conversation.market, language)
        body = channel.plan([_outgoing(conversation, reply)], words)[-1].body
        task = Task(
            id="",
            key="",
            body=body,
            account=conversation.account,
            address=now.contact.address if now.contact else {},
            language=conversation.language,
            human=True,
            silent_s=now.silent_s,
            token=now.token,
        )
        return channel.way(task)


def open_channel_desk(
    settings: Settings, engine: Engine, holder: ReleaseHolder, clock: Callable[[], float] = time.time
) -> VendorDesk:
    """The channels as the desk sees them. Calls no vendor."""
    channels = open_vendor_channels(settings, holder, httpx.AsyncClient(timeout=TIMEOUT))
    links = open_links(settings)
    return VendorDesk(channels, ChannelClocks(engine, channels, clock), holder, links)


def _pushes_left(channel: Channel, account: str) -> int | None:
    quota = channel.quota(account) if isinstance(channel, LineChannel) and account in channel.accounts else None
    return quota.remaining if quota else None


def _outgoing(conversation: Conversation, reply: Reply) -> Outgoing:
    row = Message(
        "0" * 32, conversation.id, 0, "out", "agent:probe", "text", reply.text, reply.language,
        reply.payload, "", "queued", 0.0,
    )  # fmt: skip
    return to_outgoing(row, "")
