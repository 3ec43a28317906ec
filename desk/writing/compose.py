"""What an agent has written becomes the message for the customer. The desk's preview and sending, and the command line,
all go through here, so that what was shown is what leaves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from conversations.model import Reply
from conversations.outgoing import Blocked, Draft, Gate, Passed
from conversations.uploads import FILES
from core.errors import AftersailError, NotFound
from glossaries.violations import Violation
from languages.translation.codes import known_languages
from languages.translation.translator import Translator


class Untranslated(AftersailError):
    """No translation can be had: write in the customer's language, or send the text as it is and say so."""

    def __init__(self, text: str, reason: str = "") -> None:
        super().__init__(text)
        self.reason = reason  # the engine's, for an agent


@dataclass(frozen=True)
class Written:
    """What an agent has written."""

    text: str
    language: str = ""  # content code of `text`; empty: the customer's
    edited: str = ""  # the translation as a person has corrected it; empty: the machine's own
    untranslated: bool = False  # send it in its own language when it cannot be translated
    override: str = ""  # why it is sent although the gate finds something


@dataclass(frozen=True)
class Recipient:
    """For whom."""

    language: str
    market: str


@dataclass(frozen=True)
class Composed:
    """The message. `refused`: what the translator has against a text that as a whole says nothing wrong."""

    reply: Reply
    refused: Sequence[Violation] = ()

    @property
    def translation(self) -> dict[str, Any]:
        """{"from", "original", "engine", "edited"}; empty when nobody has translated."""
        return dict(self.reply.payload.get("translation", {}))

    def with_files(self, files: Sequence[Mapping[str, Any]]) -> "Composed":
        """The message with what conversations.uploads.sent_as says of its files."""
        if not files:
            return self
        return replace(self, reply=replace(self.reply, payload={**self.reply.payload, FILES: list(files)}))

    def draft(self, author: str, override: str = "") -> Draft:
        """The message on its way to the gate."""
        return Draft(self.reply, author, self.reply.source, override)


def compose(written: Written, to: Recipient, translator: Translator, release: str) -> Composed:
    """The message in the customer's language, marked when a machine has made it.

    Raises NotFound for a language that nobody knows, and Untranslated when there is no translation and `written` does
    not want to go without.
    """
    language = written.language or to.language
    if language not in known_languages():
        raise NotFound(f"there is no language {language!r}; there are {', '.join(known_languages())}")
    if not written.text.strip():
        return Composed(Reply("", to.language, {}, release))  # files say it all
    if language == to.language:
        return Composed(Reply(written.text, language, {}, release))
    if written.edited.strip():
        by_hand = {"from": language, "original": written.text, "engine": "", "edited": True}
        return Composed(Reply(written.edited, to.language, {"translation": by_hand}, release))
    if written.untranslated:
        return Composed(Reply(written.text, language, {"translation": {"from": language}}, release))
    return _translated(written.text, language, to, translator, release)


def clear(gate: Gate, composed: Composed, author: str, market: str, override: str = "") -> Passed:
    """What may leave. Raises Blocked with everything that gate or translator find."""
    passed = gate.clear(composed.draft(author, override), market)
    if composed.refused and not override:
        raise Blocked(composed.refused)
    return passed


def _translated(text: str, language: str, to: Recipient, translator: Translator, release: str) -> Composed:
    made = translator.translate(text, language, to.language, to.market)
    if not made.ok and not made.draft:
        said = f"Not translated from {language} to {to.language}: {made.reason}. Nothing was sent."
        raise Untranslated(said, made.reason)
    translation = {"from": language, "original": text, "engine": made.engine}
    refused = [replace(violation, start=0, end=0) for violation in made.violations]
    reply = Reply(made.text if made.ok else made.draft, to.language, {"translation": translation}, release)
    return Composed(reply, () if made.ok else refused)
