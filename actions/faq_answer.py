"""Answers a question with approved text, or asks which question was meant."""

from actions.base import BotAction
from actions.outcome import Outcome, Say, say
from actions.turn import Turn
from actions.unsure import OFFER_AFTER, not_understood

FAQ = "faq"
ASKING = ("clarify", "choose")
NONE_OF_THESE = ("label_none_of_these", 'deny{"reason": "none_of_these"}')


class ActionFaqAnswer(BotAction):
    """The approved answer of the best entry or of the one that a button names; a choice when two are close."""

    action_name = "action_faq_answer"

    async def act(self, turn: Turn) -> Outcome:
        """The answer, whose words are the entry's own, or at most three questions and a way out."""
        chosen = turn.entity("id")
        if not chosen and turn.verdict in ASKING:
            before = turn.slot("misunderstood") or 0
            # Who names one topic after the other was understood, and may go on doing so.
            if turn.verdict == "clarify" and before >= OFFER_AFTER:
                return not_understood(turn, before + 1)
            choices = [(f"faq:{entry_id}", _payload(entry_id, intent)) for entry_id, intent in turn.choices]
            return Outcome(
                [Say(say("utter_did_you_mean").line, choices=[*choices, NONE_OF_THESE])],
                {"misunderstood": max(before, OFFER_AFTER)},
            )
        entry_id = chosen or (turn.faq[0][0] if turn.faq else "")
        if not entry_id:
            return Outcome([say("utter_ask_what")])
        return Outcome([say(f"faq:{entry_id}")], {"offered": None, "answered": entry_id})


def _payload(entry_id: str, intent: str) -> str:
    return f'{intent}{{"id": "{entry_id}"}}' if intent == FAQ else intent
