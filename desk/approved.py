"""The bot's sentences in a reader's language, as the release has them: no machine says again what people approved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conversations.model import Conversation, Message
from core.errors import NotFound
from knowledge.release import Release
from knowledge.said_parts import UnreadableParts, parts_of
from knowledge.words import MissingValue, UnknownReply

FAQ = "faq:"
AUTHORS = ("bot", "system")


@dataclass(frozen=True)
class Approved:
    """What the message says, in another language."""

    language: str
    text: str


@dataclass(frozen=True)
class ApprovedTexts:
    """Finds the texts of one conversation's messages."""

    release: Release
    conversation: Conversation

    def of(self, message: Message, languages: Sequence[str]) -> Approved | None:
        """The message in the first of `languages` that the release has it in.

        None: it is not the bot's, the release has it in none of them, or it says something else today than was sent.
        """
        if message.author not in AUTHORS or message.direction != "out" or not message.text:
            return None
        wanted = [code for code in languages if code != message.language]
        name = str(message.payload.get("response") or "")
        try:
            found = self._answer(message, wanted) if name.startswith(FAQ) else self._reply(message, wanted)
        except (NotFound, MissingValue, UnreadableParts):
            return None  # an entry or a market that is gone, or values that nobody kept
        return found

    def title_of(self, message: Message, languages: Sequence[str]) -> str:
        """Title of the answer that it is, in the first of `languages` that has one; empty: it is no answer."""
        name = str(message.payload.get("response") or "")
        entry = self.release.entries.get(name.removeprefix(FAQ)) if name.startswith(FAQ) else None
        return next((entry.texts[code].title for code in languages if entry and code in entry.texts), "")

    def _reply(self, message: Message, languages: Sequence[str]) -> Approved | None:
        parts = parts_of(message.payload)
        if not parts or self._say(parts, message.language) != message.text:
            return None
        for language in languages:
            if said := self._say(parts, language):
                return Approved(language, said)
        return None

    def _say(self, parts: Sequence[Any], language: str) -> str:
        """The reply in this very language; empty: it has none."""
        (name, values), *then = parts
        market, zone = self.release.market_of(self.conversation.market), self.conversation.hints.time_zone
        try:
            said = self.release.words.say(
                name, values, market=market, language=language, time_zone=zone or None, then=then
            )
        except UnknownReply:
            return ""
        return "" if said.fallback else said.text

    def _answer(self, message: Message, languages: Sequence[str]) -> Approved | None:
        translation: Mapping[str, Any] = message.payload.get("translation") or {}
        language = str(translation.get("from") or message.language)
        sent = str(translation.get("original") or message.text)
        ours = self._answer_in(message, language)
        if not ours or ours not in (sent, sent.partition("\n")[2]):  # a note may stand above it
            return None
        for code in languages:
            if text := self._answer_in(message, code):
                return Approved(code, text)
        return None

    def _answer_in(self, message: Message, language: str) -> str:
        entry = self.release.entries.get(str(message.payload.get("response")).removeprefix(FAQ))
        if entry is None or language not in entry.texts:
            return ""
        return self.release.words.answer(entry, self.release.market_of(self.conversation.market), language).text
