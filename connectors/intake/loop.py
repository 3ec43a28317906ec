"""Takes stored events and applies them: those of one person in order, those of many side by side."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import structlog
from sqlalchemy.exc import SQLAlchemyError

from connectors.causes import cause_of
from connectors.channel import Channel
from connectors.events import EVENT, NewIdentity
from connectors.intake.apply import Applied, Applier
from connectors.intake.metrics import IntakeMetrics
from conversations.inbox import Inbox, StoredEvent

logger = structlog.get_logger(__name__)

TOGETHER = 50  # events taken at a time
PEOPLE = 8  # applied side by side
IDLE_WAIT_S = 0.5  # a lost wake-up costs no more than this
APPLY_TIMEOUT_S = 15.0
NO_ACCOUNT = "add the account to channels.yml again, then run `aftersail outbox events`"


@dataclass(frozen=True)
class Intake:
    """One process's share of the events."""

    inbox: Inbox
    applier: Applier
    channels: Mapping[str, Channel]
    received: Callable[[Channel, Applied], None]  # tells worker and desk, shows the customer that it was read
    metrics: IntakeMetrics

    async def run(self, wait: Callable[[float], Awaitable[object]], stopped: asyncio.Event) -> None:
        """Apply until `stopped`; `wait` returns at a wake-up or after the given seconds."""
        await asyncio.to_thread(self.inbox.release)
        while not stopped.is_set():
            try:
                busy = await self.apply_waiting()
            except SQLAlchemyError as error:
                logger.error("database_away", error=_cause(error), remedy="run `aftersail doctor`")
                busy = False
            if not busy:
                await wait(IDLE_WAIT_S)

    async def apply_waiting(self) -> int:
        """Number of events that were taken, applied or to be tried again."""
        events = await asyncio.to_thread(self.inbox.claim, TOGETHER)
        places = asyncio.Semaphore(PEOPLE)
        people = [list(mine) for _, mine in groupby(sorted(events, key=_person), key=_person)]
        # Who got a new id writes under it next, which is in another queue: that must find the id known.
        renamed = [mine for mine in people if any(_renames(event) for event in mine)]
        others = [mine for mine in people if mine not in renamed]
        for side_by_side in (renamed, others):
            await asyncio.gather(*(self._apply_in_order(places, mine) for mine in side_by_side))
        return len(events)

    async def _apply_in_order(self, places: asyncio.Semaphore, events: Sequence[StoredEvent]) -> None:
        done: list[int] = []
        async with places:
            for event in events:
                if not await self._apply(event):
                    break  # what comes after it waits with it, held until the hold ends or it is tried again
                done.append(event.id)
            if done:
                await asyncio.to_thread(self.inbox.done, done)
            left = [event.id for event in events if event.id not in done]
            if left:
                await asyncio.to_thread(self.inbox.put_back, left)

    async def _apply(self, event: StoredEvent) -> bool:
        channel = self.channels.get(event.channel)
        account = channel.accounts.get(event.body["account"]) if channel else None
        if channel is None or account is None:
            logger.error("event_of_no_account", channel=event.channel, event_id=event.id, remedy=NO_ACCOUNT)
            await asyncio.to_thread(self.inbox.again, event, "the account is not configured any more")
            return False
        try:
            parsed = EVENT.validate_python(event.body["event"])
            applying = self.applier.apply(channel, account, parsed, event.received_at)
            applied = await asyncio.wait_for(applying, APPLY_TIMEOUT_S)
        except Exception as error:  # noqa: BLE001 - one bad event must not stop the others; it is kept and tried again
            self.metrics.failed(event.channel)
            cause = cause_of(error)
            logger.error("event_not_applied", channel=event.channel, event_id=event.id, cause=cause)
            if not await asyncio.to_thread(self.inbox.again, event, cause):
                remedy = "mend the cause, then run `aftersail outbox events`"
                logger.critical("event_given_up", channel=event.channel, event_id=event.id, remedy=remedy)
            return False
        try:
            self.received(channel, applied)
        except Exception as error:  # noqa: BLE001 - the event is in the record; who was not woken looks by themselves
            logger.error("nobody_told", channel=event.channel, event_id=event.id, cause=cause_of(error))
        return True


def _cause(error: SQLAlchemyError) -> str:
    """What went wrong, without the statement and its values, which are people's words."""
    return str(getattr(error, "orig", "") or type(error).__name__)


def _renames(event: StoredEvent) -> bool:
    return bool(event.body["event"]["what"]["type"] == NewIdentity.type)


def _person(event: StoredEvent) -> str:
    return event.person
