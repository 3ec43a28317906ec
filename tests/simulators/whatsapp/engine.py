"""The vendor's side of sending: accepts or refuses, and knows what follows. No HTTP and no waiting in here."""

from collections.abc import Callable
from typing import Any

from tests.simulators.common.clock import SimulatedClock
from tests.simulators.common.limits import BorrowingBucket, RollingWindow
from tests.simulators.whatsapp.checks.envelope import Envelope, check_envelope, check_receipt
from tests.simulators.whatsapp.checks.template import check_template
from tests.simulators.whatsapp.config import PhoneNumber, SimulatorConfig
from tests.simulators.whatsapp.errors import VendorError, unknown_object
from tests.simulators.whatsapp.media import MediaStore
from tests.simulators.whatsapp.progress import Progress
from tests.simulators.whatsapp.state import Chat, Customer, SentMessage, World
from tests.simulators.whatsapp.templates import Template, Templates
from tests.simulators.whatsapp.view import Seen
from tests.simulators.whatsapp.webhooks import FREE_ENTRY, Event

Document = dict[str, Any]
ENTRY_POINT_S = 72 * 3600.0
RECEIPT_DAYS_S = 30 * 86_400.0
TYPING_S = 25.0
LATE = {
    131047: "Message failed to send because more than 24 hours have passed since the customer last replied to this "
    "number.",
    131026: "Message Undeliverable.",
}


