"""What an agent does in the composer."""

from typing import Any

from starlette.testclient import TestClient

from conversations.model import Message
from tests.support.desk import DeskWorld

KEY = "0123456789abcdef0123456789abcdef"
JSON = {"accept": "application/json"}


def preview(client: TestClient, conversation: str, text: str, language: str = "", **more: str) -> dict[str, Any]:
    """What the preview says."""
    data = {"text": text, "language": language, **more}
    answer = client.post(f"/desk/c/{conversation}/preview", data=data, headers=JSON)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def send(
    client: TestClient, conversation: str, text: str, language: str = "", key: str = KEY, **more: str
) -> tuple[int, dict[str, Any]]:
    """(status, answer) of sending."""
    data = {"text": text, "language": language, "key": key, **more}
    answer = client.post(f"/desk/c/{conversation}/reply", data=data, headers=JSON)
    return answer.status_code, answer.json()


def written(desk: DeskWorld, conversation: str) -> list[Message]:
    """What agents have sent."""
    return [message for message in desk.messages(conversation) if message.author.startswith("agent:")]
