"""Makes customers act: remembers what they did and builds the webhook that tells of it."""

from typing import Any

from tests.simulators.whatsapp.config import PhoneNumber
from tests.simulators.whatsapp.deeds import BUILDERS, SILENT, WITHOUT_CONTACTS, Deed
from tests.simulators.whatsapp.engine import Engine
from tests.simulators.whatsapp.state import Customer, Document, ReceivedMessage
from tests.simulators.whatsapp.webhooks import Event, message_event

QUIET = ("read", "played")  # acts that show in statuses only
OFFER_S = 24 * 3600.0
COMMON = {"to", "from", "type", "name", "username", "hidden", "reply_to", "forwarded", "referral"}
OWN = {
    "text", "data", "mime_type", "file_name", "caption", "animated", "latitude", "longitude", "address", "url",
    "contacts", "choice", "message_id", "emoji", "empty", "product_items", "kind", "new_wa_id", "place",
}  # fmt: skip
REFERRAL = {
    "source_url": "https://fb.me/simulated",
    "source_id": "120210000000000001",
    "source_type": "ad",
    "headline": "Orikka lamps",
    "body": "Light for the long evenings",
    "media_type": "image",
    "image_url": "https://example.com/ad.jpg",
    "ctwa_clid": "simulated-click",
}
BROKEN = {
    "code": 131000,
    "title": "Something went wrong",
    "message": "Something went wrong",
    "error_data": {"details": "Unsupported webhook payload"},
}


class Inbound:
    """Acts of customers."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def act(self, act: Document) -> tuple[str, Event | None]:
        """The id of the customer's message and the webhook event; no event for reading, which shows in statuses.

        Raises ValueError for an act that no customer can do.
        """
        self._check(act)
        number = self._number(act)
        customer = self._customer(act)
        if act["type"] in QUIET:
            self._look(act, number, customer)
            return "", None
        chat = self._engine.world.chat(number.phone_number_id, customer.wa_id)
        deed = Deed(self._engine, number, customer, chat, act)
        contact = None if act["type"] in WITHOUT_CONTACTS else customer.contact()
        payload = self._payload(deed)
        now = self._engine.clock.now()
        if act.get("referral"):
            chat.offer_until = now + OFFER_S
        received = ReceivedMessage(
            payload["id"], number.phone_number_id, deed.chat.wa_id, payload["type"], now, payload
        )
        self._engine.world.received[received.wamid] = received
        chat.messages.append(received)
        if act["type"] not in SILENT:
            chat.last_inbound_at = now
        event = message_event(number, payload, contact)
        if act["type"] == "broken":
            event.value["errors"] = [BROKEN]
        return received.wamid, event

    def _payload(self, deed: Deed) -> Document:
        """The entry of messages[]."""
        act, customer = deed.act, deed.customer
        sender = {"from_user_id": customer.user_id}  # before the act: some change it
        if not customer.hidden:
            sender = {"from": customer.wa_id, **sender}
        wamid = self._engine.world.new_wamid(customer.user_id if customer.hidden else customer.wa_id, outgoing=False)
        built = BUILDERS[act["type"]](deed)
        head = {**sender, "id": wamid, "timestamp": str(int(self._engine.clock.now()))}
        payload = {**self._context(act, deed.number.display_phone_number), **head, **built}
        if act.get("referral"):
            payload["referral"] = act["referral"] if isinstance(act["referral"], dict) else dict(REFERRAL)
        return payload

    def _look(self, act: Document, number: PhoneNumber, customer: Customer) -> None:
        if act["type"] == "read":
            self._engine.progress.read_all(number.phone_number_id, customer.wa_id)
            return
        message = self._engine.world.sent.get(str(act.get("message_id")))
        if message is None:
            raise ValueError("played: no such message")
        self._engine.progress.move(message, "played")

    def _number(self, act: Document) -> PhoneNumber:
        config = self._engine.config
        number = config.number(str(act.get("to", config.numbers[0].phone_number_id)))
        if number is None:
            raise ValueError(f"no number has the id {act['to']}")
        return number

    def _customer(self, act: Document) -> Customer:
        customer = self._engine.world.customer(str(act["from"]).removeprefix("+"))
        for name in ("name", "username"):
            if act.get(name):
                setattr(customer, name, str(act[name]))
        if "hidden" in act:
            customer.hidden = bool(act["hidden"])
        return customer

    @staticmethod
    def _context(act: Document, business: str) -> Document:
        if act.get("reply_to"):
            return {"context": {"from": business, "id": str(act["reply_to"])}}
        if act.get("forwarded"):
            return {"context": {"frequently_forwarded" if act["forwarded"] == "many" else "forwarded": True}}
        return {}

    @staticmethod
    def _check(act: Any) -> None:
        if not isinstance(act, dict) or not act.get("from"):
            raise ValueError("an act is an object with from, to and type")
        if unknown := sorted(set(act) - COMMON - OWN):
            raise ValueError(f"unknown {', '.join(unknown)} in an act")
        if act.get("type") not in {*BUILDERS, *QUIET}:
            raise ValueError(f"unknown type {act.get('type')!r}; known are {', '.join(sorted((*BUILDERS, *QUIET)))}")
