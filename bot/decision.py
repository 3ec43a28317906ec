"""Decides what a message is about, from intents, FAQ hits and language together. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["answer", "clarify", "unsure"]

FAQ = "faq"
LANGUAGE = "change_language"
FALLBACK = "nlu_fallback"

# Below this an intent is a guess. Measured on held-out phrases, see `make eval`.
SURE = 0.45
SURE_ENTRY = 0.45
POSSIBLE = 0.15
# Danger is asked about even when another intent is likelier: a needless hand-off costs less than a burnt hand.
DANGER = "safety_issue"
DANGER_FROM = 0.35
# Words that need no certainty about the language to be served.
URGENT = frozenset({DANGER, "talk_to_person", LANGUAGE})


@dataclass(frozen=True)
class Reading:
    """What the components found in a message."""

    ranking: Sequence[tuple[str, float]]  # intents, likeliest first, sum 1
    faq: Sequence[tuple[str, float]]  # (entry id, probability that it is the right one), best first
    only_entities: bool  # nothing but an order number, an e-mail … stands in the message
    blank: bool  # no letter and no digit
    language_unclear: bool
    language_requested: bool


@dataclass(frozen=True)
class Decision:
    """The intent to act on, how sure it is, and what that means for the customer."""

    intent: str
    confidence: float
    verdict: Verdict


def decide(reading: Reading) -> Decision:
    """What to do with the message."""
    if reading.blank:
        return Decision(FALLBACK, 1.0, "unsure")
    if reading.only_entities:
        return Decision("inform", 1.0, "answer")
    if reading.language_requested:
        return Decision(LANGUAGE, 1.0, "answer")
    decision = _meaning(reading)
    if reading.language_unclear and decision.intent not in URGENT:
        return Decision(LANGUAGE, decision.confidence, "clarify")
    return decision


def _meaning(reading: Reading) -> Decision:
    danger = dict(reading.ranking).get(DANGER, 0.0)
    if danger >= DANGER_FROM:
        return Decision(DANGER, danger, "answer")
    intent, confidence = next((pair for pair in reading.ranking if pair[0] != FAQ), ("", 0.0))
    entry_confidence = reading.faq[0][1] if reading.faq else 0.0
    if confidence >= max(SURE, entry_confidence):
        return Decision(intent, confidence, "answer")
    if entry_confidence >= max(SURE_ENTRY, confidence):
        return Decision(FAQ, entry_confidence, "answer")
    if max(confidence, entry_confidence) < POSSIBLE:
        return Decision(FALLBACK, max(confidence, entry_confidence), "unsure")
    if confidence >= 2 * entry_confidence:
        return Decision(intent, confidence, "answer")
    return Decision(FAQ, entry_confidence, "clarify")
