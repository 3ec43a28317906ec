"""What an action may know about the message that it answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rasa_sdk import Tracker

from core.errors import SetupError
from markets.fields import Tier
from markets.profile import MarketProfile
from markets.promise import promise
from markets.promise_model import Promise


@dataclass(frozen=True)
class Turn:
    """One message, read: intent, entities, FAQ hits, and what is known of the conversation."""

    conversation_id: str
    text: str
    intent: str
    entities: Mapping[str, Sequence[str]]
    faq: Sequence[tuple[str, float]]  # (entry id, probability), best first
    choices: Sequence[tuple[str, str]]  # (entry, intent) to ask about when the verdict is clarify or choose
    verdict: str  # answer, clarify, choose or unsure; see bot.decision; "answer" for a pressed button
    market: MarketProfile
    language: str
    channel: str
    customer_ref: str  # empty: not proved
    phone: str  # verified by the channel; empty: none
    now: datetime
    slots: Mapping[str, Any] = field(default_factory=dict)
    decision: Mapping[str, Any] = field(default_factory=dict)  # of the language
    promise: Callable[[Tier], Promise] | None = None  # by when a person answers; None: by the calendar alone

    def entity(self, name: str) -> str:
        """The first entity called `name`; empty when there is none."""
        return next(iter(self.entities.get(name, ())), "")

    def promised(self, tier: Tier) -> Promise:
        """By when a person answers."""
        return self.promise(tier) if self.promise else promise(self.market, tier, self.now)

    def slot(self, name: str) -> Any:
        """What was remembered under `name`, or None."""
        return self.slots.get(name)


def read_turn(tracker: Tracker, markets: Mapping[str, MarketProfile], now: datetime) -> Turn:
    """The turn that rasa's tracker describes. Raises SetupError for a market without a profile."""
    message = tracker.latest_message
    metadata: Mapping[str, Any] = message.get("metadata") or {}
    code = metadata.get("market") or next(iter(markets))
    if code not in markets:
        raise SetupError(
            f"market {code} has no profile in the current release; add markets/data/{code}.yml and publish"
        )
    market = markets[code]
    return Turn(
        conversation_id=tracker.sender_id,
        text=message.get("text") or "",
        intent=(message.get("intent") or {}).get("name") or "",
        entities=_entities(message.get("entities") or ()),
        faq=[(hit["id"], hit["score"]) for hit in message.get("faq") or ()],
        choices=[(choice["entry"], choice["intent"]) for choice in message.get("choices") or ()],
        verdict=message.get("decision") or "answer",
        market=market,
        language=metadata.get("language") or market.languages[0],
        channel=metadata.get("channel", ""),
        customer_ref=metadata.get("customer_ref", ""),
        phone=metadata.get("phone", ""),
        now=now,
        slots=tracker.current_slot_values(),
        decision=metadata.get("decision") or {},
    )


def _entities(found: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    entities: dict[str, list[str]] = {}
    for entity in found:
        entities.setdefault(str(entity["entity"]), []).append(str(entity["value"]))
    return entities
