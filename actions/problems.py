"""Things that went wrong and that a person must put right: damage, missing parts, complaints, danger."""

from collections.abc import Mapping

from actions.base import BotAction
from actions.handoff import hand_off, was_just_settled
from actions.outcome import Outcome, begin_with, line, say
from actions.turn import Turn
from actions.wording import example_number

SORRY: Mapping[str, str] = {"report_damage": "utter_damage_sorry", "missing_part": "utter_missing_part_sorry"}
ASKS_FOR_PHOTO = frozenset({"report_damage"})  # problems whose sorry asks for one
# Entries after whose answer a photo shows the problem.
PHOTO_ENTRIES: Mapping[str, str] = {
    "damaged-item": "report_damage",
    "wrong-item": "report_damage",
    "missing-part": "missing_part",
}


def report(turn: Turn, problem: str) -> Outcome:
    """The hand-off of a problem; the order number is asked for once, since a person will need it."""
    number = turn.entity("order_number") or turn.slot("order_number")
    needs_number = not number and not turn.customer_ref and not was_just_settled(turn, problem)
    if needs_number and turn.slot("task") != problem:
        ask = say("utter_ask_order_number", example=example_number())
        return Outcome([ask], {"task": problem, "asked": "order_number", "asked_times": 1})
    return hand_off(turn, problem, say(SORRY[problem]))


def photo_after_answer(turn: Turn, problem: str) -> Outcome:
    """Thanks for the photo that came after an answer, then the problem is reported."""
    return begin_with(line("utter_received_photo_for_case"), report(turn, problem))


def photo_of(turn: Turn, problem: str) -> Outcome:
    """The hand-off of a problem whose photo has come; a missing part has to be named all the same."""
    then = [] if problem in ASKS_FOR_PHOTO else [line(SORRY[problem])]
    return hand_off(turn, problem, say("utter_received_photo_for_case", *then))


class ActionReportDamage(BotAction):
    """Something arrived broken."""

    action_name = "action_report_damage"

    async def act(self, turn: Turn) -> Outcome:
        """The question for the order number, or the hand-off."""
        return report(turn, "report_damage")


class ActionMissingPart(BotAction):
    """Something was missing in the box."""

    action_name = "action_missing_part"

    async def act(self, turn: Turn) -> Outcome:
        """The question for the order number, or the hand-off."""
        return report(turn, "missing_part")


class ActionComplaint(BotAction):
    """An angry or disappointed customer."""

    action_name = "action_complaint"

    async def act(self, turn: Turn) -> Outcome:
        """An apology and a person."""
        return hand_off(turn, "complaint", say("utter_complaint_sorry"))


class ActionSafety(BotAction):
    """Somebody may be hurt: a person at once, with nothing asked before."""

    action_name = "action_safety"

    async def act(self, turn: Turn) -> Outcome:
        """What to do now, and a person of the safety tier."""
        return hand_off(turn, "safety_issue", say("utter_safety_first"))
