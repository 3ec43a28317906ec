"""LINE, by its simulator."""

import re
from collections.abc import Mapping
from typing import Any

import httpx

from tests.connectors.contract.driver import Bubble, numbers
from tests.simulators.common.signing import base64_signature
from tests.simulators.line.simulator import LineSimulator
from tests.support.channel_office import Office

MACHINE = "(machine)"  # tests.support.channel.NoWords


class LineDriver:
    """LINE on its simulator."""

    name = "line"
    largest = 5000
    takes_back = True
    most_bytes = 3_300_000

    def __init__(self, office: Office, simulator: LineSimulator) -> None:
        self._office = office
        self._simulator = simulator

    def customer(self) -> str:
        return f"U{next(numbers):032x}"

    def write(self, customer: str, text: str) -> str:
        return str(self._act("text", customer, text=text)["message"]["id"])

    def write_together(self, texts: Mapping[str, str]) -> None:
        count = len(self._simulator.attempts)
        self._simulator.act_together(*({"type": "text", "user": user, "text": text} for user, text in texts.items()))
        self._simulator.wait_for_attempts(count + 1)

    def press(self, customer: str, title: str) -> None:
        self._act("tap", customer, label=title)

    def press_unoffered(self, customer: str, choice_id: str) -> None:
        self._act("postback", customer, data=choice_id)

    def send_other(self, customer: str, kind: str) -> None:
        self._act({"unknown": "unknownMessage", "voice": "audio"}.get(kind, kind), customer)

    def take_back(self, customer: str, message: str) -> None:
        self._act("unsend", customer, message_id=message)

    def sees(self, customer: str) -> list[Bubble]:
        return [
            Bubble(entry.text, tuple(reply.label for reply in entry.quick_replies), entry.text.endswith(MACHINE))
            for entry in self._simulator.messages_to(customer)
        ]

    def deliver_last_again(self) -> int:
        return self._signed(self._simulator.attempts[-1].body)

    def deliver_forged(self, customer: str) -> int:
        self.write(customer, "hello")  # a body of the vendor's own, with other words under the old signature
        last = self._simulator.attempts[-1]
        forged = re.sub(rb'"webhookEventId":"\w+"', b'"webhookEventId":"01ARZ3NDEKTSV4RRFFQ69G5FAV"', last.body)
        forged = re.sub(rb'"id":"\d+"', b'"id":"1234567"', forged).replace(b"hello", b"forged")
        return self._post(forged, last.signature)

    def deliver_raw(self, customer: str, body: bytes) -> int:
        return self._signed(body)

    def _act(self, kind: str, customer: str, **values: Any) -> dict[str, Any]:
        count = len(self._simulator.attempts)
        (made, *_) = self._simulator.act(kind, customer, **values)
        self._simulator.wait_for_attempts(count + 1)
        return made

    def _signed(self, body: bytes) -> int:
        return self._post(body, base64_signature(self._simulator.bot().channel_secret, body))

    def _post(self, body: bytes, signature: str) -> int:
        headers = {"x-line-signature": signature}
        return httpx.post(f"{self._office.url}/webhooks/line", content=body, headers=headers).status_code
