"""Approved words that the system itself sends, whoever owns the conversation: they say how things stand, no more."""

import time
from collections.abc import Callable

from sqlalchemy.engine import Connection, Engine

from conversations import rows
from conversations.model import Message, Reply
from conversations.outgoing import Draft, Gate, insert_outgoing
from core.database import reading

SYSTEM_AUTHOR = "system"


class Notices:
    """Sends what is neither the bot's nor a person's."""

    def __init__(self, engine: Engine, gate: Gate, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._gate = gate
        self._clock = clock

    def send(self, conversation_id: str, reply: Reply, override: str = "") -> Message:
        """The stored message. `override`: why it leaves whatever the gate finds. Raises what `send_when` raises."""
        sent = self.send_when(conversation_id, reply, lambda _: True, override)
        assert sent is not None  # for mypy: nothing was asked that could be refused
        return sent

    def send_when(
        self, conversation_id: str, reply: Reply, holds: Callable[[Connection], bool], override: str = ""
    ) -> Message | None:
        """The stored message; None when `holds`, asked in the transaction that would send, says no.

        Raises NotFound, and Blocked when the gate finds something and there is no `override`.
        """
        with reading(self._engine) as connection:
            market = rows.conversation(connection, conversation_id).market
        passed = self._gate.clear(Draft(reply, SYSTEM_AUTHOR, override=override), market)
        now = self._clock()
        with self._engine.begin() as connection:
            if not holds(connection):
                return None
            conversation = rows.conversation(connection, conversation_id)
            seq = conversation.last_seq + 1
            rows.update(connection, conversation_id, last_seq=seq, updated_at=now)
            insert_outgoing(connection, conversation, None, [passed], seq, now)
            return rows.history(connection, conversation_id, seq - 1, 1)[0]
