"""A small platform for the simulator's own tests."""

from typing import Any

import httpx

from tests.simulators.line.config import Bot, Friend, Group, SimulatorConfig
from tests.simulators.line.simulator import LineSimulator

AIKO = "U" + "a" * 32
STRANGER = "U" + "b" * 32
BLOCKER = "U" + "c" * 32
SOMCHAI = "U" + "d" * 32
NOBODY = "U" + "e" * 32
GROUP = "C" + "a" * 32
KEY = "123e4567-e89b-12d3-a456-426614174000"
JAPAN = Bot(
    user_id="U" + "1" * 32,
    name="Orikka Japan",
    channel_secret="secret-jp",
    access_token="token-jp",
    market="JP",
    monthly_limit=5,
    friends=(
        Friend(AIKO, "愛子", "ja", status_message="元気"),
        Friend(STRANGER, "Stranger", friend=False),
        Friend(BLOCKER, "Blocker", "ja", blocked=True),
    ),
    groups=(Group(GROUP, (AIKO, SOMCHAI)),),
)
THAILAND = Bot(
    user_id="U" + "2" * 32,
    name="Orikka Thailand",
    channel_secret="secret-th",
    access_token="token-th",
    market="TH",
    friends=(Friend(SOMCHAI, "สมชาย"),),
    chat_mode="chat",
)
SMALL = SimulatorConfig(bots=(JAPAN, THAILAND), pause_scale=0.001, webhook_timeout_s=1.0)


def client_of(simulator: LineSimulator, bot: str = "") -> httpx.Client:
    """An HTTP client that speaks for a bot."""
    headers = {"Authorization": f"Bearer {simulator.bot(bot).access_token}"}
    return httpx.Client(base_url=simulator.url, headers=headers, timeout=5, trust_env=False)


def text(words: str = "hello", **more: Any) -> dict[str, Any]:
    """A text message."""
    return {"type": "text", "text": words, **more}


def details_of(answer: httpx.Response) -> dict[str, str]:
    """An error's details: message by property."""
    return {item["property"]: item["message"] for item in answer.json().get("details", [])}


def token_of(line: LineSimulator, user: str = AIKO, **details: Any) -> str:
    """The reply token of a message that somebody sends."""
    return str(line.act("text", user, text="hi", **details)[0]["replyToken"])


def reply(api: httpx.Client, token: str, *messages: dict[str, Any], **headers: str) -> httpx.Response:
    """Reply with these messages; with a hello when there are none."""
    body = {"replyToken": token, "messages": list(messages) or [text()]}
    return api.post("/v2/bot/message/reply", json=body, headers=headers)


def push(api: httpx.Client, to: str = AIKO, words: str = "hello", key: str = "") -> httpx.Response:
    """Push one text."""
    headers = {"X-Line-Retry-Key": key} if key else {}
    return api.post("/v2/bot/message/push", json={"to": to, "messages": [text(words)]}, headers=headers)


def quick(label: str) -> dict[str, Any]:
    """A quick reply that sends a postback."""
    return {
        "type": "action",
        "action": {"type": "postback", "label": label, "data": f"data {label}", "displayText": label},
    }
