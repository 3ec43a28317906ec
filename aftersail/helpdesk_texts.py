"""What helpdesks get to read, and what their agents write as customers get it: record, packet, translation."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.engine import Engine

from connectors.helpdesks.bridge import News
from connectors.helpdesks.intake import Untranslated
from connectors.helpdesks.note import CasePacket, Line
from connectors.media.links import MediaLinks
from conversations import rows
from conversations.contacts import Contacts
from conversations.handoff_rows import Handoff, find_handoff
from conversations.helpdesk_cases import HelpdeskCase
from conversations.media import MediaRecord
from conversations.model import Conversation, Message, Reply
from conversations.outgoing import Blocked
from core.database import reading
from desk.writing import compose
from glossaries.violations import GateRelease
from languages.translation.translator import Translator

MOST_LINES = 120  # of the conversation in a packet, the newest
MOST_NEWS = 40
TRANSLATED_LINES = 30  # the newest of a packet: translating takes half a second each
TRANSLATING_S = 20.0  # for all of a packet
UNDELIVERED = "undelivered"
_SHOWN = ("text", "button", "media")


@dataclass(frozen=True)
class RecordTexts:
    """Texts from the record. Blocking."""

    engine: Engine
    translator: Translator
    links: MediaLinks
    contacts: Contacts
    address: str  # of our desk, as agents reach it
    clock: Callable[[], float] = time.time

    def packet(self, case: HelpdeskCase, language: str) -> CasePacket:
        """The hand-off with the conversation up to `case.relayed_seq`."""
        handoff = find_handoff(self.engine, case.handoff_id)
        first = max(0, case.relayed_seq - MOST_LINES)
        with reading(self.engine) as connection:
            conversation = rows.conversation(connection, case.conversation_id)
            found = rows.history(connection, case.conversation_id, first, MOST_LINES)
        shown = [item for item in found if item.seq <= case.relayed_seq and _is_shown(item)]
        lines = self._lines(shown, conversation.market, language)
        name = self._name(conversation)
        return CasePacket(
            reason=handoff.reason.replace("_", " "),
            name=name,
            person=person_key(conversation),
            language=conversation.language,
            market=conversation.market,
            urgent=handoff.tier == "safety" or handoff.escalated,
            facts=list(self._facts(handoff, conversation, lines, name)),
            lines=lines,
            link=f"{self.address}/desk/c/{conversation.id}",
            left_out=first,
        )

    def news(self, case: HelpdeskCase, language: str) -> Sequence[News]:
        """Messages after `case.relayed_seq`: the customer's words, and what could not be delivered."""
        with reading(self.engine) as connection:
            found = rows.history(connection, case.conversation_id, case.relayed_seq, MOST_NEWS)
            market = rows.conversation(connection, case.conversation_id).market
        return [self._news(item, market, language) for item in found]

    def _news(self, item: Message, market: str, language: str) -> News:
        if item.author == "customer" and _is_shown(item):
            return News(item.seq, self._line(item, market, language, translate=True))
        if item.author == "system" and item.payload.get("content") == UNDELIVERED:
            told = {name: str(item.payload.get(name, "")) for name in ("reason", "remedy")}
            return News(item.seq, problem=told)
        return News(item.seq)

    def _lines(self, messages: Sequence[Message], market: str, language: str) -> list[Line]:
        """The newest are translated first, as long as it does not take too long."""
        ends = time.monotonic() + TRANSLATING_S
        lines: list[Line] = []
        for place, item in enumerate(reversed(messages)):
            translate = place < TRANSLATED_LINES and time.monotonic() < ends
            lines.insert(0, self._line(item, market, language, translate))
        return lines

    def _line(self, item: Message, market: str, language: str, translate: bool) -> Line:
        translation = ""
        if translate and item.text and item.language and item.language != language:
            original = item.payload.get("translation", {}).get("original", "")
            written_in = item.payload.get("translation", {}).get("from", "")
            if original and written_in == language:
                translation = original
            else:
                made = self.translator.translate(item.text, item.language, language, market)
                translation = made.text if made.ok else ""
        files = tuple(self._files(item)) if "media" in item.payload else ()
        return Line(item.author, item.created_at, item.text, item.language, translation, files)

    def _files(self, item: Message) -> Iterator[str]:
        for file in MediaRecord(self.engine).of_message(item.id):
            if file.state in ("kept", "waiting"):
                yield self.links.link(file.id)

    def _name(self, conversation: Conversation) -> str:
        contact = self.contacts.find(conversation.channel, conversation.account, conversation.sender)
        return contact.name if contact else ""

    def _facts(
        self, handoff: Handoff, conversation: Conversation, lines: Sequence[Line], name: str
    ) -> Iterator[tuple[str, str]]:
        """The summary, the most telling first."""
        said = [line for line in lines if line.author == "customer" and line.text]
        wants = str(handoff.packet.get("wants") or "") or (said[-1].text if said else "")
        translated = next((line.translation for line in reversed(said) if line.text == wants and line.translation), "")
        yield "wants", f"{wants}\n{translated}".strip()
        yield "reason", handoff.reason.replace("_", " ")
        yield "promised", datetime.fromtimestamp(handoff.promised_at, UTC).strftime("%Y-%m-%d %H:%M UTC")
        yield "tier", handoff.tier
        yield "given", "\n".join(_given(handoff.packet.get("given")))
        yield "tried", ", ".join(_named(handoff.packet.get("tried")))
        yield "customer_known", name
        yield "language", conversation.language
        yield "market", conversation.market
        yield "channel", conversation.channel


@dataclass(frozen=True)
class AgentWriting:
    """What agents of a helpdesk write, as customers get it. Blocking."""

    translator: Translator
    terms: Callable[[], GateRelease]

    def reply(self, text: str, conversation: Conversation, written_in: str) -> Reply:
        """The words in the customer's language, marked when a machine made them. Raises Blocked, Untranslated."""
        release = self.terms()
        language = conversation.language or written_in
        if language != written_in and self._is_theirs(text, language, written_in, release):
            written_in = language
        to = compose.Recipient(language, conversation.market)
        try:
            composed = compose.compose(compose.Written(text, written_in), to, self.translator, release.id)
        except compose.Untranslated as error:
            raise Untranslated(written_in, language, error.reason or str(error)) from error
        if composed.refused:
            raise Blocked(composed.refused)
        return composed.reply

    @staticmethod
    def _is_theirs(text: str, theirs: str, ours: str, release: GateRelease) -> bool:
        """Whether the agent wrote in the customer's language and not in their own."""
        return release.speaks(text, theirs) is True and release.speaks(text, ours) is not True


def person_key(conversation: Conversation) -> str:
    """The same for all conversations of a person on a channel; nobody learns a phone number from it."""
    person = "|".join((conversation.channel, conversation.account, conversation.sender))
    return "aftersail-" + hashlib.sha256(person.encode()).hexdigest()[:32]


def _is_shown(item: Message) -> bool:
    return item.kind in _SHOWN and (bool(item.text) or "media" in item.payload)


def _given(value: Any) -> Iterator[str]:
    """What the customer has given already; a mapping of names to values."""
    if isinstance(value, dict):
        yield from (f"{name.replace('_', ' ')}: {_words(item)}" for name, item in value.items() if _words(item))


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        yield from (words for item in value if (words := _words(item)))


def _words(value: Any) -> str:
    if isinstance(value, str | int | float):
        return str(value)[:500]
    return ", ".join(_named(value)) if isinstance(value, list) else ""
