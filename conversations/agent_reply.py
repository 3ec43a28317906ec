"""A person's words to the customer: ownership is checked in the transaction that sends."""

import time
from collections.abc import Callable

from sqlalchemy.engine import Engine

from conversations import ownership, rows
from conversations.model import Conversation, Message
from conversations.outgoing import Draft, Gate, insert_outgoing
from core.database import reading
from core.errors import AftersailError


class NotYours(AftersailError):
    """The conversation belongs to the bot or to somebody else: take it over first, or leave it to them."""


class AgentDesk:
    """Sends what agents write."""

    def __init__(self, engine: Engine, gate: Gate, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._gate = gate
        self._clock = clock

    def send(self, conversation_id: str, draft: Draft) -> Message:
        """The stored message; who answers a waiting customer takes the conversation over.

        `draft.author` is agent:<name>. Raises NotFound, NotYours, and Blocked when the gate finds something and
        the draft has no override.
        """
        with reading(self._engine) as connection:
            market = rows.conversation(connection, conversation_id).market
        passed = self._gate.clear(draft, market)
        now = self._clock()
        with self._engine.begin() as connection:
            conversation = rows.conversation(connection, conversation_id)
            _check_owner(conversation, draft.author)
            if conversation.owner != draft.author:
                ownership.take(connection, conversation_id, draft.author, now)
            seq = conversation.last_seq + 1
            rows.update(connection, conversation_id, last_seq=seq, updated_at=now)
            insert_outgoing(connection, conversation, None, [passed], seq, now)
            return rows.history(connection, conversation_id, seq - 1, 1)[0]


def _check_owner(conversation: Conversation, author: str) -> None:
    if conversation.state != "open":
        raise NotYours(f"conversation {conversation.id} is closed; the customer's next message opens a new one")
    if conversation.owner not in (ownership.QUEUE, author):
        raise NotYours(f"conversation {conversation.id} belongs to {conversation.owner}, not to {author}")
