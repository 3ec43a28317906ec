"""A conversation as the customer saw it, to be handed out: no notes, no events, no translations for agents. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from conversations.model import Conversation, Message
from conversations.uploads import FILES
from desk.errors import DeskError

VERSION = 1
MOST = 2_000  # messages in one file
NEVER_SEEN = frozenset({"withdrawn", "failed"})  # the customer never got these
ROLES: Mapping[str, str] = {"customer": "customer", "bot": "assistant", "system": "assistant"}


class ExportTooLong(DeskError):
    """More messages than a file takes."""

    status = 422


@dataclass(frozen=True)
class Line:
    """One message."""

    seq: int
    role: str  # customer, assistant, agent
    at: datetime  # aware, UTC
    text: str
    language: str
    choices: Sequence[str] = ()  # what could be pressed
    file: str = ""  # names or kind of the files that were sent


def lines_of(messages: Sequence[Message]) -> Sequence[Line]:
    """What was said, in order. Raises ExportTooLong."""
    if len(messages) > MOST:
        raise ExportTooLong(messages=len(messages), most=MOST)
    return [_line(message) for message in messages if _was_seen(message)]


def as_json(conversation: Conversation, lines: Sequence[Line], zone: str, made_at: float) -> Mapping[str, Any]:
    """The export for a program; docs/after-sales.md explains each field."""
    return {
        "schema": "aftersail.conversation",
        "version": VERSION,
        "id": conversation.id,
        "market": conversation.market,
        "language": conversation.language,
        "channel": conversation.channel,
        "time_zone": zone,
        "exported_at": _iso(datetime.fromtimestamp(made_at, UTC)),
        "messages": [
            {
                "number": line.seq,
                "from": line.role,
                "at": _iso(line.at),
                "language": line.language,
                "text": line.text,
                "choices": list(line.choices),
                "file": line.file,
            }
            for line in lines
        ],
    }


def _was_seen(message: Message) -> bool:
    if message.author == "system" and message.direction == "in":
        return False  # an event, for people at the desk
    if message.kind == "event":
        return False
    return message.direction == "in" or message.status not in NEVER_SEEN


def _line(message: Message) -> Line:
    buttons = message.payload.get("buttons", ()) if message.direction == "out" else ()
    return Line(
        message.seq,
        ROLES.get(message.author, "agent"),
        datetime.fromtimestamp(message.created_at, UTC),
        message.text,
        message.language,
        [str(button.get("title", "")) for button in buttons],
        _file_of(message),
    )


def _file_of(message: Message) -> str:
    if message.kind != "media":
        return ", ".join(str(file["name"]) for file in message.payload.get(FILES, ()))
    media: Mapping[str, Any] = message.payload.get("media") or {}
    return str(media.get("name") or message.payload.get("content") or "file")


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
