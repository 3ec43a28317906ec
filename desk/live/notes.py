"""Wake-ups that carry more than a conversation's id: somebody types. Pure."""

import re
from dataclasses import dataclass

MAX_NOTE = 256  # bytes, as core.wakeups takes them
CUSTOMER = "customer"
_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
MAX_NAME = 100  # bytes
_TYPING = re.compile(r"typing:([A-Za-z0-9_-]{1,32}):([^\t]{1,64}):([01])(?:\t([^\t\n]{1,100}))?")


@dataclass(frozen=True)
class Typing:
    """Somebody writes in a conversation, or has stopped."""

    conversation_id: str
    who: str  # customer, agent:<name>
    on: bool
    name: str = ""  # what people call them; empty: unknown


def typing_note(conversation_id: str, who: str, on: bool, name: str = "") -> str:
    """The wake-up that says so; a long display name is cut. Raises ValueError when it is too long for one."""
    shown = " ".join(name.split()).encode()[:MAX_NAME].decode(errors="ignore").rstrip()
    note = f"typing:{conversation_id}:{who}:{int(on)}" + (f"\t{shown}" if shown else "")
    if read_typing(note) != Typing(conversation_id, who, on, shown) or len(note.encode()) > MAX_NOTE:
        raise ValueError("no conversation's id, or a name of more than 64 characters")
    return note


def read_typing(note: str) -> Typing | None:
    """What the wake-up says of typing; None when it says something else."""
    match = _TYPING.fullmatch(note)
    return Typing(match[1], match[2], match[3] == "1", match[4] or "") if match else None


def is_conversation(note: str) -> bool:
    """Whether the wake-up may be a conversation's id."""
    return _ID.fullmatch(note) is not None
