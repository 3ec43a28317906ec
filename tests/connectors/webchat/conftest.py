"""A web chat on a fresh database, and a visitor who has a session."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.bot import StandInBot
from tests.support.webchat import Clock, Installation, install

ALLOWED = "https://seller.example"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def chat(tmp_path: Path, clock: Clock) -> Installation:
    return install(tmp_path, clock, allowed_origins=ALLOWED)


@pytest.fixture
def client(chat: Installation) -> Iterator[TestClient]:
    with TestClient(chat.app, base_url="http://shop.test") as client:
        yield client


@dataclass
class VisitorAtWork:
    """A visitor and the session's answer."""

    client: TestClient
    session: dict[str, Any]

    @property
    def token(self) -> str:
        return str(self.session["token"])

    @property
    def conversation(self) -> str:
        return str(self.session["conversation"])

    def post(self, path: str, body: dict[str, Any], **params: str) -> Any:
        return self.client.post(f"/webchat/{path}", json=body, headers=self.headers, params=params)

    def poll(self, since: int = 0, **params: str) -> Any:
        return self.client.get("/webchat/messages", params={"since": since, **params}, headers=self.headers)

    def write(self, text: str, message_id: str = "message-1") -> Any:
        return self.post("messages", {"id": message_id, "text": text})

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def open_session(client: TestClient, **body: Any) -> VisitorAtWork:
    answer = client.post("/webchat/session", json={"market": "DE", **body})
    assert answer.status_code == 200, answer.text
    return VisitorAtWork(client, answer.json())


@pytest.fixture
def visitor(client: TestClient) -> VisitorAtWork:
    return open_session(client)


def only(frames: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [frame for frame in frames if frame["type"] == kind]


def bot(chat: Installation, clock: Clock) -> StandInBot:
    return StandInBot(chat.engine, chat.hub.wake, clock)
