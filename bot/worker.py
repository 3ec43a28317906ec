"""The worker: takes waiting conversations and answers their messages in order."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import structlog
from sqlalchemy.exc import DBAPIError

from bot.metrics import WorkerMetrics
from conversations.model import Conversation, Message, Reply
from conversations.outgoing import Blocked
from conversations.ownership import BOT
from conversations.work import TurnResult, WorkQueue
from core.errors import LostLease

logger = structlog.get_logger(__name__)

TURN_TIMEOUT_S = 20.0
IDLE_WAIT_S = 0.5  # a lost wake-up costs no more than this
DATABASE_PAUSE_S = 1.0
MAX_TURNS_PER_CLAIM = 50  # then others get their turn


class Answering(Protocol):
    """bot.turn.Bot."""

    async def answer(self, conversation: Conversation, message: Message, slots: Any, buttons: Any) -> TurnResult:
        """What the bot says."""


@dataclass(frozen=True)
class Worker:
    """One process's share of the work."""

    queue: WorkQueue
    bot: Answering
    apology: Callable[[Conversation, Message], Reply]  # words for when a turn fails
    withhold: Callable[[Conversation, Message, Blocked], TurnResult]  # what to do when the gate lets a turn not pass
    notify: Callable[[str], object]  # tells the web process that a conversation has news
    metrics: WorkerMetrics

    async def run(self, wait: Callable[[float], Awaitable[object]], stopped: asyncio.Event) -> None:
        """Work until `stopped`; `wait` returns at a wake-up or after the given seconds."""
        while not stopped.is_set():
            try:
                busy = await self.work_once()
            except DBAPIError as error:
                logger.error("database_away", error=str(error.orig), remedy="run `aftersail doctor`")
                await asyncio.sleep(DATABASE_PAUSE_S)
                continue
            if not busy:
                await wait(IDLE_WAIT_S)

    async def work_once(self) -> bool:
        """Whether a conversation was waiting; all its messages are handled then."""
        conversation_id = self.queue.claim()
        if conversation_id is None:
            return False
        held = True
        try:
            for _ in range(MAX_TURNS_PER_CLAIM):
                held = await self._next_turn(conversation_id)
                if not held:
                    break
        except LostLease as error:
            logger.warning("lease_lost", conversation=conversation_id, reason=str(error))
        finally:
            if held:
                self.queue.release(conversation_id)
        return True

    async def _next_turn(self, conversation_id: str) -> bool:
        """Whether more messages wait; when none does, the conversation is given back."""
        waiting = self.queue.next_message(conversation_id)
        if waiting is None:
            self.queue.release(conversation_id)
            return False
        conversation, message, slots = waiting
        started = time.perf_counter()
        result = await self._answer(conversation, message, slots)
        left = self._commit(conversation, message, result)
        self.metrics.turn(time.perf_counter() - started, failed=bool(result.error), handed_off=bool(result.handoff))
        self.notify(conversation_id)
        return left > 0

    def _commit(self, conversation: Conversation, message: Message, result: TurnResult) -> int:
        """Number of messages left; a turn that the gate stops is replaced by approved words and a person."""
        try:
            return self.queue.commit(conversation, message, result)
        except Blocked as error:
            logger.error("gate_blocked", conversation=conversation.id, message=message.id, why=_kinds(error))
            self.metrics.blocked()
            withheld = replace(
                self.withhold(conversation, message, error), slots=result.slots, language=result.language
            )
        try:
            return self.queue.commit(conversation, message, withheld)
        except Blocked as error:
            # Not even the approved words passed: the person that it goes to must know that nothing was said.
            logger.critical("gate_blocked_fallback", conversation=conversation.id, why=_kinds(error))
            return self.queue.commit(conversation, message, replace(withheld, replies=[]))

    async def _answer(self, conversation: Conversation, message: Message, slots: Mapping[str, Any]) -> TurnResult:
        if conversation.owner != BOT:
            return TurnResult([], slots)  # a person owns it: the bot is silent
        buttons = self.queue.last_buttons(conversation.id, message.seq)
        try:
            return await asyncio.wait_for(self.bot.answer(conversation, message, slots, buttons), TURN_TIMEOUT_S)
        except Exception as error:
            logger.exception("turn_failed", conversation=conversation.id, message=message.id)
            return TurnResult([self.apology(conversation, message)], slots, error=type(error).__name__)


def _kinds(error: Blocked) -> list[str]:
    """What was wrong, without the customer's or the bot's words."""
    return [f"{violation.kind.value}:{violation.concept}" for violation in error.violations]
