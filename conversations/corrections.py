"""What a person takes back or writes anew: their words are theirs."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from conversations import rows
from conversations.model import Message, Status
from core.schema import conversations, messages
from core.schema_channels import media
from core.schema_desk import message_translations

RETRACTED = "retracted"


class Corrections:
    """Applies retractions and edits to stored messages."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock

    def erase(self, channel: str, provider_id: str, account: str = "") -> Message | None:
        """The message without its words and files; None when it never came to `account`. The bot will not answer it."""
        with self._engine.begin() as connection:
            found = _of_account(connection, channel, account, provider_id)
            if found is None or found.direction != "in":
                return None
            payload = {"content": found.payload.get("content", "text"), RETRACTED: self._clock()}
            self._change(connection, found.id, text="", payload=payload)
            connection.execute(sa.update(media).where(media.c.message_id == found.id).values(state="erased", ref={}))
            self._drop_from_queue(connection, found)
            versions = self._versions(connection, found)
            _erase_translations(connection, [found, *versions])
            for version in versions:
                self._change(connection, version.id, text="", payload={**payload, "edited": provider_id})
                self._drop_from_queue(connection, version)
            return rows.message(connection, found.id)

    def edit(self, channel: str, provider_id: str, text: str, account: str = "") -> bool:
        """Whether the words are `text` now; False: answered, or being answered, or the message never came there."""
        with self._engine.begin() as connection:
            found = _of_account(connection, channel, account, provider_id)
            if found is None or found.direction != "in" or RETRACTED in found.payload:
                return found is not None  # what was taken back gets no new words
            if found.text == text:
                return True
            if found.status != Status.RECEIVED or self._is_worked_on(connection, found.conversation_id):
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

    def _is_worked_on(self, connection: Connection, conversation_id: str) -> bool:
        """Whether a worker may be answering the old words right now."""
        held = sa.select(conversations.c.lease_until).where(
            conversations.c.id == conversation_id, conversations.c.lease_holder.is_not(None)
        )
        return (connection.execute(held).scalar_one_or_none() or 0.0) > self._clock()

    @staticmethod
    def _versions(connection: Connection, message: Message) -> list[Message]:
        """The later words of a message that was edited after it was answered."""
        later = sa.select(messages.c.id).where(
            messages.c.conversation_id == message.conversation_id,
            messages.c.direction == "in",
            messages.c.payload["edited"].as_string() == message.provider_id,
        )
        return [rows.message(connection, item) for item in connection.execute(later).scalars().all()]

    def _change(self, connection: Connection, message_id: str, **values: Any) -> None:
        connection.execute(sa.update(messages).where(messages.c.id == message_id).values(**values))


def _erase_translations(connection: Connection, erased: Sequence[Message]) -> None:
    theirs = message_translations.c.message_id.in_([message.id for message in erased])
    connection.execute(sa.delete(message_translations).where(theirs))


def _of_account(connection: Connection, channel: str, account: str, provider_id: str) -> Message | None:
    """The message; None also when it came to another account: one account's secret changes nothing of another's."""
    found = rows.by_provider_id(connection, channel, provider_id)
    mine = found and rows.conversation(connection, found.conversation_id).account == account
    return found if mine else None
