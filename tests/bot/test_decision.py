"""What a message is about, from what the components found."""

from typing import Any

import pytest

from bot.decision import SURE, SURE_CLAUSE, SURE_ENTRY, Decision, Reading, decide
from bot.fusion import fuse


def reading(**changes: Any) -> Reading:
    """A reading of an ordinary message that is clearly about an order."""
    fields: dict[str, Any] = {
        "ranking": [("order_status", 0.9), ("faq", 0.05)],
        "faq": [("tracking", 0.1)],
        "only_entities": False,
        "blank": False,
        "order_number": False,
        "language_unclear": False,
        "language_requested": False,
        **changes,
    }
    return Reading(**fields)


@pytest.mark.parametrize(
    ("changes", "intent", "verdict"),
    [
        ({}, "order_status", "answer"),
        ({"blank": True}, "nlu_fallback", "unsure"),
        ({"only_entities": True}, "inform", "answer"),
        ({"language_requested": True}, "change_language", "answer"),
        ({"language_unclear": True}, "change_language", "clarify"),
        ({"language_unclear": True, "ranking": [("talk_to_person", 0.9)]}, "talk_to_person", "answer"),
        ({"ranking": [("faq", 0.9)], "faq": [("returns-window", 0.9)]}, "faq", "answer"),
        # A clause counts when it is sure, whatever the whole is about; danger before a wish.
        ({"in_clauses": {"talk_to_person": SURE_CLAUSE}}, "talk_to_person", "answer"),
        ({"in_clauses": {"talk_to_person": SURE_CLAUSE}, "order_number": True}, "talk_to_person", "answer"),
        ({"in_clauses": {"talk_to_person": SURE_CLAUSE - 0.01}}, "order_status", "answer"),
        ({"in_clauses": {"talk_to_person": 0.99, "safety_issue": SURE_CLAUSE}}, "safety_issue", "answer"),
        ({"in_clauses": {"cancel_order": 0.99}}, "order_status", "answer"),
        ({"ranking": [("order_status", SURE), ("faq", 0.4)], "faq": [("tracking", 0.9)]}, "faq", "answer"),
        ({"ranking": [("faq", 0.5)], "faq": [("a", SURE_ENTRY - 0.1), ("b", 0.3)]}, "faq", "clarify"),
        ({"ranking": [("greet", 0.08)], "faq": [("a", 0.05)]}, "nlu_fallback", "unsure"),
        ({"ranking": [("greet", 0.08)], "faq": []}, "nlu_fallback", "unsure"),
        # Keys hit at random are no thank-you.
        ({"ranking": [("nlu_fallback", 0.6), ("thanks", 0.3)]}, "nlu_fallback", "unsure"),
        # Who gives an order number speaks of that order, unless the question is very clear.
        (
            {"ranking": [("faq", 0.5), ("order_status", 0.3)], "faq": [("a", 0.5)], "order_number": True},
            "order_status",
            "answer",
        ),
        (
            {"ranking": [("faq", 0.6), ("start_return", 0.2)], "faq": [("a", 0.5)], "order_number": True},
            "start_return",
            "answer",
        ),
        ({"ranking": [("faq", 0.9)], "faq": [("warranty", 0.9)], "order_number": True}, "faq", "answer"),
        # A bare fact answers a question of ours only when there is a fact in it.
        ({"ranking": [("inform", 0.9), ("faq", 0.05)], "faq": [("tracking", 0.3)]}, "faq", "clarify"),
        ({"ranking": [("inform", 0.9), ("faq", 0.05)], "facts": True}, "inform", "answer"),
        # A topic's name and nothing else: one meaning is served, several are offered, whatever the classifier thinks.
        ({"ranking": [("thanks", 0.9)], "topic": ["voucher"]}, "faq", "answer"),
        ({"topic": ["cancel_order"], "requests": {"cancel_order": "cancel-order"}}, "cancel_order", "answer"),
        ({"topic": ["delivery-time", "delivery-cost"]}, "faq", "choose"),
        ({"ranking": [("safety_issue", 0.6)], "topic": ["battery-charge", "battery-disposal"]}, "faq", "choose"),
        ({"language_unclear": True, "topic": ["voucher"]}, "change_language", "clarify"),
        # With a slip it counts where nothing else is sure, and danger comes first.
        ({"ranking": [("thanks", 0.5)], "near_topic": ["voucher"]}, "faq", "answer"),
        ({"ranking": [("thanks", 0.9)], "near_topic": ["voucher"]}, "thanks", "answer"),
        ({"ranking": [("safety_issue", 0.3)], "near_topic": ["voucher"]}, "safety_issue", "answer"),
        ({"ranking": [("goodbye", 0.9)], "topic": ["safety_issue"]}, "safety_issue", "answer"),
        # Danger is served even when something else is likelier.
        ({"ranking": [("report_damage", 0.55), ("safety_issue", 0.4)]}, "safety_issue", "answer"),
        ({"language_unclear": True, "ranking": [("safety_issue", 0.4)]}, "safety_issue", "answer"),
    ],
)
def test_decisions(changes: dict[str, Any], intent: str, verdict: str) -> None:
    decision = decide(reading(**changes))
    assert (decision.intent, decision.verdict) == (intent, verdict)


def test_what_a_topic_may_mean_is_offered_each_title_once() -> None:
    topic = ["order_status", "tracking", "delivery-time", "delivery-cost", "contact"]
    decision = decide(reading(topic=topic, requests={"order_status": "tracking"}))
    assert [choice.entry for choice in decision.choices] == ["tracking", "delivery-time", "delivery-cost"]


def test_a_decision_carries_its_confidence() -> None:
    assert decide(reading()) == Decision("order_status", 0.9, "answer")


@pytest.mark.parametrize(
    ("found", "shares", "allowed", "expected"),
    [
        # Both know the entry: the mean.
        ([("a", 0.8)], {"a": 0.4}, {"a"}, [("a", 0.6)]),
        # A new entry is judged by retrieval alone.
        ([("new", 0.8)], {"a": 0.4}, {"a", "new"}, [("new", 0.8), ("a", 0.2)]),
        # An entry that this market does not have is never offered.
        ([], {"elsewhere": 0.9}, {"a"}, []),
        ([], {}, {"a"}, []),
    ],
)
def test_two_opinions_are_brought_together(
    found: list[tuple[str, float]], shares: dict[str, float], allowed: set[str], expected: list[tuple[str, float]]
) -> None:
    assert fuse(found, shares, allowed) == [(entry, pytest.approx(p)) for entry, p in expected]
