"""Passes a conversation to a person, with everything known about it."""

from collections.abc import Mapping
from typing import Any

from actions.base import BotAction
from actions.outcome import Line, Outcome, Say, line
from actions.turn import Turn
from markets.calendar import is_open, next_opening, promise
from markets.fields import Tier

# What a hand-off is worth: safety counts by the clock, the others by opening hours (markets.calendar.promise).
TIERS: Mapping[str, Tier] = {"safety_issue": "safety", "missing_part": "parts"}


def hand_off(turn: Turn, reason: str, first: Say | None = None, order: Mapping[str, Any] | None = None) -> Outcome:
    """Tell the customer when a person will answer, and wish the hand-off from the record."""
    tier: Tier = TIERS.get(reason, "ordinary")
    promised = promise(turn.market, tier, turn.now)
    told = _promise_line(turn, tier, promised)
    says = [Say(first.line, [*first.then, told])] if first else [Say(told)]
    packet = {
        "wants": turn.text,
        "intent": turn.intent,
        "language": dict(turn.decision) or {"language": turn.language},
        "given": {key: values[0] for key, values in turn.entities.items()} | _remembered(turn),
        "order": dict(order or {}),
        "misunderstood": turn.slot("misunderstood") or 0,
        "asked": turn.slot("asked"),
        "task": turn.slot("task"),
    }
    wish = {"reason": reason, "tier": tier, "packet": packet, "promised_at": promised.timestamp()}
    forget = {"task": None, "asked": None, "asked_times": None, "offered": None, "misunderstood": None}
    return Outcome(says, forget, {"handoff": wish})


def _promise_line(turn: Turn, tier: str, promised: Any) -> Line:
    if tier == "safety" or is_open(turn.market, turn.now):
        return line("utter_handoff_open", promised_at=promised)
    return line("utter_handoff_closed", promised_at=promised, opens_at=next_opening(turn.market, turn.now))


def _remembered(turn: Turn) -> dict[str, Any]:
    names = ("order_number", "proof_email", "proof_postcode")
    return {name: turn.slot(name) for name in names if turn.slot(name)}


class ActionHandoff(BotAction):
    """A person on request."""

    action_name = "action_handoff"

    async def act(self, turn: Turn) -> Outcome:
        """The hand-off, whatever was going on."""
        return hand_off(turn, turn.entity("reason") or "asked_for_person")
