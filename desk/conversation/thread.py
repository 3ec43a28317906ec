"""A part of a conversation's thread for one reader: what they ask for, with all that belongs to it."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from sqlalchemy.engine import Connection

from conversations import rows
from conversations.model import Conversation, Message
from desk.agents import display_names
from desk.approved import Approved, ApprovedTexts
from desk.conversation import thread_rows
from desk.conversation.message_view import Views, needs_translation, own_words
from desk.conversation.thread_items import (
    Besides,
    EventView,
    Item,
    MessageView,
    event_view,
    in_order,
    is_retracted,
    note_view,
)
from desk.conversation.thread_rows import MOST, REOPENED, Note, OwnershipEvent
from desk.conversation.translations import Translations, stale
from desk.deps import DeskDeps
from desk.errors import InvalidForm
from desk.translated import first_possible, translations_for
from desk.viewer import Viewer

MOST_SHOWN = 60  # messages on the screen that are looked at again for news of them
OVERLAP_S = 15.0  # a note may be seen so long after its time: its transaction waits 10 s for the lock at most


@dataclass(frozen=True)
class Wanted:
    """What a page asks for. `before` set: older messages; else what came `after`, and shown ones that changed."""

    before: int | None = None
    after: int = 0
    event: int = 0  # id of the last change of hands that it has
    note: float = 0.0  # when the last note that it has was written
    shown: Mapping[int, str] = field(default_factory=dict)  # version by seq, of messages that it has
    translate: frozenset[int] = frozenset()  # seqs that the reader wants translated though they can read them


@dataclass(frozen=True)
class Thread:
    """What to show."""

    items: Sequence[Item]
    first_seq: int  # of the messages in it; 0: there is none
    last_seq: int  # up to which the page is complete now
    event: int
    note: float
    has_earlier: bool
    has_more: bool  # there is even more after it


@dataclass(frozen=True)
class _Part:
    """Rows of a thread, and up to where the page is complete with them."""

    messages: Sequence[Message]
    events: Sequence[OwnershipEvent]
    notes: Sequence[Note]
    event: int
    note: float


def wanted_of(query: Mapping[str, str]) -> Wanted:
    """What the address asks for. Raises InvalidForm for anything that no page of ours says."""
    shown = dict(_version(part) for part in query.get("shown", "").split(",")[:MOST_SHOWN] if part)
    translate = frozenset(_number(part) for part in query.get("want", "").split(",")[:MOST] if part)
    before = _number(query["before"]) if query.get("before") else None
    after, event = _number(query.get("after", "0")), _number(query.get("event", "0"))
    return Wanted(before, after, event, _moment(query.get("note", "0")), shown, translate)


@dataclass(frozen=True)
class ThreadReader:
    """Reads the thread of one conversation for one viewer, in one transaction."""

    connection: Connection
    deps: DeskDeps
    viewer: Viewer
    conversation: Conversation
    translations: Translations

    def read(self, wanted: Wanted) -> Thread:
        """What the page asked for. Starts translations; they come with a later look."""
        part = self._newer(wanted) if wanted.before is None else self._older(wanted.before)
        names = display_names(self.connection)
        fresh = [pair for pair in self._views(part, names, wanted) if wanted.shown.get(pair[0].seq) != pair[1].version]
        items = in_order(
            fresh,
            self._events(part.events, names),
            {event.id: event.last_seq for event in part.events},
            [note_view(note, names) for note in part.notes],
        )
        new = [message.seq for message in part.messages if message.seq > wanted.after]
        first = min(new, default=0)
        return Thread(
            items=items,
            first_seq=first,
            last_seq=max(new, default=wanted.after),
            event=part.event,
            note=part.note,
            has_earlier=first > 1 and wanted.after == 0,
            has_more=wanted.before is None and len(new) >= MOST,
        )

    def _events(self, found: Sequence[OwnershipEvent], names: Mapping[str, str]) -> list[EventView]:
        earlier = thread_rows.continued(self.connection, self.conversation.id, found)
        seen = earlier if earlier and self.viewer.sees(earlier.market) else None
        again = {(event.who, event.at) for event in found if event.event == REOPENED}
        views = [event_view(event, names, seen if event.event == REOPENED else None) for event in found]
        # Who opens it again takes it in the same moment, and not from the bot, which never had it.
        return [
            replace(view, key="take_queue") if _is_part(event, again) else view
            for event, view in zip(found, views, strict=True)
        ]

    def _older(self, before: int) -> _Part:
        conversation_id = self.conversation.id
        before = min(before, self.conversation.last_seq + 1)
        found = thread_rows.before(self.connection, conversation_id, before)
        is_first = not found or found[0].seq == 1
        later = thread_rows.numbered(self.connection, conversation_id, [before])  # empty: nothing comes after
        first, since = (0, 0.0) if is_first else (found[0].seq, found[0].created_at)
        events = thread_rows.events(self.connection, conversation_id, first, before - 1 if later else None)
        notes = thread_rows.notes_of(self.connection, conversation_id, since, later[0].created_at if later else None)
        newest = thread_rows.last_event(self.connection, conversation_id)
        return _Part(found, events, notes, newest, max([since, *(note.created_at for note in notes)]))

    def _newer(self, wanted: Wanted) -> _Part:
        conversation_id = self.conversation.id
        known = [seq for seq in wanted.shown if seq <= wanted.after]
        shown = thread_rows.numbered(self.connection, conversation_id, known)
        new = rows.history(self.connection, conversation_id, wanted.after, MOST)
        events = thread_rows.events(self.connection, conversation_id, 0, None, wanted.event)
        notes = thread_rows.notes_of(self.connection, conversation_id, max(wanted.note - OVERLAP_S, 0.0))
        last = max([wanted.event, *(event.id for event in events)])
        return _Part([*shown, *new], events, notes, last, max([wanted.note, *(note.created_at for note in notes)]))

    def _views(self, part: _Part, names: Mapping[str, str], wanted: Wanted) -> list[tuple[Message, MessageView]]:
        ids = [message.id for message in part.messages]
        files = thread_rows.files(self.connection, ids)
        ours = ApprovedTexts(self.deps.release(), self.conversation)
        approved = self._approved(part.messages, ours)
        under_way, impossible = self._translate([item for item in part.messages if item.id not in approved], wanted)
        besides = Besides(
            names=names,
            files=files,
            errors=thread_rows.failures(self.connection, ids),
            translations=translations_for(self.connection, part.messages, self.viewer.languages),
            approved=approved,
            titles={item.id: title for item in part.messages if (title := ours.title_of(item, self._readable()))},
            under_way=under_way,
            impossible=impossible,
        )
        # The path alone: the file is fetched from where the page comes from, whatever address customers use.
        address = self.deps.channels.media_link
        links = {file.id: urlsplit(address(file.id)).path for found in files.values() for file in found}
        make = Views(self.viewer, self.conversation.market, self.deps.terms(), besides, links)
        return [(message, make.of(message)) for message in part.messages]

    def _approved(self, messages: Sequence[Message], ours: ApprovedTexts) -> dict[str, Approved]:
        """Our own sentences as the release has them in the reader's language; any that they read, rather than none."""
        reader, read = self.viewer.languages[0], self.viewer.languages
        foreign = [item for item in messages if needs_translation(item, reader)]
        found = {item.id: ours.of(item, read[:1] if item.language in read else read) for item in foreign}
        return {key: text for key, text in found.items() if text}

    def _readable(self) -> Sequence[str]:
        return (*self.viewer.languages, self.conversation.language)

    def _translate(self, messages: Sequence[Message], wanted: Wanted) -> tuple[frozenset[str], frozenset[str]]:
        """(ids of messages that are being translated now, languages that nothing translates for the reader)."""
        read, available = self.viewer.languages, self.deps.translator.available
        foreign = [item for item in messages if needs_translation(item, read[0]) and not own_words(item, read)]
        into = {code: first_possible(read, code, available) for code in {item.language for item in foreign}}
        asked = [
            item
            for item in foreign
            if into[item.language]
            and not is_retracted(item)
            and (item.language not in read or item.seq in wanted.translate)
        ]
        under_way: set[str] = set()
        for language in {into[item.language] for item in asked}:
            theirs = [item for item in asked if into[item.language] == language]
            missing = stale(self.connection, theirs, language, self.deps.clock())
            under_way |= self.translations.ask(self.deps, missing, self.conversation.market, language)
        return frozenset(under_way), frozenset(code for code, language in into.items() if not language)


def _is_part(event: OwnershipEvent, again: Set[tuple[str, float]]) -> bool:
    return event.event == "take" and (event.who, event.at) in again


def _version(part: str) -> tuple[int, str]:
    seq, _, version = part.partition(".")
    return _number(seq), version[:10]


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise InvalidForm("number", f"{text[:12]!r} is no number from 0")
    return int(text)


def _moment(text: str) -> float:
    whole, _, rest = text.partition(".")
    if not (len(text) <= 24 and (whole + rest).isascii() and (whole + rest).isdigit()):
        raise InvalidForm("moment", f"{text[:12]!r} is no moment")
    return float(text)
