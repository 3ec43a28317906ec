"""Stored events of one person are applied in order; one that fails is kept, and what came after it waits with it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

import structlog

from connectors.causes import cause_of
from connectors.intake.metrics import IntakeMetrics
from conversations.inbox import Inbox, StoredEvent

logger = structlog.get_logger(__name__)

TOGETHER = 50  # events taken at a time
Apply = Callable[[StoredEvent], Awaitable[bool]]  # whether it is applied; False: it waits on. What it raises is kept


@dataclass(frozen=True)
class InOrder:
    """Events of one inbox."""

    inbox: Inbox
    metrics: IntakeMetrics

    async def claim(self) -> list[list[StoredEvent]]:
        """Events that wait, by person, each person's oldest first; empty when there are none."""
        events = await asyncio.to_thread(self.inbox.claim, TOGETHER)
        return [list(mine) for _, mine in groupby(sorted(events, key=_person), key=_person)]

    async def apply(self, events: Sequence[StoredEvent], apply: Apply) -> int:
        """Number of one person's events that were applied; the rest waits again."""
        done: list[int] = []
        for event in events:
            if not await self._try(event, apply):
                break
            done.append(event.id)
        if done:
            await asyncio.to_thread(self.inbox.done, done)
        left = [event.id for event in events if event.id not in done]
        if left:
            await asyncio.to_thread(self.inbox.put_back, left)
        return len(done)

    async def _try(self, event: StoredEvent, apply: Apply) -> bool:
        try:
            return await apply(event)
        except Exception as error:  # noqa: BLE001 - one bad event must not stop the others; it is kept and tried again
            self.metrics.failed(event.channel)
            cause = cause_of(error)
            logger.error("event_not_applied", channel=event.channel, event_id=event.id, cause=cause)
            if not await asyncio.to_thread(self.inbox.again, event, cause):
                remedy = "mend the cause, then run `aftersail outbox events`"
                logger.critical("event_given_up", channel=event.channel, event_id=event.id, remedy=remedy)
            return False


def _person(event: StoredEvent) -> str:
    return event.person