class Engine:
    """A simulated Meta app. `emit` takes webhook events; `later` runs something at a simulated time."""

    def __init__(
        self,
        config: SimulatorConfig,
        clock: SimulatedClock,
        emit: Callable[[Event], None],
        later: Callable[[float, Callable[[], None]], None],
    ) -> None:
        self.config = config
        self.clock = clock
        self.emit = emit
        self.later = later
        self.world = World(config.seed)
        self.media = MediaStore(config.speeds.media_url_s)
        self.templates = Templates(config.templates)
        self.progress = Progress(self)
        self.fetch: Callable[[SentMessage, VendorError | None], None] = self.progress.begin  # of files sent by address
        self.refusals: list[tuple[float, int, str]] = []  # time, code, details of what was refused
        self._throughput = {
            number.phone_number_id: RollingWindow(number.throughput_mps, 1.0) for number in config.numbers
        }
        self._pairs: dict[tuple[str, str], BorrowingBucket] = {}

    def number(self, phone_number_id: str, method: str = "post") -> PhoneNumber:
        """The number with this id. Raises VendorError when there is none, or it was deleted."""
        number = self.config.number(phone_number_id)
        if number is None:
            raise unknown_object(method, phone_number_id)
        if number.deleted:
            raise VendorError(33, "The business phone number has been deleted.")
        return number

    def receipt(self, phone_number_id: str, body: Any) -> Document:
        """The answer to a read receipt: that message and all before it are read. Raises VendorError."""
        number = self.number(phone_number_id)
        receipt = check_receipt(body)
        now = self.clock.now()
        message = self.world.received.get(receipt.message_id)
        known = message is not None and message.phone_number_id == number.phone_number_id
        if message is None or not known or now - message.at > RECEIPT_DAYS_S:
            raise VendorError(131009, f"Message ID {receipt.message_id} is not a message received by this number.")
        chat = self.world.chat(number.phone_number_id, message.wa_id)
        chat.receipts.append((message.wamid, now))
        for earlier in self.world.received.values():
            mine = (earlier.phone_number_id, earlier.wa_id) == (number.phone_number_id, message.wa_id)
            if mine and earlier.at <= message.at and earlier.read_at is None:
                earlier.read_at = now
        if receipt.typing:
            chat.typing_until = now + TYPING_S
        return {"success": True}

    def send(self, phone_number_id: str, body: Any) -> Document:
        """The answer to a message: its id. Raises VendorError for what Meta refuses."""
        number = self.number(phone_number_id)
        if not number.registered:
            raise VendorError(133010, "Phone number not registered on the WhatsApp Business Platform.")
        now = self.clock.now()
        if not self._throughput[phone_number_id].take(now):
            raise VendorError(130429, "Cloud API message throughput has been reached.")
        envelope = check_envelope(body)
        customer = self._addressee(number, envelope)
        template, seen = self._seen(number, envelope)
        chat = self.world.chat(phone_number_id, customer.wa_id)
        self._check_target(envelope, chat)
        late = self._late_error(envelope, customer, chat)
        if late is not None and late.code not in self.config.late_errors:
            raise late
        pair = self._pairs.setdefault(
            (phone_number_id, customer.wa_id), BorrowingBucket(self.config.pair_burst, self.config.pair_every_s)
        )
        if not pair.take(now):
            raise VendorError(
                131056,
                "Message failed to send because there were too many messages sent from this phone number to "
                "the same phone number in a short period of time.",
            )
        message = self._accepted(number, envelope, customer, template, seen)
        begin = self.fetch if seen.media.startswith("http") else self.progress.begin
        begin(message, late)
        return self._answer(envelope, customer, message)

    def _addressee(self, number: PhoneNumber, envelope: Envelope) -> Customer:
        if not envelope.to:
            found = self.world.find(envelope.recipient)
            if found is None:
                raise VendorError(131026, "Message undeliverable: no user has this business-scoped user ID.")
            return found
        digits = envelope.to.removeprefix("+")
        if digits == number.display_phone_number:
            raise VendorError(131021, "Recipient phone number cannot be the sender phone number.")
        if number.allowed_recipients and digits not in number.allowed_recipients:
            raise VendorError(
                131030,
                "Recipient phone number not in allowed list: Add recipient phone number to recipient list and try "
                "again.",
            )
        found = self.world.find(digits)
        if found is None and not envelope.to.startswith("+") and not digits.startswith(number.country_code):
            digits = number.country_code + digits.lstrip("0")
        return found or self.world.customer(digits)

    def _seen(self, number: PhoneNumber, envelope: Envelope) -> tuple[Template | None, Seen]:
        template = None
        seen = envelope.seen
        if seen is None:
            template, seen = check_template(
                envelope.content,
                lambda name, language: self.templates.find(number.business_account_id, name, language),
            )
        if seen.media:
            seen = seen.having(
                media_kind=seen.media_kind or str(envelope.body["interactive"]["header"]["type"]).lower()
            )
        if seen.media and not seen.media.startswith("http"):
            self.media.sendable(number.phone_number_id, seen.media, seen.media_kind, self.clock.now())
        return template, seen

    def _check_target(self, envelope: Envelope, chat: Chat) -> None:
        target = envelope.seen.target if envelope.seen else ""
        for wamid, what in ((envelope.quoted, "context['message_id']"), (target, "reaction['message_id']")):
            if not wamid:
                continue
            found = next((message for message in chat.messages if message.wamid == wamid), None)
            if found is None or found.kind == "reaction":
                raise VendorError(131009, f"Param {what} is not a message of this chat.")

    def _late_error(self, envelope: Envelope, customer: Customer, chat: Chat) -> VendorError | None:
        if not customer.reachable:
            return VendorError(131026, LATE[131026])
        if envelope.kind != "template" and not chat.window_left(self.clock.now(), self.config.window_s):
            return VendorError(131047, LATE[131047])
        return None

    def _accepted(
        self, number: PhoneNumber, envelope: Envelope, customer: Customer, template: Template | None, seen: Seen
    ) -> SentMessage:
        now = self.clock.now()
        chat = self.world.chat(number.phone_number_id, customer.wa_id)
        if now < chat.offer_until:
            chat.entry_point_until, chat.offer_until = now + ENTRY_POINT_S, 0.0
        category, pricing = self._price(chat, template)
        message = SentMessage(
            wamid=self.world.new_wamid(customer.user_id if customer.hidden else customer.wa_id, outgoing=True),
            phone_number_id=number.phone_number_id,
            wa_id=customer.wa_id,
            user_id=customer.user_id,
            kind=envelope.kind,
            accepted_at=now,
            seen=seen,
            body=envelope.body,
            callback_data=envelope.callback_data,
            quoted=envelope.quoted,
            category=category,
            pricing=pricing,
            template=f"{template.name}/{template.language}" if template else "",
        )
        self.world.sent[message.wamid] = message
        chat.messages.append(message)
        chat.typing_until = 0.0
        return message

    def _price(self, chat: Chat, template: Template | None) -> tuple[str, str]:
        now = self.clock.now()
        if now < chat.entry_point_until:
            return "referral_conversion", FREE_ENTRY
        if template is None:
            return "service", "free_customer_service"
        category = template.category.lower()
        if category == "utility" and chat.window_left(now, self.config.window_s):
            return category, "free_customer_service"
        return category, "regular"

    @staticmethod
    def _answer(envelope: Envelope, customer: Customer, message: SentMessage) -> Document:
        if envelope.to:
            contact = {"input": str(envelope.body["to"]), "wa_id": customer.wa_id}
        else:
            contact = {"input": envelope.recipient, "user_id": customer.user_id}
        told: Document = {"id": message.wamid}
        if message.template:
            told["message_status"] = "accepted"
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [told]}
