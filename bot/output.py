"""Collects what the bot says in one turn; nothing is sent from here."""

from collections.abc import Mapping
from typing import Any

from rasa.core.channels.channel import OutputChannel

from conversations.model import Reply
from knowledge.said_parts import PARTS


class TurnOutput(OutputChannel):  # type: ignore[misc]  # rasa ships no types
    """The replies and the wishes (hand-off, language) of one turn."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.replies: list[Reply] = []
        self.wishes: dict[str, Any] = {}

    def name(self) -> str:
        """The channel that the customer writes on."""
        return self._channel

    async def send_response(self, recipient_id: str, message: Mapping[str, Any]) -> None:
        """Keep a reply, or a wish when the message is custom JSON."""
        self.wishes.update(message.get("custom") or {})
        if message.get("text"):
            self.replies.append(_reply(message))


def _reply(message: Mapping[str, Any]) -> Reply:
    said: Mapping[str, Any] = message.get("said") or {}
    payload: dict[str, Any] = {"response": message.get("utter_action", "")}
    if message.get("buttons"):
        payload["buttons"] = list(message["buttons"])
    payload.update({key: said[key] for key in ("source", "fallback_from", "translation", PARTS) if said.get(key)})
    return Reply(
        text=str(message["text"]),
        language=str(said.get("language", "")),
        payload=payload,
        release=str(said.get("release", "")),
    )
