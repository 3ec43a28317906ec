"""Accounts, tasks and a stand-in for LINE that the tests of this folder share."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from connectors.channel import ReplyToken, Task
from connectors.line.account import LineAccount
from connectors.line.client import LineChannel

SAMPLES = Path(__file__).parent / "samples"
BOT = "U" + "0" * 32
USER = "U" + "1" * 32
TOKEN = "access-token-of-the-test"
KEY = "3f1c9d5e-6d7b-4a44-9f0e-0a1b2c3d4e5f"
NOW = 1_700_000_000.0


def sample(name: str) -> bytes:
    """The body of a sample by the middle of its file name."""
    (path,) = SAMPLES.glob(f"*.{name}.json")
    return path.read_bytes()


def account(**changes: Any) -> LineAccount:
    """An account with valid fields."""
    fields = {
        "name": "jp",
        "market": "JP",
        "bot_user_id": BOT,
        "channel_secret": "test_channel_secret",
        "access_token": TOKEN,
    }
    return LineAccount(**{**fields, **changes})


def task(**changes: Any) -> Task:
    """A call that is to be made now."""
    fields: dict[str, Any] = {
        "id": "delivery-1",
        "key": KEY,
        "body": {"messages": [{"type": "text", "text": "Hello"}]},
        "account": "jp",
        "address": {"id": USER},
        "language": "ja",
        "human": False,
        "silent_s": 3.0,
        "token": None,
    }
    return Task(**{**fields, **changes})


def token(age_s: float = 3.0, text: str = "reply-token") -> ReplyToken:
    """A reply token."""
    return ReplyToken(text, age_s)


@dataclass
class Clock:
    """A clock that moves when a test says so."""

    now: float = NOW

    def __call__(self) -> float:
        return self.now


@dataclass
class Vendor:
    """Answers in their order for each path; a callable may raise what httpx raises. Remembers what it was asked."""

    answers: dict[str, list[Any]] = field(default_factory=dict)
    asked: list[httpx.Request] = field(default_factory=list)

    def handle(self, request: httpx.Request) -> httpx.Response:
        """The next answer of the path; the last one stays."""
        self.asked.append(request)
        queue = self.answers.get(request.url.path)
        if not queue:
            return httpx.Response(404, json={"message": "Not found"})
        answer = queue.pop(0) if len(queue) > 1 else queue[0]
        made = answer(request) if callable(answer) else answer
        assert isinstance(made, httpx.Response)
        return made

    def paths(self) -> list[str]:
        """What was asked, in its order."""
        return [request.url.path for request in self.asked]

    def body(self, at: int = -1) -> Mapping[str, Any]:
        """The JSON of a request."""
        found: Mapping[str, Any] = json.loads(self.asked[at].content)
        return found

    def client(self) -> httpx.AsyncClient:
        """A client that reaches only this stand-in."""
        return httpx.AsyncClient(transport=httpx.MockTransport(self.handle))

    def channel(self, *accounts: LineAccount, clock: Callable[[], float] | None = None) -> LineChannel:
        """The channel with its only road leading here."""
        return LineChannel(self.client(), accounts or (account(),), clock or Clock(), no_sleep)


async def no_sleep(_: float) -> None:
    """No wait."""


def answer(code: int, message: str = "", headers: Mapping[str, str] | None = None, /, **more: Any) -> httpx.Response:
    """An answer of LINE's; fresh, as httpx reads each only once."""
    return httpx.Response(code, json={**({"message": message} if message else {}), **more}, headers=headers)


def always(code: int, message: str = "", headers: Mapping[str, str] | None = None, /, **more: Any) -> list[Any]:
    """The same answer again and again."""
    return [lambda _: answer(code, message, headers, **more)]


def sent(*ids: str) -> dict[str, Any]:
    """LINE's body when it took messages."""
    return {"sentMessages": [{"id": one, "quoteToken": "q"} for one in ids]}


def fails(error: type[httpx.TransportError]) -> Callable[[httpx.Request], httpx.Response]:
    """A road that breaks."""

    def broken(request: httpx.Request) -> httpx.Response:
        raise error("broken", request=request)

    return broken


def body(events: Iterable[Any], destination: str = BOT) -> bytes:
    """A webhook's bytes."""
    return json.dumps({"destination": destination, "events": list(events)}).encode()


def event(**changes: Any) -> dict[str, Any]:
    """A text message of a person."""
    return {
        "type": "message",
        "mode": "active",
        "timestamp": 1_692_251_666_727,
        "source": {"type": "user", "userId": USER},
        "webhookEventId": "01H810YECXQQZ37VAXPF6H9E6T",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": "38ef843bde154d9b91c21320ffd17a0f",
        "message": {"id": "468789577898262530", "type": "text", "text": "Chicken, please."},
        **changes,
    }
