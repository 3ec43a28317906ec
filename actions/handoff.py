"""Passes a conversation to a person, with everything known about it, unless one has just settled the matter."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from actions.base import BotAction
from actions.outcome import Line, Outcome, Say, line, say
from actions.turn import Turn
from conversations.promise_facts import to_promised
from knowledge.values import Deadline
from markets.fields import Tier
from markets.promise_model import Promise

# What a hand-off is worth: safety counts by the clock, the others by opening hours (markets.promise).
TIERS: Mapping[str, Tier] = {"safety_issue": "safety", "missing_part": "parts"}
# Who asks for a person gets one, and danger is never weighed.
ALWAYS = frozenset({"safety_issue", "asked_for_person", "accepted_offer"})
WISH = "talk_to_person"
SETTLED_FOR = timedelta(hours=24)  # so long a person is offered, not called, for what a person has just settled
FORGET = {"task": None, "asked": None, "asked_times": None, "offered": None, "misunderstood": None}


def hand_off(turn: Turn, reason: str, first: Say | None = None, order: Mapping[str, Any] | None = None) -> Outcome:
    """Tell the customer when a person will answer, and wish the hand-off from the record.

    When a person gave the conversation back a short time ago, who had it for the same reason, the customer is asked.
    """
    if was_just_settled(turn, reason):
        return Outcome([say("utter_offer_person")], {**FORGET, "offered": "person"})
    tier: Tier = TIERS.get(reason, "ordinary")
    promised = turn.promised(tier)
    told = _promise_line(turn, promised)
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
        "settled_before": turn.slot("settled"),
    }
    wish = {"reason": reason, "tier": tier, "packet": packet, "promised": to_promised(promised).to_json()}
    return Outcome(says, {**FORGET, "settled": None}, {"handoff": wish})


def was_just_settled(turn: Turn, reason: str) -> bool:
    """Whether a person has just given the conversation back who had it for `reason`, and the customer asks for none."""
    settled: Mapping[str, Any] = turn.slot("settled") or {}
    if reason in ALWAYS or turn.intent == WISH or settled.get("reason") != reason:
        return False
    return bool(turn.now.timestamp() - settled.get("at", 0.0) < SETTLED_FOR.total_seconds())


def _promise_line(turn: Turn, promised: Promise) -> Line:
    told = promised.told_at.astimezone(turn.market.zone)
    if promised.tier == "safety" or promised.starts_at <= promised.asked_at:
        return line("utter_handoff_open", promised_at=Deadline(told))
    return line(
        "utter_handoff_closed", promised_at=Deadline(told), opens_at=promised.starts_at.astimezone(turn.market.zone)
    )


def _remembered(turn: Turn) -> dict[str, Any]:
    names = ("order_number", "proof_email", "proof_postcode")
    return {name: turn.slot(name) for name in names if turn.slot(name)}


class ActionHandoff(BotAction):
    """A person on request."""

    action_name = "action_handoff"

    async def act(self, turn: Turn) -> Outcome:
        """The hand-off, whatever was going on."""
        return hand_off(turn, turn.entity("reason") or "asked_for_person")
