"""What happens to an accepted message: sent, delivered, read or failed, each with its webhook."""

from typing import TYPE_CHECKING

from tests.simulators.whatsapp.errors import VendorError
from tests.simulators.whatsapp.state import SentMessage
from tests.simulators.whatsapp.webhooks import status_event

if TYPE_CHECKING:
    from tests.simulators.whatsapp.engine import Engine

ORDER = ("sent", "delivered", "read", "played")
FAILURES = {
    130472: "Failed to send message because this user's phone number is part of an experiment",
    131049: "In order to maintain a healthy ecosystem engagement, the message failed to be delivered.",
}


class Progress:
    """Moves messages on."""

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine

    def begin(self, message: SentMessage, late: VendorError | None) -> None:
        """Schedule everything that follows the acceptance. With `late` the message fails."""
        engine = self._engine
        speeds = engine.config.speeds
        customer = engine.world.customer(message.wa_id)
        if late is None and customer.fails_with:
            details = FAILURES.get(customer.fails_with, "Message failed to send.")
            late = VendorError(customer.fails_with, details)
        now = engine.clock.now()
        if late is not None:
            error = late
            engine.later(now + speeds.sent_s, lambda: self.fail(message, error))
            return
        engine.later(now + speeds.sent_s, lambda: self.move(message, "sent"))
        arrives = now + speeds.delivered_s + engine.world.jitter(speeds.jitter_s)
        engine.later(arrives, lambda: self._arrive(message))

    def fail(self, message: SentMessage, error: VendorError) -> None:
        """The message does not reach the customer."""
        message.error = error.code
        self._tell(message, "failed", error)

    def move(self, message: SentMessage, status: str) -> None:
        """The message gets a status, unless it already has a later one."""
        had = [name for name, _ in message.statuses]
        if "failed" in had or status in had or any(ORDER.index(name) > ORDER.index(status) for name in had):
            return
        self._tell(message, status)

    def read_all(self, phone_number_id: str, wa_id: str) -> int:
        """How many messages became read: all that have arrived in a chat."""
        waiting = [
            message
            for message in self._engine.world.sent.values()
            if (message.phone_number_id, message.wa_id) == (phone_number_id, wa_id)
            and message.arrived_at is not None
            and message.status == "delivered"
        ]
        for message in waiting:
            self.move(message, "read")
        return len(waiting)

    def _arrive(self, message: SentMessage) -> None:
        engine = self._engine
        message.arrived_at = engine.clock.now()
        if message.kind == "reaction":  # the vendor reports reactions no further
            return
        self.move(message, "delivered")
        pause = engine.config.speeds.read_s
        if pause is not None and engine.world.customer(message.wa_id).reads:
            engine.later(message.arrived_at + pause, lambda: self.move(message, "read"))

    def _tell(self, message: SentMessage, status: str, error: VendorError | None = None) -> None:
        engine = self._engine
        now = engine.clock.now()
        message.statuses.append((status, now))
        number = engine.config.number(message.phone_number_id)
        if number is None:
            raise LookupError(message.phone_number_id)
        until = engine.world.chat(message.phone_number_id, message.wa_id).entry_point_until
        customer = engine.world.customer(message.wa_id)
        engine.emit(status_event(engine.config, number, message, customer, status, now, error, until))
