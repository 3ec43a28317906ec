"""One try of one call: may it be made, how, and what became of it."""

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState
from sqlalchemy.exc import SQLAlchemyError

from connectors.channel import Accepted, Account, Channel, ReplyToken, Task, Way
from connectors.delivery import errors
from connectors.delivery.backoff import pause
from connectors.delivery.limits import Limits
from connectors.delivery.metrics import DeliveryMetrics
from conversations.delivery_model import Batch, Delivery, State
from conversations.delivery_states import BOT_AUTHOR, DeliveryStates
from conversations.model import Conversation
from core.errors import LostLease

logger = structlog.get_logger(__name__)

CALL_TIMEOUT_S = 20.0  # whatever the channel's own timeouts are
PREPARE_TIMEOUT_S = 15.0  # of the files of a call; with the call itself well within the sender's hold
MAX_ATTEMPTS = 20
GIVE_UP_S = 20 * 3600.0  # LINE knows a retry key for 24 hours
BREAK_AFTER = 5  # failures of an account one after the other
BREAK_S = 15.0
TAP_WAIT_S = 120.0  # how long a late answer of the bot waits for the tap that was asked for
DOWN_S = 60.0  # how long an account rests that a person must mend

Tell = Callable[[Conversation, Delivery, errors.DeliveryError], None]


def open_breakers() -> AsyncCircuitBreakerFactory:
    """Circuit breakers of accounts: they open when the vendor itself fails, not when it refuses one message."""
    fine = [errors.Hold, errors.Refused, errors.TokenSpent, errors.TryRecipientLater, errors.AccountDown]
    ours = [SQLAlchemyError, LostLease]
    return AsyncCircuitBreakerFactory(BREAK_AFTER, BREAK_S, exclude=[*fine, *ours])


