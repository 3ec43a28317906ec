"""Decides what a message is about, from intents, FAQ hits and language together. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["answer", "clarify", "choose", "unsure"]  # choose: a topic was named, and has several meanings

FAQ = "faq"
LANGUAGE = "change_language"
FALLBACK = "nlu_fallback"
INFORM = "inform"

# Below these an intent or an entry is a guess, and the customer is asked. Measured on held-out phrases (`make eval`):
# lower ones answer more and err more.
SURE = 0.55
SURE_ENTRY = 0.50
# Below this there is nothing worth asking about.
POSSIBLE = 0.15
# A greeting taken for a thank-you hurts nobody; "Did you mean …?" after a greeting does.
HARMLESS = frozenset({"greet", "goodbye", "thanks", "bot_challenge", "out_of_scope"})
SURE_HARMLESS = 0.35
MAX_CHOICES = 3
# Beside an order number only a very clear question is one about the rules, not about the order.
SURE_WITH_NUMBER = 0.80
ORDER_REQUESTS = ("order_status", "cancel_order", "change_address", "start_return", "report_damage", "missing_part")
# Danger is asked about even when another intent is likelier: a needless hand-off costs less than a burnt hand.
DANGER = "safety_issue"
DANGER_FROM = 0.25
PERSON = "talk_to_person"
# A clause that surely says so counts, whatever else the message is about: a wish for a person is never passed over.
# Of 344 messages that say something else in several clauses, 0.9 takes one for danger and none for this wish.
SURE_CLAUSE = 0.9
# A name with a slip is one that the customer meant, unless the message is surely something else ("falou", "buondì").
SURE_OTHERWISE = 0.8
# Words that need no certainty about the language to be served.
URGENT = frozenset({DANGER, PERSON, LANGUAGE})


@dataclass(frozen=True)
class Reading:
    """What the components found in a message."""

    ranking: Sequence[tuple[str, float]]  # intents, likeliest first
    faq: Sequence[tuple[str, float]]  # (entry id, probability that it is the right one), best first
    only_entities: bool  # nothing but an order number, an e-mail … stands in the message
    blank: bool  # no letter and no digit
    order_number: bool  # one stands in the message
    language_unclear: bool
    language_requested: bool
    in_clauses: Mapping[str, float] = field(default_factory=dict)  # intent → its largest share in one of the clauses
    requests: Mapping[str, str] = field(default_factory=dict)  # intent → entry whose title names it on a button
    facts: bool = False  # an entity or a digit stands in the message, so it may answer a question of ours
    topic: Sequence[str] = ()  # entries and requests of the topic that the message names and says no more of
    near_topic: Sequence[str] = ()  # the same where the name has a slip


@dataclass(frozen=True)
class Choice:
    """Something that the customer may have meant: an entry, or a request that the entry's title names."""

    entry: str
    intent: str = FAQ


@dataclass(frozen=True)
class Decision:
    """The intent to act on, how sure it is, what that means for the customer, and what to ask about.

    A question that is answered has its entry as the only choice where that is not the best of the search.
    """

    intent: str
    confidence: float
    verdict: Verdict
    choices: tuple[Choice, ...] = ()


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
    if first := _first(reading):
        return first
    passed_over = (FAQ,) if reading.facts else (FAQ, INFORM)
    intent, confidence = next((pair for pair in reading.ranking if pair[0] not in passed_over), ("", 0.0))
    entry_confidence = reading.faq[0][1] if reading.faq else 0.0
    if reading.near_topic and max(confidence, entry_confidence) < SURE_OTHERWISE:
        return _of_topic(reading.near_topic, reading)
    if intent == FALLBACK and confidence >= max(SURE_HARMLESS, entry_confidence):
        return Decision(FALLBACK, confidence, "unsure")
    if reading.order_number and confidence < SURE and entry_confidence < SURE_WITH_NUMBER:
        return _about_the_order(reading)
    if confidence >= max(SURE_HARMLESS if intent in HARMLESS else SURE, entry_confidence):
        return Decision(intent, confidence, "answer")
    if entry_confidence >= max(SURE_ENTRY, confidence):
        return Decision(FAQ, entry_confidence, "answer")
    choices = _choices(reading)
    if max(confidence, entry_confidence) < POSSIBLE or not choices:
        return Decision(FALLBACK, max(confidence, entry_confidence), "unsure")
    return Decision(FAQ, entry_confidence, "clarify", choices)


def _first(reading: Reading) -> Decision | None:
    """What counts before all else: a bare topic, danger among them; danger; a clause that asks for a person."""
    if reading.topic:
        return _of_topic(reading.topic, reading)
    danger = dict(reading.ranking).get(DANGER, 0.0)
    if danger >= DANGER_FROM:
        return Decision(DANGER, danger, "answer")
    for urgent in (DANGER, PERSON):
        if reading.in_clauses.get(urgent, 0.0) >= SURE_CLAUSE:
            return Decision(urgent, reading.in_clauses[urgent], "answer")
    return None


def _of_topic(names: Sequence[str], reading: Reading) -> Decision:
    """The one thing that a bare name may mean is done; of several the customer chooses."""
    if DANGER in names:
        return Decision(DANGER, 1.0, "answer")
    offered = (Choice(reading.requests[name], name) if name in reading.requests else Choice(name) for name in names)
    choices = tuple({choice.entry: choice for choice in offered}.values())[:MAX_CHOICES]
    if len(choices) > 1:
        return Decision(FAQ, 1.0, "choose", choices)
    return Decision(choices[0].intent, 1.0, "answer", choices)


def _about_the_order(reading: Reading) -> Decision:
    """Who gives an order number speaks of that order: the likeliest request about one, else its status."""
    requests = [pair for pair in reading.ranking if pair[0] in ORDER_REQUESTS and pair[1] >= POSSIBLE]
    intent, confidence = requests[0] if requests else (ORDER_REQUESTS[0], POSSIBLE)
    return Decision(intent, confidence, "answer")


def _choices(reading: Reading) -> tuple[Choice, ...]:
    """The likeliest entries and requests, each title once."""
    entries = [(share, Choice(entry)) for entry, share in reading.faq]
    requests = [
        (share, Choice(reading.requests[intent], intent))
        for intent, share in reading.ranking
        if intent in reading.requests
    ]
    by_title: dict[str, Choice] = {}
    for _, choice in sorted([*entries, *requests], key=lambda pair: -pair[0]):
        by_title.setdefault(choice.entry, choice)
    return tuple(by_title.values())[:MAX_CHOICES]
