"""What stands in a thread, in order: messages, changes of hands, notes. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from conversations.agent_reply import ANSWERED
from conversations.corrections import RETRACTED
from conversations.media import MediaFile
from conversations.model import Message
from conversations.ownership import SYSTEM
from conversations.ownership_model import AGENT
from desk.agents import shown_name
from desk.approved import Approved
from desk.conversation.terms import Piece, TermsFor
from desk.conversation.thread_rows import REOPENED, Begun, Note, OwnershipEvent
from desk.translated import Translated

MOST_CARDS = 20
# Which picture stands for a state; its words are conversation.status.<state>.
STATUS_ICONS: Mapping[str, str] = {
    "queued": "hourglass",
    "held": "hand",
    "withdrawn": "undo-2",
    "failed": "triangle-alert",
    "sent": "check",
    "delivered": "check-check",
    "read": "eye",
}
EVENT_ICONS: Mapping[str, str] = {
    "hand_off": "hand-helping",
    "take": "user-check",
    "assign": "user-plus",
    "release": "undo-2",
    "escalate": "arrow-up-from-line",
    "hand_back": "bot",
    "close": "circle-check",
    "expire": "archive",
    "start_over": "rotate-ccw",
    "reopen": "lock-open",
}


PUT_BACK = frozenset({"away", "off_duty", "not_seen", "disabled"})  # why the desk takes one from an agent (queue/)


@dataclass(frozen=True)
class Line:
    """One text of a message in one language."""

    language: str
    text: str
    terms: TermsFor | None = None  # None: nobody looks for terms in it

    @cached_property
    def pieces(self) -> Sequence[Piece]:
        """The text, cut where terms begin and end."""
        return self.terms.pieces(self.text, self.language) if self.terms else (Piece(self.text),)


@dataclass(frozen=True)
class FileView:
    """A file of a message. `state`: waiting, kept, refused, erased."""

    kind: str  # image, audio, video, file
    state: str
    name: str
    link: str  # empty unless it is kept
    size: int
    reason: str


@dataclass(frozen=True)
class MessageView:
    """A message as the thread shows it."""

    id: str
    seq: int
    author: str  # customer, bot, system, agent
    who: str  # display name of an agent
    at: float
    original: Line
    other: Line | None  # in the reader's language; None: not needed, or not there yet
    by: str  # who wrote `other`, of words conversation.translation.*: machine, approved; empty: the author
    engine: str  # which machine
    translation: str  # none, wanted, waiting, done, unsure, failed, impossible
    reason: str  # why it is unsure or failed
    mode: str  # original, both: what is shown at first
    status: str  # of ours; empty: the customer's
    error: str
    content: str  # text, image, location, undelivered …
    details: Mapping[str, Any]
    files: Sequence[FileView]
    buttons: Sequence[str]
    pressed: bool  # the customer chose a button of ours
    reply_name: str  # code of the bot's reply or answer
    reply_title: str  # what people call it; empty: it has no title
    source: str  # title of the bot's source
    fixed: Sequence[Mapping[str, Any]]
    overridden: Sequence[Mapping[str, Any]]
    override_reason: str
    edits: Sequence[str]  # what it said before, oldest first
    edited: bool  # new words of an earlier message
    retracted: float | None
    cut: int  # characters that it had; 0: it is whole

    @cached_property
    def version(self) -> str:
        """Changes when anything that is shown does. Terms are not looked for: their release stands for them."""
        shown = json.dumps(vars(self), default=_plain)
        return hashlib.sha256(shown.encode()).hexdigest()[:10]

    @property
    def icon(self) -> str:
        """Picture of its state."""
        return STATUS_ICONS.get(self.status, "hourglass")


@dataclass(frozen=True)
class EventView:
    """A change of hands as the thread shows it."""

    id: int
    key: str  # of its words, conversation.event.<key>
    icon: str
    at: float
    who: str  # display name, or a word conversation.who.<who>
    other: str  # who had it before, or, of assign, has it now
    reason: str  # of a hand-off
    why: str  # what the agent wrote
    earlier: str  # id of the conversation that this one continues; empty: of none that the reader may see
    earlier_at: float  # when that one began
    starts: bool  # a person's stretch begins
    ends: bool  # a person's stretch ends


@dataclass(frozen=True)
class NoteView:
    """A note as the thread shows it."""

    id: str
    who: str
    text: str
    at: float
    mentions: Sequence[str]  # display names


@dataclass(frozen=True)
class Item:
    """Something in the thread, with what it is sorted by."""

    kind: str  # message, event, note
    view: MessageView | EventView | NoteView
    place: tuple[float, int, float]


@dataclass(frozen=True)
class Besides:
    """What belongs to messages, by message id."""

    names: Mapping[str, str]  # display name by agent:<name>
    files: Mapping[str, Sequence[MediaFile]]
    errors: Mapping[str, str]
    translations: Mapping[str, Translated]
    approved: Mapping[str, Approved]  # our own sentences in a language of the reader
    titles: Mapping[str, str]  # of the bot's answers, in the reader's language
    under_way: frozenset[str]  # ids of messages that are being translated
    impossible: frozenset[str]  # languages that nothing translates into the reader's


def in_order(
    messages: Sequence[tuple[Message, MessageView]],
    events: Iterable[EventView],
    last_seqs: Mapping[int, int],
    notes: Iterable[NoteView],
) -> list[Item]:
    """All of it, oldest first: an event behind the message that was the last one then, a note by its time."""
    items = [Item("message", view, (message.seq, 0, message.created_at)) for message, view in messages]
    items += [Item("event", event, (last_seqs[event.id], 1, event.at)) for event in events]
    for note in notes:
        behind = max((message.seq for message, _ in messages if message.created_at <= note.at), default=0)
        if not behind and messages:
            behind = messages[0][0].seq - 1
        items.append(Item("note", note, (behind, 1, note.at)))
    return sorted(items, key=lambda item: item.place)


def _plain(value: object) -> object:
    if isinstance(value, Line):
        return value.language, value.text, value.terms.name if value.terms else ""
    return vars(value) if hasattr(value, "__dict__") else str(value)


def event_view(event: OwnershipEvent, names: Mapping[str, str], earlier: Begun | None = None) -> EventView:
    """The event with names in place of owners. `earlier`: the conversation that a reopened one continues."""
    had, has = event.from_owner.startswith(AGENT), event.to_owner.startswith(AGENT)
    changed = event.from_owner != event.to_owner
    said = event.event not in ("hand_off", REOPENED) and event.why not in (event.event, ANSWERED, "")
    return EventView(
        id=event.id,
        key=_words_of(event),
        icon=EVENT_ICONS.get(event.event, "repeat"),
        at=event.at,
        who=name_of(event.who, names),
        other=name_of(event.to_owner if event.event == "assign" else event.from_owner, names),
        reason=event.why if event.event == "hand_off" else "",
        why=event.why if said and event.who.startswith(AGENT) else "",
        earlier=earlier.id if earlier else "",
        earlier_at=earlier.at if earlier else 0.0,
        starts=has and changed,
        ends=had and changed,
    )


def _words_of(event: OwnershipEvent) -> str:
    if event.event == "take":
        return f"take_{'agent' if event.from_owner.startswith(AGENT) else event.from_owner}"
    why = event.why.partition(":")[0]
    return f"release_{why}" if event.event == "release" and event.who == SYSTEM and why in PUT_BACK else event.event


def note_view(note: Note, names: Mapping[str, str]) -> NoteView:
    """The note with names of people."""
    mentioned = [name_of(f"{AGENT}{name}", names) for name in note.mentions]
    return NoteView(note.id, name_of(note.author, names), note.text, note.created_at, mentioned)


def name_of(who: str, names: Mapping[str, str]) -> str:
    """An agent's display name; their sign-in name when they are gone; others as they are."""
    return shown_name(who, names)


def is_retracted(message: Message) -> bool:
    """Whether the customer took it back."""
    return RETRACTED in message.payload
