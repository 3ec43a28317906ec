"""One question through the whole path: record, worker, replies. For the command line, evaluation and tests."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from prometheus_client import CollectorRegistry

from aftersail.assembly import open_bot, open_worker
from aftersail.assembly_web import open_record
from bot.worker import Worker
from conversations.model import Inbound, Message, Receipt
from conversations.record import Record
from core.errors import RetryLater
from core.settings import Settings
from markets.profile import MarketProfile

ANSWER_TIMEOUT_S = 60.0
LOOK_EVERY_S = 0.01


@dataclass(frozen=True)
class Asker:
    """Asks the bot and waits for its answer; a running worker may answer as well as the one inside."""

    record: Record
    worker: Worker
    markets: Mapping[str, MarketProfile]

    async def ask(self, inbound: Inbound) -> dict[str, Any]:
        """{text, language, replies, owner}. Raises RetryLater when nobody answered within a minute."""
        receipt = self.record.receive(inbound)
        await self._handled(receipt)
        conversation = self.record.conversation(receipt.conversation.id)
        replies = self.record.history(conversation.id, receipt.message.seq)
        return {
            "text": inbound.text,
            "language": conversation.language,
            "replies": [_reply(reply) for reply in replies if reply.direction == "out"],
            "owner": conversation.owner,
        }

    async def _handled(self, receipt: Receipt) -> None:
        deadline = time.monotonic() + ANSWER_TIMEOUT_S
        while time.monotonic() < deadline:
            busy = await self.worker.work_once()
            message = self.record.message(receipt.message.id)
            if message.status != "received":
                return
            if not busy:
                await asyncio.sleep(LOOK_EVERY_S)  # another worker has it
        raise RetryLater(f"message {receipt.message.id} was not answered within {ANSWER_TIMEOUT_S:g} s")


def open_asker(settings: Settings) -> Asker:
    """An asker with a worker of its own. Raises SetupError naming what is missing."""
    parts = open_bot(settings)
    record = open_record(parts.engine, parts.holder)
    worker = open_worker(settings, parts, f"ask-{uuid4().hex[:8]}", CollectorRegistry())
    return Asker(record, worker, parts.holder.current().markets)


def _reply(message: Message) -> dict[str, Any]:
    return {
        "text": message.text,
        "buttons": [button["title"] for button in message.payload.get("buttons", [])],
        "response": message.payload.get("response", ""),
    }
