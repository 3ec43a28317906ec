"""What a person takes back or writes anew: their words are theirs."""

import time
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from conversations import rows
from conversations.model import Message, Status
from core.schema import conversations, messages
from core.schema_channels import media

RETRACTED = "retracted"


class Corrections:
    """Applies retractions and edits to stored messages."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock

    def erase(self, channel: str, provider_id: str) -> Message | None:
        """The message without its words and files; None when it never came. The bot will not answer it any more."""
        with self._engine.begin() as connection:
            found = rows.by_provider_id(connection, channel, provider_id)
            if found is None or found.direction != "in":
                return None
            payload = {"content": found.payload.get("content", "text"), RETRACTED: self._clock()}
            self._change(connection, found.id, text="", payload=payload)
            connection.execute(sa.update(media).where(media.c.message_id == found.id).values(state="erased", ref={}))
            self._drop_from_queue(connection, found)
            return rows.message(connection, found.id)

    def edit(self, channel: str, provider_id: str, text: str) -> bool:
        """Whether the words could be changed before anybody answered; False: it is answered, or never came."""
        with self._engine.begin() as connection:
            found = rows.by_provider_id(connection, channel, provider_id)
            if found is None or found.direction != "in" or found.status != Status.RECEIVED:
                return False
            before = [*found.payload.get("edits", []), found.text]
            self._change(connection, found.id, text=text, payload={**found.payload, "edits": before[-5:]})
            return True

    def _drop_from_queue(self, connection: Connection, message: Message) -> None:
        waiting = sa.update(messages).where(messages.c.id == message.id, messages.c.status == Status.RECEIVED.value)
        if connection.execute(waiting.values(status=Status.HANDLED.value, handled_at=self._clock())).rowcount == 0:
            return
        left = conversations.c.pending - 1
        rows.update(
            connection,
            message.conversation_id,
            pending=left,
            pending_since=sa.case((left > 0, conversations.c.pending_since), else_=None),
        )

    def _change(self, connection: Connection, message_id: str, **values: Any) -> None:
        connection.execute(sa.update(messages).where(messages.c.id == message_id).values(**values))
