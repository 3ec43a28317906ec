"""Sends what is stored: claims conversations, makes their calls in order, stores each outcome."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import structlog
from sqlalchemy.exc import SQLAlchemyError

from connectors.causes import cause_of
from connectors.channel import Channel
from connectors.delivery.attempt import Attempts
from connectors.delivery.outgoing import DeliveryWords, Link, no_link, plan_calls
from conversations.delivery_model import Batch
from conversations.outbox import Outbox
from core.errors import LostLease

logger = structlog.get_logger(__name__)

MAX_CONVERSATIONS = 32  # served at the same time
MAX_SERVICE_S = 25.0  # then others get their turn, well before the hold ends
IDLE_WAIT_S = 0.5  # a lost wake-up costs no more than this
ORDER_WAIT_S = 2.0  # how long the next message waits for the vendor to say that it sent the one before
ERROR_PAUSE_S = 5.0
DRAIN_S = 10.0


@dataclass(frozen=True)
class Sender:
    """The sender of one process."""

    outbox: Outbox
    attempts: Attempts
    channels: Mapping[str, Channel]
    words: DeliveryWords
    clock: Callable[[], float] = time.time
    rng: random.Random = field(default_factory=random.SystemRandom)
    link: Link = no_link

    async def run(self, wait: Callable[[float], Awaitable[object]], stopped: asyncio.Event) -> None:
        """Send until `stopped`, then finish the calls that are being made; `wait` returns at a wake-up."""
        await asyncio.to_thread(self.outbox.free)
        serving: set[asyncio.Task[None]] = set()
        while not stopped.is_set():
            for conversation_id, mark in (await self._claim(MAX_CONVERSATIONS - len(serving))).items():
                task = asyncio.create_task(self._serve(conversation_id, mark, stopped))
                serving.add(task)
                task.add_done_callback(serving.discard)
            if len(serving) >= MAX_CONVERSATIONS:
                await asyncio.wait(serving, timeout=IDLE_WAIT_S, return_when=asyncio.FIRST_COMPLETED)
            else:
                await wait(IDLE_WAIT_S)
        if serving:
            await asyncio.wait(serving, timeout=DRAIN_S)

    async def send_due(self) -> int:
        """Number of conversations served; all that is due is tried once."""
        claimed = await self._claim(MAX_CONVERSATIONS)
        never = asyncio.Event()
        await asyncio.gather(*(self._serve(conversation_id, mark, never) for conversation_id, mark in claimed.items()))
        return len(claimed)

    async def _claim(self, room: int) -> Mapping[str, float]:
        if room <= 0:
            return {}
        try:
            return await asyncio.to_thread(self.outbox.claim, list(self.channels), room)
        except SQLAlchemyError as error:
            logger.error("database_away", error=_cause(error), remedy="run `aftersail doctor`")
            return {}

    async def _serve(self, conversation_id: str, mark: float, stopped: asyncio.Event) -> None:
        again_at: float | None = self.clock() + ERROR_PAUSE_S
        try:
            again_at = await self._send(conversation_id, stopped)
        except LostLease as error:
            logger.warning("send_lease_lost", conversation=conversation_id, reason=str(error))
        except Exception as error:  # noqa: BLE001 - one conversation must not stop the others; logged without its words
            logger.error("sending_failed", conversation=conversation_id, cause=cause_of(error))
        try:
            await asyncio.to_thread(self.outbox.release, conversation_id, mark, again_at)
        except SQLAlchemyError as error:  # the hold ends by itself
            logger.error("database_away", error=_cause(error), remedy="run `aftersail doctor`")

    async def _send(self, conversation_id: str, stopped: asyncio.Event) -> float | None:
        """When to look at the conversation again; None: when something new is to be sent."""
        batch = await self._load(conversation_id)
        channel = self.channels[batch.conversation.channel]
        ends = self.clock() + MAX_SERVICE_S
        while batch.deliveries:
            delivery, now = batch.deliveries[0], self.clock()
            if delivery.next_at > now or now > ends or stopped.is_set():
                return max(delivery.next_at, now)
            if channel.reports_delivery and now < batch.accepted_at + ORDER_WAIT_S:
                return batch.accepted_at + ORDER_WAIT_S
            again_at = await self.attempts.make(channel, batch, delivery)
            if again_at is not None:
                return again_at
            batch = await self._load(conversation_id)  # a token is used up now, messages may have come in
        return None

    async def _load(self, conversation_id: str) -> Batch:
        return await asyncio.to_thread(self._load_and_plan, conversation_id)

    def _load_and_plan(self, conversation_id: str) -> Batch:
        batch = self.outbox.load(conversation_id, self._tokens_since())
        if not batch.unplanned:
            return batch
        conversation = batch.conversation
        calls = plan_calls(self.channels[conversation.channel], conversation, batch.unplanned, self.words, self.link)
        self.outbox.plan(conversation_id, calls)
        return self.outbox.load(conversation_id, self._tokens_since())

    def _tokens_since(self) -> float:
        longest = max((channel.reply_within_s for channel in self.channels.values()), default=0.0)
        return self.clock() - longest


def _cause(error: SQLAlchemyError) -> str:
    """What went wrong, without the statement and its values, which are people's words."""
    return str(getattr(error, "orig", "") or type(error).__name__)
