"""What the bot learns when a person gives it a conversation back. In the caller's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from conversations.memory import choose_language, remember, slots_of

MAX_NOTE = 500
# What the bot had begun: the person has ended it, so none of it is asked or offered again.
BEGUN = ("task", "asked", "asked_times", "offered", "misunderstood", "unread_text", "answered", "status_seen")


@dataclass(frozen=True)
class Settled:
    """What a person said and decided; empty fields: nothing about it."""

    outcome: str = ""  # done, declined
    order_number: str = ""  # the order that it was about
    proven: bool = False  # the person has seen that the order is the customer's
    language: str = ""  # content code that the customer wants
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """The fields that are set."""
        return {key: value for key, value in vars(self).items() if value}


def teach(connection: Connection, conversation_id: str, reason: str, settled: Settled, now: float) -> None:
    """Let the bot remember what the person settled, who had the conversation because of `reason`."""
    slots = after_person(slots_of(connection, conversation_id), reason, settled, now)
    remember(connection, conversation_id, slots, now)
    if settled.language:
        choose_language(connection, conversation_id, settled.language)


def after_person(slots: Mapping[str, Any], reason: str, settled: Settled, now: float) -> dict[str, Any]:
    """The bot's slots after a person's stretch: what was begun is over, what was settled is known."""
    kept = {name: value for name, value in slots.items() if name not in BEGUN}
    if settled.order_number:
        kept["order_number"] = settled.order_number
        if settled.proven:
            kept["proven_orders"] = list(dict.fromkeys([*(kept.get("proven_orders") or []), settled.order_number]))
    return {**kept, "settled": {"reason": reason, "at": now, **settled.to_json(), "note": settled.note[:MAX_NOTE]}}
