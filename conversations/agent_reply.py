"""A person's words to the customer: ownership is checked in the transaction that sends."""

import time
from collections.abc import Callable

from sqlalchemy.engine import Engine

from conversations import ownership, rows
from conversations.model import Message
from conversations.outgoing import Draft, Gate, insert_outgoing
from conversations.ownership import Action, Event
from conversations.ownership_errors import NotYours
from conversations.ownership_model import State
from core.database import reading

__all__ = ["AgentDesk", "NotYours"]


class AgentDesk:
    """Sends what agents write."""

    def __init__(self, engine: Engine, gate: Gate, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._gate = gate
        self._clock = clock

    def send(self, conversation_id: str, draft: Draft, seen: int | None = None) -> Message:
        """The stored message; who answers a waiting customer takes the conversation over.

        `draft.author` is agent:<name>. When the customer wrote something after `seen`, they go on waiting for the
        answer to it. Raises NotFound, the OwnershipError that says whose the conversation is, and Blocked when the
        gate finds something and the draft has no override.
        """
        with reading(self._engine) as connection:
            market = rows.conversation(connection, conversation_id).market
        passed = self._gate.clear(draft, market)
        now = self._clock()
        with self._engine.begin() as connection:
            if ownership.standing(connection, conversation_id).state is State.QUEUED:
                ownership.move(connection, conversation_id, Action(Event.TAKE, draft.author, "answered"), now)
            ownership.move(connection, conversation_id, Action(Event.ANSWER, draft.author, seen=seen), now)
            conversation = rows.conversation(connection, conversation_id)
            seq = conversation.last_seq + 1
            rows.update(connection, conversation_id, last_seq=seq, updated_at=now)
            insert_outgoing(connection, conversation, None, [passed], seq, now)
            return rows.history(connection, conversation_id, seq - 1, 1)[0]
