"""A person's words to the customer: ownership is checked in the transaction that sends."""

import time
from collections.abc import Callable
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from conversations import ownership, rows
from conversations.model import Message
from conversations.outgoing import Draft, Gate, insert_outgoing
from conversations.ownership import Action, Event
from conversations.ownership_errors import NotYours
from conversations.ownership_model import State
from conversations.uploads import bind
from core.database import reading
from core.schema import conversations, messages

__all__ = ["AgentDesk", "NotYours"]

ANSWERED = "answered"  # why somebody took it who has answered in the queue
KEY = "key"  # in the payload of what a form has sent
Also = Callable[[Connection, Message], object]


def _nothing(_connection: Connection, _message: Message) -> None:
    """No more is to be done in the transaction."""


class AgentDesk:
    """Sends what agents write."""

    def __init__(self, engine: Engine, gate: Gate, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._gate = gate
        self._clock = clock

    def sent(self, conversation_id: str, author: str, key: str) -> Message | None:
        """What a form of the author with this key has sent; None: nothing yet."""
        with reading(self._engine) as connection:
            return _sent(connection, conversation_id, author, key)

    def send(
        self, conversation_id: str, draft: Draft, seen: int | None = None, *, key: str = "", also: Also = _nothing
    ) -> Message:
        """The stored message; who answers a waiting customer takes the conversation over.

        `draft.author` is agent:<name>. When the customer wrote something after `seen`, they go on waiting for the
        answer to it. The same `key` again changes nothing and returns the first message. `also` is done in the same
        transaction. Raises NotFound, the OwnershipError that says whose the conversation is, UploadGone, and Blocked
        when the gate finds something and the draft has no override.
        """
        if key:
            draft = replace(draft, reply=replace(draft.reply, payload={**draft.reply.payload, KEY: key}))
        with reading(self._engine) as connection:
            market = rows.conversation(connection, conversation_id).market
        passed = self._gate.clear(draft, market)
        now = self._clock()
        with self._engine.begin() as connection:
            if key and (known := _sent_meanwhile(connection, conversation_id, draft.author, key)):
                return known
            if ownership.standing(connection, conversation_id).state is State.QUEUED:
                ownership.move(connection, conversation_id, Action(Event.TAKE, draft.author, ANSWERED), now)
            ownership.move(connection, conversation_id, Action(Event.ANSWER, draft.author, seen=seen), now)
            conversation = rows.conversation(connection, conversation_id)
            seq = conversation.last_seq + 1
            rows.update(connection, conversation_id, last_seq=seq, updated_at=now)
            insert_outgoing(connection, conversation, None, [passed], seq, now)
            message = rows.history(connection, conversation_id, seq - 1, 1)[0]
            bind(connection, message, now)
            also(connection, message)
            return message


def _sent_meanwhile(connection: Connection, conversation_id: str, author: str, key: str) -> Message | None:
    """What a second click has sent while this one waited for the conversation's row."""
    locked = sa.select(conversations.c.id).where(conversations.c.id == conversation_id).with_for_update()
    connection.execute(locked)
    return _sent(connection, conversation_id, author, key)


def _sent(connection: Connection, conversation_id: str, author: str, key: str) -> Message | None:
    statement = sa.select(messages.c.id).where(
        messages.c.conversation_id == conversation_id,
        messages.c.author == author,
        messages.c.payload[KEY].as_string() == key,
    )
    found = connection.execute(statement.limit(1)).scalar_one_or_none()
    return rows.message(connection, found) if found else None
