"""Takes stored events and applies them: those of one person in order, those of many side by side."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from connectors.causes import cause_of
from connectors.channel import Channel
from connectors.events import EVENT, NewIdentity
from connectors.intake.apply import Applied, Applier
from connectors.intake.in_order import InOrder
from connectors.intake.metrics import IntakeMetrics
from connectors.rounds import Wait, work_until
from conversations.inbox import Inbox, StoredEvent

logger = structlog.get_logger(__name__)

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

    async def run(self, wait: Wait, stopped: asyncio.Event) -> None:
        """Apply until `stopped`; `wait` returns at a wake-up or after the given seconds."""
        await asyncio.to_thread(self.inbox.release)
        await work_until(stopped, self.apply_waiting, wait, IDLE_WAIT_S)

    async def apply_waiting(self) -> int:
        """Number of events that were taken, applied or to be tried again."""
        queue = InOrder(self.inbox, self.metrics)
        people = await queue.claim()
        places = asyncio.Semaphore(PEOPLE)

        async def apply(events: Sequence[StoredEvent]) -> None:
            async with places:
                await queue.apply(events, self._apply)

        # Who got a new id writes under it next, which is in another queue: that must find the id known.
        renamed = [mine for mine in people if any(_renames(event) for event in mine)]
        others = [mine for mine in people if mine not in renamed]
        for side_by_side in (renamed, others):
            await asyncio.gather(*map(apply, side_by_side))
        return sum(map(len, people))

    async def _apply(self, event: StoredEvent) -> bool:
        channel = self.channels.get(event.channel)
        account = channel.accounts.get(event.body["account"]) if channel else None
        if channel is None or account is None:
            logger.error("event_of_no_account", channel=event.channel, event_id=event.id, remedy=NO_ACCOUNT)
            await asyncio.to_thread(self.inbox.again, event, "the account is not configured any more")
            return False
        parsed = EVENT.validate_python(event.body["event"])
        applying = self.applier.apply(channel, account, parsed, event.received_at)
        applied = await asyncio.wait_for(applying, APPLY_TIMEOUT_S)
        try:
            self.received(channel, applied)
        except Exception as error:  # noqa: BLE001 - the event is in the record; who was not woken looks by themselves
            logger.error("nobody_told", channel=event.channel, event_id=event.id, cause=cause_of(error))
        return True


def _renames(event: StoredEvent) -> bool:
    return bool(event.body["event"]["what"]["type"] == NewIdentity.type)
