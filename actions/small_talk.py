"""Short answers that depend on what was asked before."""

from typing import ClassVar

from actions.base import BotAction
from actions.handoff import hand_off
from actions.order_tasks import resume
from actions.outcome import Outcome, say
from actions.turn import Turn


class ActionAffirm(BotAction):
    """ "Yes": to the offer that was made, if any."""

    action_name = "action_affirm"

    async def act(self, turn: Turn) -> Outcome:
        """What was offered, or a question what to do."""
        if turn.slot("offered") == "person":
            return hand_off(turn, "accepted_offer")
        if turn.slot("task"):
            return await resume(turn, self.services)
        return Outcome([say("utter_ask_what")])


class ActionDeny(BotAction):
    """ "No": drops what was going on."""

    action_name = "action_deny"

    async def act(self, turn: Turn) -> Outcome:
        """A friendly end of the topic; the offer of a person when none of the offered questions was meant."""
        if turn.entity("reason") == "none_of_these":
            return Outcome([say("utter_offer_person")], {"offered": "person"})
        return Outcome([say("utter_all_right")], {"task": None, "asked": None, "asked_times": None, "offered": None})


class ActionInform(BotAction):
    """A bare answer (order number, e-mail, postcode): goes on with what was asked."""

    action_name = "action_inform"

    async def act(self, turn: Turn) -> Outcome:
        """The pending task with the new fact; an order number alone asks for its status."""
        if turn.slot("task") or turn.entity("order_number"):
            return await resume(turn, self.services)
        return Outcome([say("utter_ask_what")])


class SmallTalk(BotAction):
    """An action that says one reply, whatever was asked before."""

    reply: ClassVar[str]

    async def act(self, turn: Turn) -> Outcome:
        """The reply."""
        return Outcome([say(self.reply)])


class ActionGreet(SmallTalk):
    """Hello."""

    action_name = "action_greet"
    reply = "utter_greet"


class ActionGoodbye(SmallTalk):
    """Goodbye."""

    action_name = "action_goodbye"
    reply = "utter_goodbye"


class ActionThanks(SmallTalk):
    """Thank you."""

    action_name = "action_thanks"
    reply = "utter_thanks"


class ActionBotChallenge(SmallTalk):
    """Are you a person?"""

    action_name = "action_bot_challenge"
    reply = "utter_bot_challenge"
