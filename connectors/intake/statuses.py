"""What a vendor says later of a message of ours: it got further, or it failed after all."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from connectors.channel import Account, Channel
from connectors.delivery.attempt import MAX_ATTEMPTS, Tell
from connectors.delivery.backoff import pause
from connectors.delivery.errors import Hold, Refused, TryAgain, Uncertain
from connectors.events import StatusChange
from conversations.delivery_model import State
from conversations.delivery_states import DeliveryStates
from conversations.record import Record

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Statuses:
    """Moves deliveries by vendors' statuses."""

    states: DeliveryStates
    record: Record
    tell: Tell
    clock: Callable[[], float] = time.time
    rng: random.Random = field(default_factory=random.SystemRandom)

    def change(self, channel: Channel, account: Account, change: StatusChange) -> None:
        """Apply the status; one that is older than what we know changes nothing."""
        if change.status == "failed":
            self._failed(channel, account, change)
            return
        where = (channel.name, change.message, change.tracker)
        if self.states.told(*where, State(change.status), account.name) is None:
            logger.info("status_of_unknown_message", account=account.name)

    def _failed(self, channel: Channel, account: Account, change: StatusChange) -> None:
        """What is said to have failed surely did not arrive, so sending it again doubles nothing."""
        error = channel.failure(change.code, change.reason)
        delivery = self.states.told_failed(
            channel.name, change.message, change.tracker, error.code, f"{error.reason}. {error.remedy}", account.name
        )
        if delivery is None:
            return
        logger.warning("vendor_failed", account=account.name, delivery=delivery.id, code=error.code)
        if isinstance(error, TryAgain | Uncertain) and delivery.attempts < MAX_ATTEMPTS:
            at = self.clock() + pause(delivery.attempts + 1, error.retry_after_s, self.rng)
            self.states.later(delivery.id, at, error.code, error.reason)
            return
        stopped = error if isinstance(error, Hold | Refused) else Refused(error.code, error.reason, error.remedy)
        state = State.HELD if isinstance(error, Hold) else State.FAILED
        if self.states.stop(delivery.id, state, error.code, f"{error.reason}. {error.remedy}"):
            self.tell(self.record.conversation(delivery.conversation_id), delivery, stopped)
