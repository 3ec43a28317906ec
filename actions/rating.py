"""What a customer wrote when a survey asked what should have been better: thanks, and the offer of a person."""

from actions.base import BotAction
from actions.outcome import Outcome, say
from actions.turn import Turn


class ActionRating(BotAction):
    """The comment is kept by the record; nobody is called who was not asked for."""

    action_name = "action_rating"

    async def act(self, turn: Turn) -> Outcome:
        """Thanks; a "yes" afterwards means the person."""
        return Outcome([say("utter_survey_comment_kept")], {"offered": "person"})