@dataclass(frozen=True)
class Attempts:
    """Makes tries and stores their outcomes."""

    states: DeliveryStates
    limits: Limits
    tell: Tell  # lets a person know what is held or failed
    metrics: DeliveryMetrics
    breakers: AsyncCircuitBreakerFactory = field(default_factory=open_breakers)
    clock: Callable[[], float] = time.time
    rng: random.Random = field(default_factory=random.SystemRandom)

    async def make(self, channel: Channel, batch: Batch, delivery: Delivery) -> float | None:
        """When to look again at what comes next in the conversation; None: go on with the next delivery."""
        account = channel.accounts.get(batch.conversation.account)
        if account is None:
            return await self._stop(batch, delivery, _unreachable())
        unknown = _is_unknown(delivery)
        proof_at = (delivery.started_at or 0.0) + channel.proof_wait_s
        if unknown and self.clock() < proof_at:
            return proof_at  # the vendor may still say what became of it
        busy_until = await self.limits.take(account, batch.conversation.sender)
        if busy_until:
            return busy_until
        task = self._task(batch, delivery, unknown)
        way: Way | None = None
        try:
            if batch.contact and batch.contact.blocked:
                raise errors.Hold("blocked", "the person has blocked this account", "write to them in another way")
            way = channel.way(task)
            tap_until = batch.tap_asked_at + TAP_WAIT_S
            if way.cost == "push" and delivery.author == BOT_AUTHOR and self.clock() < tap_until:
                return tap_until  # the tap brings a free way; who does not tap gets it all the same
            with self.limits.calling(account):
                accepted = await self._call(channel, account, delivery, task, way)
        except errors.DeliveryError as error:
            return await self._failed(channel, batch, delivery, error, way)
        except OpenedState:
            at = self.clock() + BREAK_S
            said = "the vendor fails again and again"
            await asyncio.to_thread(self.states.later, delivery.id, at, "breaker", said, unknown)
            return at
        if accepted:
            await self._accepted(channel, account, delivery, way, accepted)
        return None

    async def _call(
        self, channel: Channel, account: Account, delivery: Delivery, task: Task, way: Way
    ) -> Accepted | None:
        """What the vendor took; None: the call need not be made any more."""
        async with await self.breakers.get_breaker(account.name):
            # Within the breaker: while it is open no try begins, so none is counted and no reply token is used up.
            if not await asyncio.to_thread(self.states.begin, delivery, _stored(way), task.uncertain is not None):
                return None
            await _prepare(channel, task)
            try:
                return await asyncio.wait_for(channel.send(task, way), CALL_TIMEOUT_S)
            except TimeoutError as error:
                raise errors.Uncertain("timeout", f"no answer in {CALL_TIMEOUT_S:g} s") from error
            except errors.DeliveryError:
                raise
            except Exception as error:  # our own mistake: nobody knows whether the vendor took the call
                logger.exception("call_broke", delivery=delivery.id)
                raise errors.Uncertain("broken", type(error).__name__, "report the log's call_broke") from error

    async def _accepted(
        self, channel: Channel, account: Account, delivery: Delivery, way: Way, accepted: Accepted
    ) -> None:
        self.metrics.sent(account.name, way.cost)
        if _is_unknown(delivery) and channel.proof_wait_s:
            self.metrics.repeated_blind(account.name)
        provider_id = accepted.messages[0] if accepted.messages else ""
        await asyncio.to_thread(self.states.accepted, delivery.id, provider_id, accepted.address)

    def _task(self, batch: Batch, delivery: Delivery, unknown: bool) -> Task:
        now = self.clock()
        wrote_at = batch.contact.last_inbound_at if batch.contact else None
        token = ReplyToken(batch.token[0], now - batch.token[1]) if batch.token else None
        return Task(
            id=delivery.id,
            key=delivery.key,
            body=delivery.body,
            account=batch.conversation.account,
            address=batch.contact.address if batch.contact else {},
            language=batch.conversation.language,
            human=delivery.author.startswith("agent:"),
            silent_s=None if wrote_at is None else max(0.0, now - wrote_at),
            token=token,
            uncertain=(delivery.way or {}).get("detail", {}) if unknown else None,
        )

    async def _failed(
        self, channel: Channel, batch: Batch, delivery: Delivery, error: errors.DeliveryError, way: Way | None
    ) -> float | None:
        account = batch.conversation.account
        self.metrics.failed(account, type(error).__name__)
        if isinstance(error, errors.Refused | errors.Hold):
            return await self._stop(batch, delivery, error)
        if isinstance(error, errors.AccountDown):
            return await self._rest(channel, batch, delivery, error)
        if self._is_hopeless(delivery):
            given_up = errors.Refused(error.code, f"given up: {error.reason}", error.remedy)
            return await self._stop(batch, delivery, given_up)
        if isinstance(error, errors.TokenSpent):
            await asyncio.to_thread(
                self.states.later, delivery.id, 0.0, error.code, error.reason, _is_unknown(delivery)
            )
            return None  # another way at once
        if isinstance(error, errors.Uncertain) and channel.proof_wait_s:
            at = self.clock() + channel.proof_wait_s
        else:
            at = self.clock() + pause(delivery.attempts + 1, error.retry_after_s, self.rng)
        # That this try was not taken says nothing of an uncertain one before it.
        uncertain = isinstance(error, errors.Uncertain) or _is_unknown(delivery)
        token = way.token if way and not uncertain else ""
        await asyncio.to_thread(self.states.later, delivery.id, at, error.code, error.reason, uncertain, token)
        return at

    async def _stop(self, batch: Batch, delivery: Delivery, error: errors.DeliveryError) -> float | None:
        state = State.HELD if isinstance(error, errors.Hold) else State.FAILED
        logger.warning("not_sent", delivery=delivery.id, state=state.value, code=error.code, remedy=error.remedy)
        said = f"{error.reason}. {error.remedy}".strip()
        if await asyncio.to_thread(self.states.stop, delivery.id, state, error.code, said):
            await asyncio.to_thread(self.tell, batch.conversation, delivery, error)
        return None

    async def _rest(
        self, channel: Channel, batch: Batch, delivery: Delivery, error: errors.DeliveryError
    ) -> float | None:
        """Nothing of the account is sent for a while; every message is kept."""
        at = self.clock() + DOWN_S
        account = channel.accounts[batch.conversation.account]
        self.limits.pause(account, at)
        logger.critical("account_down", account=account.name, code=error.code, reason=error.reason, remedy=error.remedy)
        said = f"{error.reason}. {error.remedy}"
        await asyncio.to_thread(self.states.later, delivery.id, at, error.code, said, _is_unknown(delivery))
        return at

    def _is_hopeless(self, delivery: Delivery) -> bool:
        return delivery.attempts + 1 >= MAX_ATTEMPTS or self.clock() - delivery.created_at > GIVE_UP_S


async def _prepare(channel: Channel, task: Task) -> None:
    """Raises DeliveryError; nothing of the call has left then."""
    try:
        await asyncio.wait_for(channel.prepare(task), PREPARE_TIMEOUT_S)
    except TimeoutError as error:
        raise errors.TryAgain("upload_timeout", f"its file was not uploaded in {PREPARE_TIMEOUT_S:g} s") from error


def _is_unknown(delivery: Delivery) -> bool:
    """Whether its last try may have been taken."""
    return delivery.state in (State.SENDING, State.UNCERTAIN)


def _unreachable() -> errors.Refused:
    return errors.Refused("no_account", "the account is not configured any more", "add it to channels.yml again")


def _stored(way: Way) -> Mapping[str, Any]:
    return {"name": way.name, "cost": way.cost, "detail": dict(way.detail), "token": way.token}
