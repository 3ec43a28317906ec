"""What the desk asks of the channels: the next message's cost, and how it will look."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx
from sqlalchemy.engine import Engine

from aftersail.channel_clock import ChannelClocks
from aftersail.channels import open_vendor_channels
from connectors.media.links import MediaLinks
from conversations.model import Conversation
from core.settings import Settings
from desk.deps import ChannelDesk, ChannelState, Preview
from knowledge.release_holder import ReleaseHolder

FREE = "free"


class VendorDesk:
    """The channels with accounts, and the web chat, which costs nothing."""

    def __init__(self, clocks: ChannelClocks, links: MediaLinks) -> None:
        self._clocks = clocks
        self._links = links

    def state(self, conversation: Conversation) -> ChannelState:
        """What a message to this customer costs now."""
        clock = self._clocks.of(conversation)
        if clock is None:
            return ChannelState(None, FREE, "")
        return ChannelState(clock.free_until, FREE if clock.free_until else clock.then, clock.then)

    def preview(self, conversation: Conversation, text: str, payload: Mapping[str, Any]) -> Preview:
        """What the customer will see of `text`."""
        return Preview([{"text": text, "choices": list(payload.get("buttons", ())), "image": ""}])

    def media_link(self, media_id: str) -> str:
        """Address of a file that a customer sent; good for a month."""
        return self._links.link(media_id)


def open_channel_desk(
    settings: Settings, engine: Engine, holder: ReleaseHolder, clock: Callable[[], float] = time.time
) -> ChannelDesk:
    """The channels as the desk sees them. Calls no vendor."""
    channels = open_vendor_channels(settings, holder, httpx.AsyncClient())
    address = settings.public_url or f"http://{settings.host}:{settings.port}"
    return VendorDesk(ChannelClocks(engine, channels, clock), MediaLinks(settings.secret.get_secret_value(), address))
