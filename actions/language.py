"""Switches the language, or asks which one the customer wants."""

from actions.base import BotAction
from actions.outcome import Outcome, Say, say
from actions.turn import Turn

SELECTABLE = 13  # languages offered at most


class ActionChangeLanguage(BotAction):
    """Goes on in the language that was asked for."""

    action_name = "action_change_language"

    async def act(self, turn: Turn) -> Outcome:
        """A confirmation in the new language, or the choice."""
        if turn.verdict == "clarify":
            return _ask_which(turn)
        asked = turn.entity("language") or turn.decision.get("requested") or ""
        known = await self._languages()
        if asked in known:
            waiting = turn.slot("unread_text")
            wishes = {"language": asked, "replay": waiting} if waiting else {"language": asked}
            says = [] if waiting else [Say(say("utter_language_changed").line, languages=[asked])]
            return Outcome(says, {"unread_text": None}, wishes)
        choices = _choices([*turn.market.languages, *known])
        name = "utter_language_unsupported" if asked else "utter_ask_language"
        return Outcome([Say(say(name).line, choices=choices)])

    async def _languages(self) -> list[str]:
        markets = self.services.markets().values()
        return list(dict.fromkeys(language for market in markets for language in market.languages))


def _ask_which(turn: Turn) -> Outcome:
    """Two languages are equally likely: the question in both. What the customer wrote is answered afterwards."""
    candidates = list(turn.decision.get("candidates") or turn.market.languages)
    message = Say(say("utter_ask_language").line, choices=_choices(candidates), languages=candidates)
    return Outcome([message], {"unread_text": turn.text})


def _choices(languages: list[str]) -> list[tuple[str, str]]:
    unique = list(dict.fromkeys(languages))[:SELECTABLE]
    return [(f"language:{code}", f'change_language{{"language": "{code}"}}') for code in unique]
