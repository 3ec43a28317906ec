"""The few words that channels add to a text, from the current release (connectors.delivery.outgoing.DeliveryWords)."""

from collections.abc import Callable

from connectors.channel import Words
from knowledge.release import Release


class ReleaseDeliveryWords:
    """Words around choices, and the mark of a translation."""

    def __init__(self, release: Callable[[], Release]) -> None:
        self._release = release

    def of(self, market: str, language: str) -> Words:
        """Words around choices."""
        options, choose = (self._say(name, market, language) for name in ("channel_options", "channel_choose"))
        return Words(options, choose)

    def mark(self, market: str, language: str, checked: bool) -> str:
        """What says that a machine translated a text; `checked`: and that a person has corrected it."""
        return self._say("channel_checked_translation" if checked else "channel_machine_translation", market, language)

    def original(self, market: str, language: str) -> str:
        """Label of the choice that brings the original of such a text."""
        return self._say("channel_show_original", market, language)

    def locale(self, market: str, language: str) -> str:
        """BCP 47 locale of a language in a market."""
        return self._release().markets[market].locale_for(language)

    def _say(self, name: str, market: str, language: str) -> str:
        release = self._release()
        profile = release.markets[market]
        return release.words.say(name, market=profile, language=language or profile.languages[0]).text
