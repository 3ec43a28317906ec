"""Bodies of webhooks: what Meta posts to the product."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tests.simulators.whatsapp.config import PhoneNumber, SimulatorConfig
from tests.simulators.whatsapp.errors import VendorError
from tests.simulators.whatsapp.state import Customer, SentMessage

Document = dict[str, Any]
FREE_ENTRY = "free_entry_point"


@dataclass(frozen=True)
class Event:
    """One change of one account. `address` is a number's own webhook; empty for the app's."""

    account: str
    field: str
    value: Document
    address: str = ""


def message_event(number: PhoneNumber, message: Document, contact: Document | None) -> Event:
    """A message of a customer, or a system message without `contacts`."""
    value: Document = _envelope(number)
    if contact is not None:
        value["contacts"] = [contact]
    value["messages"] = [message]
    return Event(number.business_account_id, "messages", value, number.webhook_url)


def status_event(
    config: SimulatorConfig,
    number: PhoneNumber,
    message: SentMessage,
    customer: Customer,
    status: str,
    at: float,
    error: VendorError | None = None,
    entry_point_until: float = 0.0,
) -> Event:
    """What became of a message of ours."""
    told: Document = {"id": message.wamid, "status": status, "timestamp": str(int(at))}
    if not customer.hidden:
        told["recipient_id"] = customer.wa_id
    told["recipient_user_id"] = customer.user_id
    if message.callback_data:
        told["biz_opaque_callback_data"] = message.callback_data
    value = _envelope(number)
    if error is not None:
        told["errors"] = [error.in_webhook()]
    if error is None or config.failed_contacts:
        value["contacts"] = [customer.contact()]
    if error is None:
        told |= _charges(config, message, status, entry_point_until)
    value["statuses"] = [told]
    return Event(number.business_account_id, "messages", value, number.webhook_url)


def _charges(config: SimulatorConfig, message: SentMessage, status: str, entry_point_until: float) -> Document:
    if message.kind == "reaction":
        return {}
    charges: Document = {
        "pricing": {
            "billable": message.billable,
            "pricing_model": "PMP",
            "type": message.pricing,
            "category": message.category,
        }
    }
    if config.webhook_version < 24 or message.pricing == FREE_ENTRY:
        origin = "referral_conversion" if message.pricing == FREE_ENTRY else message.category
        talk: Document = {"id": f"{message.wa_id}-{message.phone_number_id}", "origin": {"type": origin}}
        if status == "sent":
            until = entry_point_until or message.accepted_at + config.window_s
            talk["expiration_timestamp"] = str(int(until))
        charges["conversation"] = talk
    return charges


def template_event(account: str, document: Document, reason: str = "NONE") -> Event:
    """A change of a template's status."""
    value = {
        "event": document["status"],
        "message_template_id": int(document["id"]),
        "message_template_name": document["name"],
        "message_template_language": document["language"],
        "reason": reason,
        "message_template_category": document["category"],
    }
    return Event(account, "message_template_status_update", value)


def bodies(events: Iterable[Event], now: float) -> list[tuple[str, Document]]:
    """Bodies by address (empty: the app's): everything for one address in one body, grouped by account.

    Messages of one number that follow each other share a change, with a `contacts` entry for each sender, as
    statuses do with theirs.
    """
    result: dict[str, dict[str, list[Document]]] = {}
    for event in events:
        changes = result.setdefault(event.address, {}).setdefault(event.account, [])
        if not (changes and event.field == "messages" and _joined(changes[-1], event.value)):
            changes.append({"value": _copy(event.value), "field": event.field})
    return [
        (
            address,
            {
                "object": "whatsapp_business_account",
                "entry": [_entry(account, changes, now) for account, changes in accounts.items()],
            },
        )
        for address, accounts in result.items()
    ]


def _entry(account: str, changes: list[Document], now: float) -> Document:
    entry: Document = {"id": account, "changes": changes}
    if any(change["field"] != "messages" for change in changes):
        entry["time"] = int(now)
    return entry


def _joined(change: Document, value: Document) -> bool:
    """Whether the value could be put into the change; only the same kind for the same number fits."""
    held = change["value"]
    if change["field"] != "messages" or held.get("metadata") != value.get("metadata"):
        return False
    kind = next((name for name in ("messages", "statuses") if name in value), "")
    if not kind or kind not in held or "errors" in value or "errors" in held:
        return False
    held[kind].extend(value[kind])
    people = held.get("contacts", [])
    people.extend(person for person in value.get("contacts", []) if person not in people)
    if people:
        held["contacts"] = people
    return True


def _copy(value: Document) -> Document:
    return {name: list(item) if isinstance(item, list) else item for name, item in value.items()}


def _envelope(number: PhoneNumber) -> Document:
    return {
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": number.display_phone_number,
            "phone_number_id": number.phone_number_id,
        },
    }
