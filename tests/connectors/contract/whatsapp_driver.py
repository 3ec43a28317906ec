"""WhatsApp, by its simulator."""

import json
from collections.abc import Mapping
from typing import Any

import httpx

from tests.connectors.contract.driver import Bubble, numbers
from tests.simulators.common.signing import hex_signature
from tests.simulators.whatsapp.simulator import WhatsAppSimulator
from tests.support.channel_office import Office

MACHINE = "(machine)"  # tests.support.channel.NoWords


class WhatsAppDriver:
    """WhatsApp on its simulator."""

    name = "whatsapp"
    largest = 4096
    takes_back = True
    most_bytes = 3_300_000

    def __init__(self, office: Office, simulator: WhatsAppSimulator) -> None:
        self._office = office
        self._simulator = simulator
        self._ours = simulator.config.numbers[0].phone_number_id

    def customer(self) -> str:
        return f"4915112{next(numbers):06}"

    def write(self, customer: str, text: str) -> str:
        return self._act(customer, "text", text=text)

    def write_together(self, texts: Mapping[str, str]) -> None:
        acts = [{"from": customer, "to": self._ours, "type": "text", "text": text} for customer, text in texts.items()]
        self._simulator.inbound_many(acts)
        self._settle()

    def press(self, customer: str, title: str) -> None:
        self._act(customer, "tap", choice=title)

    def press_unoffered(self, customer: str, choice_id: str) -> None:
        reply = {"type": "button_reply", "button_reply": {"id": choice_id, "title": "Yes"}}
        body = self._body(customer, {"type": "interactive", "interactive": reply})
        assert self.deliver_raw(customer, body) == 200

    def send_other(self, customer: str, kind: str) -> None:
        more = {"location": {"latitude": 52.5, "longitude": 13.4}}.get(kind, {})
        self._act(customer, {"unknown": "unsupported"}.get(kind, kind), **more)

    def take_back(self, customer: str, message: str) -> None:
        self._act(customer, "revoke", message_id=message)

    def sees(self, customer: str) -> list[Bubble]:
        found = self._simulator.messages_to(customer, self._ours)
        return [
            Bubble(
                sent.seen.text,
                tuple([each.title for each in sent.seen.buttons] + [each.title for each in sent.seen.rows]),
                sent.seen.text.endswith(MACHINE),
            )
            for sent in found
        ]

    def deliver_last_again(self) -> int:
        bodies = [post.body for post in self._simulator.webhooks()]
        # Statuses of our own messages come in between.
        return self._signed(next(body for body in reversed(bodies) if _carries_messages(body)))

    def deliver_forged(self, customer: str) -> int:
        body = self._body(customer, {"type": "text", "text": {"body": "forged"}})
        return self._signed(body, "another-secret")

    def deliver_raw(self, customer: str, body: bytes) -> int:
        return self._signed(body)

    def _act(self, customer: str, kind: str, **values: Any) -> str:
        made = self._simulator.inbound(customer, kind, self._ours, **values)
        self._settle()
        return made

    def _settle(self) -> None:
        self._simulator.wait(lambda: all(post.attempts for post in self._simulator.webhooks()))

    def _body(self, customer: str, content: dict[str, Any]) -> bytes:
        user_id = self._simulator.customer(customer).user_id
        head = {"from": customer, "from_user_id": user_id, "id": f"wamid.made{next(numbers)}"}
        message = {**head, "timestamp": str(int(self._simulator.now())), **content}
        contact = {"profile": {"name": "Somebody"}, "wa_id": customer, "user_id": user_id}
        metadata = {"display_phone_number": "4915735985000", "phone_number_id": self._ours}
        value = {"messaging_product": "whatsapp", "metadata": metadata, "contacts": [contact], "messages": [message]}
        change = {"field": "messages", "value": value}
        account = self._simulator.config.numbers[0].business_account_id
        entry = {"id": account, "changes": [change]}
        return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()

    def _signed(self, body: bytes, secret: str = "") -> int:
        signature = hex_signature(secret or self._simulator.config.app_secret, body)
        headers = {"X-Hub-Signature-256": f"sha256={signature}"}
        return httpx.post(f"{self._office.url}/webhooks/whatsapp", content=body, headers=headers).status_code


def _carries_messages(body: bytes) -> bool:
    changes = [change for entry in json.loads(body)["entry"] for change in entry["changes"]]
    return any("messages" in change["value"] for change in changes)
