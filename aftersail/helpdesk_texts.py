"""What helpdesks get to read, and what their agents write as customers get it: record, packet, translation."""

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection, Engine

from aftersail.helpdesk_packet import PacketFacts, words_of
from connectors.helpdesks.bridge import News
from connectors.helpdesks.intake import Untranslated
from connectors.helpdesks.note import CasePacket, Line
from connectors.media.links import MediaLinks
from conversations import rows
from conversations.handoff_rows import find_handoff
from conversations.helpdesk_cases import HelpdeskCase
from conversations.media import MediaRecord
from conversations.model import Conversation, Message, Reply
from conversations.outgoing import Blocked
from core.database import reading
from desk.agents import display_names, shown_name
from desk.packet.assemble import packet_of
from desk.packet.model import Packet
from desk.packet.sources import PacketSources
from desk.translated import Translated
from desk.writing import compose
from glossaries.violations import GateRelease
from languages.translation.translator import Translator

MOST_LINES = 120  # of the conversation in a packet, the newest
MOST_NEWS = 40
TRANSLATED_LINES = 30  # the newest of a packet: translating takes half a second each
TRANSLATING_S = 20.0  # for all of a packet
UNDELIVERED = "undelivered"
MACHINE = "machine"  # whichever engine it was
AGENT = "agent:"
_SHOWN = ("text", "button", "media")


@dataclass(frozen=True)
class RecordTexts:
    """Texts from the record. Blocking."""

    engine: Engine
    translator: Translator
    links: MediaLinks
    sources: PacketSources
    address: str  # of our desk, as agents reach it
    clock: Callable[[], float] = time.time

    def packet(self, case: HelpdeskCase, language: str) -> CasePacket:
        """The desk's packet with the conversation up to `case.relayed_seq`."""
        handoff = find_handoff(self.engine, case.handoff_id)
        first = max(0, case.relayed_seq - MOST_LINES)
        with reading(self.engine) as connection:
            conversation = rows.conversation(connection, case.conversation_id)
            found = rows.history(connection, case.conversation_id, first, MOST_LINES)
            names = display_names(connection)
        shown = [item for item in found if item.seq <= case.relayed_seq and _is_shown(item)]
        lines = self._lines(shown, conversation.market, language)
        packet = self._packet(conversation, language, dict(zip((item.id for item in shown), lines, strict=True)))
        facts = PacketFacts(packet, words_of(language), names)
        return CasePacket(
            reason=facts.reason(handoff.reason),
            name=packet.customer.name,
            person=person_key(conversation),
            language=conversation.language,
            market=conversation.market,
            urgent=handoff.tier == "safety" or handoff.escalated,
            facts=facts.all(),
            lines=[replace(line, author=_named(line.author, names)) for line in lines],
            link=f"{self.address}/desk/c/{conversation.id}",
            left_out=first,
        )

    def _packet(self, conversation: Conversation, language: str, lines: Mapping[str, Line]) -> Packet:
        """What the desk shows beside the conversation, with the translations that were made for the note."""

        def translations(_: Connection, messages: Sequence[Message], into: str) -> Mapping[str, Translated]:
            made = {item.id: lines[item.id].translation for item in messages if item.id in lines}
            return {one: Translated(one, into, text, MACHINE) for one, text in made.items() if text}

        with reading(self.engine) as connection:
            return packet_of(replace(self.sources, translations=translations), connection, conversation, language)

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


def _named(author: str, names: Mapping[str, str]) -> str:
    """The author as people call them."""
    return f"{AGENT}{shown_name(author, names)}" if author.startswith(AGENT) else author
