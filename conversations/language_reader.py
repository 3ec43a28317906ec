"""Decides the language of each message with what the conversation knows (languages.identify)."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import phonenumbers

from conversations.model import Conversation
from languages.identify import Decision, Evidence, Identifier
from markets.profile import MarketProfile


@dataclass(frozen=True)
class Reading:
    """A decision as the record stores it (record.LanguageReading)."""

    language: str
    state: Mapping[str, Any]
    decision: Mapping[str, Any]


class IdentifierReader:
    """Reads languages with an identifier and the markets' languages."""

    def __init__(self, identifier: Identifier, markets: Callable[[], Mapping[str, MarketProfile]]) -> None:
        self._identifier = identifier
        self._markets = markets

    def read(self, text: str, conversation: Conversation) -> Reading:
        """The decision for `text`; a switch that the customer asked for in words becomes their choice."""
        decision = self._identifier.identify(text, self._evidence(conversation))
        state: dict[str, Any] = {**conversation.language_state, "history": decision.history}
        if decision.requested and decision.requested == decision.language:
            state["chosen"] = decision.requested
        return Reading(decision.language, state, as_json(decision))

    def _evidence(self, conversation: Conversation) -> Evidence:
        market = self._markets().get(conversation.market)
        hints = conversation.hints
        return Evidence(
            market_languages=market.languages if market else (),
            history=conversation.language_state.get("history", {}),
            chosen=conversation.language_state.get("chosen"),
            profile=hints.profile_language or None,
            page_locale=hints.page_locale or None,
            browser_languages=hints.browser_languages,
            phone_country=_country(hints.phone),
        )


def as_json(decision: Decision) -> dict[str, Any]:
    """The decision without the history, which belongs to the conversation."""
    data = asdict(decision)
    data.pop("history")
    return {**data, "candidates": list(decision.candidates)}


def _country(phone: str) -> str | None:
    if not phone:
        return None
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(phone, None)) or None
    except phonenumbers.NumberParseException:
        return None
