"""Rows of a conversation to the frames that a widget has not had yet. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from conversations.model import Conversation, Kind, Message, Status
from conversations.uploads import FILES

Frame = dict[str, Any]
Link = Callable[[str], str]  # path of a file by its id, below the address that the widget came from
BEHIND = 20  # rows before the last one whose status may still change
TYPING_S = 20.0  # "writing an answer" is shown no longer than this after a message
AGENT_TYPING_S = 6.0  # a person's, no longer than this after their last sign of it
_FINAL = (Status.HANDLED, Status.FAILED)


def no_link(media_id: str) -> str:
    """No path: where no files are served."""
    return ""


class Feed:
    """What one viewer of a conversation has been sent, and what comes next."""

    def __init__(self, conversation_id: str, since: int, direction: Callable[[str], str], link: Link = no_link) -> None:
        self.conversation_id = conversation_id
        self.sent = since  # seq of the last row that was sent
        self._direction = direction
        self._link = link
        self._statuses: dict[int, str] = {}
        self._owner = ""
        self._typing = False
        self._last_in: tuple[int, float] = (0, 0.0)  # seq, when
        self._last_out = 0
        self._agent_until = 0.0

    @property
    def look_after(self) -> int:
        """Seq after which rows must be fetched: unsent ones, and sent ones whose status may change."""
        return max(self.sent - BEHIND, 0)

    def frames(self, conversation: Conversation, rows: Sequence[Message], now: float) -> list[Frame]:
        """Frames for `rows`, which start after `look_after`, oldest first; empty when nothing is new."""
        found: list[Frame] = []
        if conversation.owner != self._owner:
            self._owner = conversation.owner
            found.append({"type": "owner", "owner": _role(conversation.owner)})
        for row in rows:
            found += self._row(row)
        return found + self._typing_frames(now)

    def typing_ends_in(self, now: float) -> float:
        """Seconds until "writing an answer" must go; 0 when it is not on."""
        ends_at = self._last_in[1] + TYPING_S if self._owner == "bot" else self._agent_until
        return max(ends_at - now, 0.05) if self._typing else 0.0

    def agent_types(self, on: bool | None, now: float) -> None:
        """A person writes an answer, or has stopped; None: nothing new of that."""
        if on is not None:
            self._agent_until = now + AGENT_TYPING_S if on else 0.0

    def _row(self, row: Message) -> list[Frame]:
        if row.direction == "in":
            self._last_in = (row.seq, row.created_at)
        elif row.kind != Kind.EVENT:
            if row.seq > self.sent:
                self._agent_until = 0.0  # here it is
            self._last_out = row.seq
        if row.seq > self.sent:
            self.sent = row.seq
            self._remember(row)
            return [message_frame(row, self._direction, self._link)]
        if row.direction == "out" or self._statuses.get(row.seq) == row.status:
            return []
        self._remember(row)
        return [{"type": "status", "seq": row.seq, "status": row.status}]

    def _remember(self, row: Message) -> None:
        if row.direction == "in":
            self._statuses[row.seq] = row.status
            self._statuses = {seq: status for seq, status in self._statuses.items() if seq > self.sent - BEHIND}

    def _typing_frames(self, now: float) -> list[Frame]:
        seq, at = self._last_in
        bot_types = self._owner == "bot" and seq > self._last_out and now < at + TYPING_S
        agent_types = self._owner.startswith("agent:") and now < self._agent_until
        typing = bot_types or agent_types
        if typing == self._typing:
            return []
        self._typing = typing
        return [{"type": "typing", "on": typing, "who": _role(self._owner)}]


def message_frame(row: Message, direction: Callable[[str], str], link: Link = no_link) -> Frame:
    """A row as the widget gets it. Payloads of buttons and other inner values stay here."""
    frame: Frame = {
        "type": "message",
        "seq": row.seq,
        "id": row.id,
        "author": _role(row.author),
        "text": row.text,
        "language": row.language,
        "dir": direction(row.language) if row.language else "auto",
        "buttons": [str(button["title"]) for button in row.payload.get("buttons", [])],
        "files": [_file(file, link) for file in row.payload.get(FILES, ())] if row.direction == "out" else [],
        "source": _source(row.payload),
        "translation": _translation(row, direction),
        "at": row.created_at,
        "status": row.status,
    }
    if row.direction == "in":
        frame["client_id"] = row.provider_id.rpartition(":")[2]
    return frame


def _file(file: Mapping[str, Any], link: Link) -> dict[str, Any]:
    shown = {key: file[key] for key in ("kind", "name", "size", "width", "height") if key in file}
    return {**shown, "link": link(str(file["id"]))}


def _source(payload: Mapping[str, Any]) -> dict[str, str] | None:
    source = payload.get("source")
    if not source:
        return None
    if isinstance(source, Mapping):
        return {key: str(source[key]) for key in ("title", "url") if source.get(key)}
    return {"title": str(source)}


def _translation(row: Message, direction: Callable[[str], str]) -> dict[str, Any] | None:
    """The original of a translation, empty for a text left untranslated; None for our own texts."""
    translation = row.payload.get("translation")
    if not translation:
        return None
    language, original = str(translation["from"]), str(translation.get("original", ""))
    checked = row.is_checked_translation
    return {"original": original, "language": language, "dir": direction(language), "checked": checked}


def _role(name: str) -> str:
    # agent:<name> is how agents are known inside; customers need not know it.
    return name.split(":")[0]
