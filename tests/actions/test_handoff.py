"""Whether a person is called or offered, when one has just had the conversation."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from actions.handoff import ActionHandoff, hand_off
from actions.outcome import Outcome
from actions.problems import report
from actions.turn import Turn
from core.settings import PROJECT
from markets.load import load_markets

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def turn(reason: str = "", hours_ago: float = 1, **changes: Any) -> Turn:
    """A message to a German shop; `reason`: why a person had the conversation, who gave it back so long ago."""
    at = (NOW - timedelta(hours=hours_ago)).timestamp()
    slots = {"settled": {"reason": reason, "at": at, "outcome": "done"}} if reason else {}
    market = load_markets(PROJECT / "markets" / "data")["DE"]
    made = Turn("c1", "hm", "complaint", {}, [], [], "answer", market, "de", "webchat", "", "", NOW, slots)
    return replace(made, **changes)


def reason_of(outcome: Outcome) -> str:
    """Why a person is called; empty when none is."""
    return str((outcome.wishes.get("handoff") or {}).get("reason", ""))


@pytest.mark.parametrize("reason", ["complaint", "misunderstood", "no_order_number", "proof_failed", "report_damage"])
def test_for_the_same_reason_a_person_is_offered_and_not_called(reason: str) -> None:
    outcome = hand_off(turn(reason), reason)
    assert reason_of(outcome) == ""
    assert [said.line.name for said in outcome.says] == ["utter_offer_person"]  # never silent
    assert outcome.slots["offered"] == "person"
    assert outcome.slots["task"] is None


@pytest.mark.parametrize("reason", ["safety_issue", "asked_for_person", "accepted_offer"])
def test_danger_and_a_wish_always_pass(reason: str) -> None:
    assert reason_of(hand_off(turn(reason), reason)) == reason


async def test_whoever_asks_for_a_person_gets_one() -> None:
    outcome = await ActionHandoff().act(turn("complaint", intent="talk_to_person", entities={"reason": ["complaint"]}))
    assert reason_of(outcome) == "complaint"
    assert outcome.wishes["handoff"]["packet"]["settled_before"]["outcome"] == "done"
    assert outcome.slots["settled"] is None


def test_another_reason_or_another_day_calls_a_person() -> None:
    assert reason_of(hand_off(turn("complaint"), "report_damage")) == "report_damage"
    assert reason_of(hand_off(turn("complaint", hours_ago=25), "complaint")) == "complaint"
    assert reason_of(hand_off(turn(), "complaint")) == "complaint"


def test_a_settled_problem_is_not_asked_about_again() -> None:
    assert [said.line.name for said in report(turn("report_damage"), "report_damage").says] == ["utter_offer_person"]
    assert [said.line.name for said in report(turn(), "report_damage").says] == ["utter_ask_order_number"]
