"""What to do when the customer was not understood: say so, then offer a person, then get one."""

from actions.base import BotAction
from actions.handoff import hand_off
from actions.order_tasks import resume
from actions.outcome import Outcome, say
from actions.turn import Turn

OFFER_AFTER = 2
HAND_OFF_AFTER = 3


class ActionUnsure(BotAction):
    """Counts misunderstandings in a row."""

    action_name = "action_unsure"
    understood = False

    async def act(self, turn: Turn) -> Outcome:
        """A plain admission at first; a person in the end."""
        if not any(character.isalnum() for character in turn.text):
            return Outcome([say("utter_nothing_to_read")])
        if turn.slot("asked") in ("order_number", "mistyped", "proof") and turn.slot("task"):
            return await resume(turn, self.services)
        count = (turn.slot("misunderstood") or 0) + 1
        if count >= HAND_OFF_AFTER:
            return hand_off(turn, "misunderstood")
        if count >= OFFER_AFTER:
            return Outcome([say("utter_offer_person")], {"misunderstood": count, "offered": "person"})
        return Outcome([say("utter_unsure")], {"misunderstood": count})


class ActionOutOfScope(BotAction):
    """Something that no shop can help with."""

    action_name = "action_out_of_scope"

    async def act(self, turn: Turn) -> Outcome:
        """What the bot is for."""
        return Outcome([say("utter_out_of_scope")])
