"""Shows the customer that the message was read and that an answer is being written. A courtesy: never tried twice."""

import asyncio

import structlog

from connectors.channel import Channel
from connectors.delivery.errors import DeliveryError
from connectors.intake.apply import Applied
from conversations.contacts import Contacts
from conversations.ownership import BOT

logger = structlog.get_logger(__name__)

AT_ONCE = 32  # beyond it customers are not shown that their message was read; it is answered all the same
TIMEOUT_S = 5.0


class Acknowledger:
    """Shows it beside the work. Use it in one event loop."""

    def __init__(self, contacts: Contacts) -> None:
        self._contacts = contacts
        self._running: set[asyncio.Task[None]] = set()

    def show(self, channel: Channel, applied: Applied) -> None:
        """Show it when the bot will answer; a person reads when they read."""
        if applied.said is None or applied.receipt is None or applied.receipt.message.status != "received":
            return
        if applied.receipt.conversation.owner == BOT and len(self._running) < AT_ONCE:
            task = asyncio.create_task(self._show(channel, applied))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _show(self, channel: Channel, applied: Applied) -> None:
        if applied.said is None or applied.receipt is None:
            return
        conversation = applied.receipt.conversation
        key = (conversation.channel, conversation.account, conversation.sender)
        contact = await asyncio.to_thread(self._contacts.find, *key)
        said = {"message": applied.said.message, "read_token": applied.said.read_token}
        try:
            showing = channel.acknowledge(conversation.account, contact.address if contact else {}, said)
            await asyncio.wait_for(showing, TIMEOUT_S)
        except (DeliveryError, TimeoutError) as error:
            logger.info("not_acknowledged", account=conversation.account, reason=type(error).__name__)
