"""A planned LINE body as a person sees it. Pure."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from connectors.line.fields import Fields

MOST_CHOICES = 13


def bubbles(body: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """A bubble {"text", "choices", "image"} for each message object; `choices` are the labels in their order."""
    return [_bubble(message) for message in Fields(body).objects("messages")]


def _bubble(message: Fields) -> Mapping[str, Any]:
    items = islice(message.object("quickReply").objects("items"), MOST_CHOICES)
    labels = [item.object("action").text("label") for item in items]
    return {"text": message.text("text"), "choices": labels, "image": message.text("originalContentUrl")}
