"""Switches the language, or asks which one the customer wants."""

from actions.base import BotAction
from actions.language_choice import admit_unsupported, language_choices
from actions.outcome import Outcome, Say, say
from actions.turn import Turn


class ActionChangeLanguage(BotAction):
    """Goes on in the language that was asked for."""

    action_name = "action_change_language"

    async def act(self, turn: Turn) -> Outcome:
        """A confirmation in the new language, or the choice."""
        if turn.verdict == "clarify":
            return _ask_which(turn)
        asked = turn.entity("language") or turn.decision.get("requested") or turn.decision.get("unsupported") or ""
        known = self.services.languages()
        if asked in known:
            waiting = turn.slot("unread_text")
            wishes = {"language": asked, "replay": waiting} if waiting else {"language": asked}
            says = [] if waiting else [Say(say("utter_language_changed").line, languages=[asked])]
            return Outcome(says, {"unread_text": None}, wishes)
        if asked:
            return admit_unsupported(turn, asked, known)
        choices = language_choices([*turn.market.languages, *known])
        return Outcome([Say(say("utter_ask_language").line, choices=choices)])


def _ask_which(turn: Turn) -> Outcome:
    """Two languages are equally likely: the question in both. What the customer wrote is answered afterwards."""
    candidates = list(turn.decision.get("candidates") or turn.market.languages)
    message = Say(say("utter_ask_language").line, choices=language_choices(candidates), languages=candidates)
    return Outcome([message], {"unread_text": turn.text})
