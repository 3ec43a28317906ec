"""How an answer is judged. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from evaluation.cases import Case

Verdict = Literal["right", "asked", "asked_needlessly", "unsure", "wrong"]
FAQ = "faq"


@dataclass(frozen=True)
class Read:
    """What the bot read in a message."""

    language: str
    language_asked: bool
    intent: str  # before the decision: the classifier's likeliest
    acted_on: str  # after it
    verdict: str  # answer, clarify, choose or unsure; see bot.decision
    hits: Sequence[str]  # entry ids, best first
    choices: Sequence[str]  # what the customer is asked about: entry ids and intents
    order_number: str


@dataclass(frozen=True)
class Judged:
    """A case with what the bot read and how that is judged."""

    case: Case
    read: Read
    verdict: Verdict
    first_hit: bool  # for faq cases: the best entry is the right one
    intent_right: bool  # for intent cases


def read_parsed(parsed: Mapping[str, Any], language: str, language_asked: bool) -> Read:
    """A reading of the model's output."""
    ranking = parsed.get("intent_ranking") or []
    numbers = [entity["value"] for entity in parsed.get("entities", []) if entity["entity"] == "order_number"]
    return Read(
        language,
        language_asked,
        ranking[0]["name"] if ranking else "",
        parsed["intent"]["name"] or "",
        parsed.get("decision", "unsure"),
        [hit["id"] for hit in parsed.get("faq") or []],
        [choice["entry" if choice["intent"] == FAQ else "intent"] for choice in parsed.get("choices") or ()],
        numbers[0] if numbers else "",
    )


def judge(case: Case, read: Read, equivalents: Mapping[str, Sequence[str]]) -> Judged:
    """The case judged by what the customer would get."""
    if case.kind == "order_numbers":
        right = read.order_number == case.expected
        return Judged(case, read, "right" if right else "wrong", False, False)
    served = _served(case, read, equivalents)
    if served:
        verdict: Verdict = "right"
    elif read.verdict in ("clarify", "choose"):
        verdict = "asked" if _offered(case, read, equivalents) else "asked_needlessly"
    elif read.verdict == "unsure":
        verdict = "unsure"
    else:
        verdict = "wrong"
    first_hit = case.kind == FAQ and read.hits[:1] == [case.expected]
    return Judged(case, read, verdict, first_hit, read.intent == case.expected)


def _served(case: Case, read: Read, equivalents: Mapping[str, Sequence[str]]) -> bool:
    top = read.hits[0] if read.hits else ""
    if read.verdict != "answer":
        return False
    if case.kind == FAQ:
        return (read.acted_on == FAQ and top == case.expected) or read.acted_on in equivalents.get(case.expected, ())
    return read.acted_on == case.expected or (read.acted_on == FAQ and case.expected in equivalents.get(top, ()))


def _offered(case: Case, read: Read, equivalents: Mapping[str, Sequence[str]]) -> bool:
    alike = equivalents.get(case.expected, ())
    return any(
        choice == case.expected or choice in alike or case.expected in equivalents.get(choice, ())
        for choice in read.choices
    )
