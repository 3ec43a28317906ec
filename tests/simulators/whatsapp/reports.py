"""What tests and the page read: the record of truth as plain data."""

from collections import Counter
from typing import Any

from tests.simulators.whatsapp.simulation import Simulation
from tests.simulators.whatsapp.state import Document, ReceivedMessage, SentMessage

MESSAGES_SHOWN = 200  # on the page
POSTS_SHOWN = 600


def messages_to(simulation: Simulation, user: str, phone_number_id: str = "") -> list[SentMessage]:
    """What has arrived at a customer (wa_id, other form or user id), in the order of arrival."""
    customer = simulation.engine.world.find(user.removeprefix("+"))
    names = {customer.wa_id} if customer else {user}
    found = [
        message
        for message in simulation.engine.world.sent.values()
        if message.wa_id in names
        and message.arrived_at is not None
        and phone_number_id in ("", message.phone_number_id)
    ]
    return sorted(found, key=lambda message: message.arrived_at or 0.0)


def doubles(simulation: Simulation) -> dict[str, int]:
    """How often each biz_opaque_callback_data was accepted, for those accepted more than once."""
    counted = Counter(
        message.callback_data for message in simulation.engine.world.sent.values() if message.callback_data
    )
    return {data: count for data, count in counted.items() if count > 1}


def sent_json(message: SentMessage) -> Document:
    """A message of the business."""
    return {
        "id": message.wamid,
        "phone_number_id": message.phone_number_id,
        "wa_id": message.wa_id,
        "user_id": message.user_id,
        "type": message.kind,
        "accepted_at": message.accepted_at,
        "arrived_at": message.arrived_at,
        "status": message.status,
        "statuses": message.statuses,
        "error": message.error,
        "seen": message.seen.as_json(),
        "biz_opaque_callback_data": message.callback_data,
        "quoted": message.quoted,
        "category": message.category,
        "pricing": message.pricing,
        "billable": message.billable,
        "template": message.template,
    }


def received_json(message: ReceivedMessage) -> Document:
    """A message of a customer."""
    return {
        "id": message.wamid,
        "phone_number_id": message.phone_number_id,
        "wa_id": message.wa_id,
        "type": message.kind,
        "at": message.at,
        "read_at": message.read_at,
        "removed": message.removed,
        "payload": message.payload,
    }


def state_json(simulation: Simulation) -> Document:
    """Everything that happened."""
    world = simulation.engine.world
    return {
        "now": simulation.clock.now(),
        "sent": [sent_json(message) for message in world.sent.values()],
        "received": [received_json(message) for message in world.received.values()],
        "doubles": doubles(simulation),
        "billable": sum(message.billable for message in world.sent.values()),
        "read_receipts": [wamid for chat in world.chats.values() for wamid, _ in chat.receipts],
        "refusals": [list(refusal) for refusal in simulation.engine.refusals],
        "calls": [list(call) for call in simulation.calls],
        "webhooks": [_post_json(post) for post in simulation.delivery.posts],
        "templates": [
            template.document | {"account": template.account} for template in simulation.engine.templates.all
        ],
    }


def chat_json(simulation: Simulation, phone_number_id: str, wa_id: str) -> Document:
    """One chat for the page: messages of both sides in the order of the phone, window, typing."""
    engine = simulation.engine
    now = simulation.clock.now()
    chat = engine.world.chats.get((phone_number_id, wa_id))
    shown: list[Document] = []
    taken = b"".join(post.body for post in simulation.delivery.posts[-POSTS_SHOWN:] if post.delivered)
    for message in chat.messages[-MESSAGES_SHOWN:] if chat else []:
        if isinstance(message, ReceivedMessage):
            told = message.wamid.encode() in taken
            shown.append({"mine": True, "order": message.at, "taken": told, **received_json(message)})
        elif message.arrived_at is not None:
            shown.append({"mine": False, "order": message.arrived_at, **sent_json(message)})
    return {
        "now": now,
        "messages": sorted(shown, key=lambda entry: float(entry["order"])),
        "window_left_s": chat.window_left(now, simulation.config.window_s) if chat else 0.0,
        "typing": bool(chat and chat.typing_until > now),
        "billable": sum(message.billable for message in engine.world.sent.values() if message.wa_id == wa_id),
        "webhooks_open": sum(not post.finished for post in simulation.delivery.posts),
    }


def setup_json(simulation: Simulation) -> Document:
    """Numbers and known customers for the page."""
    numbers = [
        {
            "phone_number_id": number.phone_number_id,
            "display": number.display_phone_number,
            "name": number.name,
            "market": number.market,
            "verified_name": number.verified_name,
        }
        for number in simulation.config.numbers
    ]
    people = [
        {"wa_id": person.wa_id, "name": person.name, "hidden": person.hidden}
        for person in simulation.engine.world.customers.values()
    ]
    return {"numbers": numbers, "customers": people}


def _post_json(post: Any) -> Document:
    attempts = [{"at": attempt.at, "status": attempt.status, "error": attempt.error} for attempt in post.attempts]
    return {"url": post.url, "body": post.body.decode(), "duplicate": post.duplicate, "attempts": attempts}
