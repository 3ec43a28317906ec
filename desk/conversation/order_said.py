"""Which order a conversation is about, by what was written in it. Pure."""

from collections.abc import Sequence

from conversations.model import Message
from conversations.ownership_model import AGENT
from orders.number import find_order_numbers


def order_said(messages: Sequence[Message], since: float) -> str:
    """The last order number that customer or agent wrote after `since`; empty when there is none."""
    said = [item.text for item in messages if item.created_at >= since and item.author.startswith(("customer", AGENT))]
    numbers = [found.value for text in said for found in find_order_numbers(text) if found.valid]
    return numbers[-1] if numbers else ""
