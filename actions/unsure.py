"""What to do when the customer was not understood: say so, then offer a person, then get one."""

from actions.base import BotAction
from actions.handoff import hand_off
from actions.order_tasks import resume
from actions.outcome import Outcome, say
from actions.turn import Turn

# Misunderstandings in a row before a person is offered, and before one is called.
OFFER_AFTER = 1
HAND_OFF_AFTER = 2


def not_understood(turn: Turn, count: int) -> Outcome:
    """What to say to the `count`-th misunderstanding in a row."""
    if count > HAND_OFF_AFTER:
        return hand_off(turn, "misunderstood")
    if count > OFFER_AFTER:
        return Outcome([say("utter_offer_person")], {"misunderstood": count, "offered": "person"})
    return Outcome([say("utter_unsure")], {"misunderstood": count})


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
        return not_understood(turn, (turn.slot("misunderstood") or 0) + 1)


class ActionOutOfScope(BotAction):
    """Something that no shop can help with."""

    action_name = "action_out_of_scope"

    async def act(self, turn: Turn) -> Outcome:
        """What the bot is for."""
        return Outcome([say("utter_out_of_scope")])
