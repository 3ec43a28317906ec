"""What a machine has translated, in the words that were written: a customer asks for it with one tap."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Engine

from conversations import rows
from conversations.model import Conversation, Message, Reply
from conversations.notices import Notices
from core.database import reading
from core.errors import NotFound

SHOW_ORIGINAL = "show_original"  # payload of the tap
ASKED = "asked_by"  # in the payload of the answer: id of the tap, which brings one answer
REASON = "the customer asks for the original of a translation"
MOST = 5  # messages before it that are shown too
LOOK_AFTER = 50  # messages after a tap among which its answer is looked for


class Originals:
    """Answers such taps in the system's name: no bot is called, nobody's conversation changes hands, no clock runs."""

    def __init__(self, engine: Engine, notices: Notices) -> None:
        self._engine = engine
        self._notices = notices

    def offered(self, message_id: str, person: tuple[str, str, str]) -> bool:
        """Whether (channel, account, sender) was sent this message and it has an original."""
        try:
            with reading(self._engine) as connection:
                message = rows.message(connection, message_id)
                conversation = rows.conversation(connection, message.conversation_id)
        except NotFound:
            return False
        return bool(_original(message)) and (conversation.channel, conversation.account, conversation.sender) == person

    def show(self, conversation: Conversation, message_id: str, tap: Message) -> None:
        """Send the original of the message, and of translations right before it, into the conversation; once a tap."""
        with reading(self._engine) as connection:
            message = rows.message(connection, message_id)
            before = rows.history(connection, message.conversation_id, max(0, message.seq - 1 - MOST), MOST)
            after = rows.history(connection, conversation.id, tap.seq, LOOK_AFTER)
        if any(row.payload.get(ASKED) == tap.id for row in after):
            return
        wanted = [*_tail(before, message), message]
        text = "\n\n".join(str(_original(row)["original"]) for row in wanted)
        payload = {"response": SHOW_ORIGINAL, "original_of": [row.id for row in wanted], ASKED: tap.id}
        # A person's own words were meant for nobody but the machine: the gate notes what it finds and lets them pass.
        self._notices.send(conversation.id, Reply(text, str(_original(message)["from"]), payload), REASON)


def _tail(before: Sequence[Message], message: Message) -> Sequence[Message]:
    """The translations of the same author and language that stand right before it."""
    found: list[Message] = []
    for row in reversed([row for row in before if row.seq < message.seq]):
        same = (row.author, _original(row).get("from")) == (message.author, _original(message).get("from"))
        if not same or not _original(row):
            break
        found.insert(0, row)
    return found


def _original(message: Message) -> Mapping[str, Any]:
    translation = message.payload.get("translation") or {}
    return translation if message.direction == "out" and translation.get("original") else {}
