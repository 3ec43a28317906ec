"""The web chat, as a browser uses it."""

import json
from collections.abc import Mapping
from typing import Any

import httpx

from tests.connectors.contract.driver import Bubble, numbers
from tests.support.channel_office import Office


def _from_anywhere() -> dict[str, str]:
    """Headers of a proxy: tests are no single visitor who is too fast."""
    return {"X-Forwarded-For": f"203.0.113.{next(numbers) % 250}"}


class WebchatDriver:
    """The web chat, by polling."""

    name = "webchat"
    largest = 10**9
    takes_back = False
    most_bytes = 70_000

    def __init__(self, office: Office) -> None:
        self._office = office
        self._tokens: dict[str, str] = {}
        self._last: tuple[str, str, dict[str, Any]] = ("", "", {})

    def customer(self) -> str:
        answer = httpx.post(
            f"{self._office.url}/webchat/session", json={"market": "DE"}, headers=_from_anywhere()
        ).json()
        sender = self._office.record.conversation(answer["conversation"]).sender
        self._tokens[sender] = answer["token"]
        return sender

    def write(self, customer: str, text: str) -> str:
        body = {"id": f"message-{next(numbers)}", "text": text}
        assert self._post(customer, "messages", body) in (200, 503)
        return str(body["id"])

    def write_together(self, texts: Mapping[str, str]) -> None:
        for customer, text in texts.items():
            self.write(customer, text)

    def press(self, customer: str, title: str) -> None:
        for frame in reversed(self._frames(customer)):
            if title in frame["buttons"]:
                index = frame["buttons"].index(title)
                body = {"id": f"press-{next(numbers):06}", "message": frame["id"], "index": index}
                assert self._post(customer, "buttons", body) == 200
                return
        raise LookupError(title)

    def press_unoffered(self, customer: str, choice_id: str) -> None:
        message, _, index = choice_id.rpartition(":")
        body = {
            "id": f"press-{next(numbers):06}",
            "message": message,
            "index": int(index) if index.lstrip("-").isdigit() else index,
        }
        assert 400 <= self._post(customer, "buttons", body) < 500

    def send_other(self, customer: str, kind: str) -> None:
        raise AssertionError("customers of the web chat send text only, and cannot take it back")

    def take_back(self, customer: str, message: str) -> None:
        raise AssertionError("customers of the web chat send text only, and cannot take it back")

    def sees(self, customer: str) -> list[Bubble]:
        return [
            Bubble(
                frame["text"],
                tuple(frame["buttons"]),
                bool(frame["translation"] and not frame["translation"]["checked"]),
            )
            for frame in self._frames(customer)
            if frame["author"] != "customer"
        ]

    def deliver_last_again(self) -> int:
        return self._post(*self._last)

    def deliver_forged(self, customer: str) -> int:
        head, _, tail = self._tokens[customer].rpartition(".")
        body = {"id": f"message-{next(numbers)}", "text": "forged"}
        return self._send(f"{head}.{tail[::-1]}", "messages", json.dumps(body).encode())

    def deliver_raw(self, customer: str, body: bytes) -> int:
        return self._send(self._tokens[customer], "messages", body)

    def _post(self, customer: str, path: str, body: dict[str, Any]) -> int:
        self._last = (customer, path, body)
        return self._send(self._tokens[customer], path, json.dumps(body).encode())

    def _send(self, token: str, path: str, body: bytes) -> int:
        headers = {"Authorization": f"Bearer {token}", **_from_anywhere()}
        return httpx.post(f"{self._office.url}/webchat/{path}", content=body, headers=headers).status_code

    def _frames(self, customer: str) -> list[dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self._tokens[customer]}"}
        answer = httpx.get(f"{self._office.url}/webchat/messages", params={"since": 0}, headers=headers)
        return [frame for frame in answer.json()["frames"] if frame["type"] == "message"]
