"""The record: every message in and out is a row, written before anything is acknowledged."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from conversations import handoff_rows, ownership, rows, surveys
from conversations.episodes import begin
from conversations.memory import choose_language
from conversations.model import OUTBOUND_ORDER, Conversation, Hints, Inbound, Message, Receipt, Status
from conversations.ownership_errors import Closed, PersonOwns
from conversations.promise_model import Promise, in_hours
from core.database import reading
from core.errors import NotFound
from core.schema import conversations, messages

SURVEY_COMMENT = "survey_comment"  # in a message's payload: it answers what a survey asked


class LanguageReader(Protocol):
    """Decides the language of a message; languages.identify behind it."""

    def read(self, text: str, conversation: Conversation) -> "LanguageReading":
        """The decision for `text` in `conversation`."""


class LanguageReading(Protocol):
    """A language decision as the record stores it."""

    @property
    def language(self) -> str:
        """Content code of the language to answer in."""

    @property
    def state(self) -> Mapping[str, Any]:
        """What to store with the conversation."""

    @property
    def decision(self) -> Mapping[str, Any]:
        """What to store with the message."""


class Record:
    """Reads and writes conversations and their messages."""

    def __init__(
        self,
        engine: Engine,
        languages: LanguageReader,
        clock: Callable[[], float] = time.time,
        promise: Promise = in_hours,
    ) -> None:
        self._engine = engine
        self._languages = languages
        self._clock = clock
        self._promise = promise  # by when a person answers who has the conversation

    def open_conversation(
        self, channel: str, sender: str, market: str, hints: Hints = Hints(), account: str = ""
    ) -> Conversation:
        """The person's open conversation; made when there is none."""
        with self._engine.begin() as connection:
            return self._open(connection, Inbound(channel, sender, market, "", "", hints=hints, account=account))

    def ended_conversation(self, channel: str, sender: str, account: str = "") -> Conversation | None:
        """The person's last conversation while it may still ask how it was; None: there is none, or another is open."""
        with reading(self._engine) as connection:
            return surveys.still_asking(connection, channel, account, sender, self._clock())

    def receive(self, inbound: Inbound) -> Receipt:
        """The stored message. The same provider id again changes nothing and returns the first row."""
        with reading(self._engine) as connection:
            known = self._known(connection, inbound)
            rating = None if known else surveys.rating_in(connection, inbound, self._clock())
        if known:
            return known
        if rating:
            return self._rate(inbound, rating)
        before = self._conversation_of(inbound)
        # Reading takes milliseconds, so it is done before the write lock is held, which all processes share.
        decision = self._languages.read(inbound.text, before)
        with self._engine.begin() as connection:
            known = self._known(connection, inbound)
            if known:
                return known
            conversation = self._open(connection, inbound)
            if _evidence(conversation) != _evidence(before):  # another message of this person came in between
                decision = self._languages.read(inbound.text, conversation)
            return self._store(connection, conversation, inbound, decision)

    def note(self, conversation_id: str, payload: Mapping[str, Any]) -> None:
        """Write an event of the system into the conversation, for people to see; the bot does not read it."""
        now = self._clock()
        with self._engine.begin() as connection:
            conversation = rows.conversation(connection, conversation_id)
            seq = conversation.last_seq + 1
            values = {"seq": seq, "direction": "in", "author": "system", "kind": "event", "text": ""}
            values |= {"payload": dict(payload), "channel": conversation.channel, "status": Status.HANDLED.value}
            rows.insert_message(connection, conversation_id=conversation_id, created_at=now, **values)
            rows.update(connection, conversation_id, last_seq=seq, updated_at=now)

    def history(self, conversation_id: str, after_seq: int = 0, limit: int = 200) -> list[Message]:
        """Messages with a seq above `after_seq`, oldest first; empty when there are none."""
        with reading(self._engine) as connection:
            return rows.history(connection, conversation_id, after_seq, limit)

    def message(self, message_id: str) -> Message:
        """The message. Raises NotFound."""
        with reading(self._engine) as connection:
            return rows.message(connection, message_id)

    def conversation(self, conversation_id: str) -> Conversation:
        """The conversation. Raises NotFound."""
        with reading(self._engine) as connection:
            return rows.conversation(connection, conversation_id)

    def offered_button(self, conversation_id: str, message_id: str, index: int) -> Mapping[str, Any]:
        """The button {title, payload} that we offered. Raises NotFound when we never did: a forged one goes nowhere."""
        with reading(self._engine) as connection:
            message = rows.message(connection, message_id)
        buttons: list[Mapping[str, Any]] = message.payload.get("buttons", [])
        if message.conversation_id != conversation_id or message.direction != "out" or not 0 <= index < len(buttons):
            raise NotFound(f"conversation {conversation_id} was not offered button {index} of message {message_id}")
        return buttons[index]

    def close(self, conversation_id: str) -> bool:
        """Whether the customer has ended the conversation, so that the next message opens a new one.

        False: it was closed, or a person has it. Whoever has promised an answer is not sent away by a click.
        """
        action = ownership.Action(ownership.Event.START_OVER, "customer")
        try:
            ownership.act(self._engine, conversation_id, action, self._clock())
        except (PersonOwns, Closed):
            return False
        return True

    def choose_language(self, conversation_id: str, language: str) -> None:
        """Remember the language that the customer picked in a menu."""
        with self._engine.begin() as connection:
            choose_language(connection, conversation_id, language)

    def advance(self, message_id: str, status: Status, error: str = "") -> bool:
        """True when an outbound message moved forward to `status`; it never moves back."""
        earlier = [item.value for item in OUTBOUND_ORDER[: OUTBOUND_ORDER.index(status)]]
        statement = sa.update(messages).where(messages.c.id == message_id, messages.c.status.in_(earlier))
        with self._engine.begin() as connection:
            return connection.execute(statement.values(status=status.value, error=error)).rowcount == 1

    def advance_to(self, conversation_id: str, up_to_seq: int, status: Status) -> int:
        """Number of outbound messages up to `up_to_seq` that moved forward to `status`."""
        earlier = [item.value for item in OUTBOUND_ORDER[: OUTBOUND_ORDER.index(status)]]
        statement = sa.update(messages).where(
            messages.c.conversation_id == conversation_id,
            messages.c.direction == "out",
            messages.c.seq <= up_to_seq,
            messages.c.status.in_(earlier),
        )
        with self._engine.begin() as connection:
            return connection.execute(statement.values(status=status.value)).rowcount

    @staticmethod
    def _known(connection: Connection, inbound: Inbound) -> Receipt | None:
        message = rows.by_provider_id(connection, inbound.channel, inbound.provider_id)
        if message is None:
            return None
        return Receipt(message, rows.conversation(connection, message.conversation_id), duplicate=True)

    def _conversation_of(self, inbound: Inbound) -> Conversation:
        with reading(self._engine) as connection:
            found = rows.open_conversation(connection, inbound.channel, inbound.account, inbound.sender)
        if found and {**found.hints.to_json(), **inbound.hints.to_json()} == found.hints.to_json():
            return found
        with self._engine.begin() as connection:
            return self._open(connection, inbound)

    def _open(self, connection: Connection, inbound: Inbound) -> Conversation:
        found = rows.open_conversation(connection, inbound.channel, inbound.account, inbound.sender, lock=True)
        hints = inbound.hints
        if found:
            merged = {**found.hints.to_json(), **hints.to_json()}
            if merged != found.hints.to_json():
                rows.update(connection, found.id, hints=merged)
            return rows.conversation(connection, found.id)
        return begin(connection, inbound, self._clock())

    def _rate(self, inbound: Inbound, rating: surveys.Rating) -> Receipt:
        """The rating, kept where it belongs: it opens nothing, and nobody has to answer it."""
        with self._engine.begin() as connection:
            known = self._known(connection, inbound)
            if known:
                return known
            message = surveys.keep_rating(connection, inbound, rating, self._clock())
            return Receipt(message, rows.conversation(connection, rating.conversation_id), duplicate=False)

    def _store(
        self, connection: Connection, conversation: Conversation, inbound: Inbound, decision: LanguageReading
    ) -> Receipt:
        now = self._clock()
        is_bots = conversation.owner == ownership.BOT and not inbound.noted
        survey = surveys.keep_comment(connection, inbound, conversation.id, now) if is_bots else ""
        message = rows.insert_inbound(
            connection,
            conversation,
            inbound,
            language=decision.language,
            payload={**({SURVEY_COMMENT: survey} if survey else {}), "language": dict(decision.decision)},
            status=Status.RECEIVED if is_bots else Status.HANDLED,
            now=now,
        )
        rows.update(
            connection,
            conversation.id,
            last_seq=message.seq,
            **(_waiting(now) if is_bots else {}),
            language=decision.language,
            language_state=dict(decision.state),
            updated_at=now,
        )
        if conversation.owner != ownership.BOT and not inbound.noted:
            handoff_rows.wait(connection, conversation.id, now, self._promise)
        return Receipt(message, rows.conversation(connection, conversation.id), duplicate=False)


def _waiting(now: float) -> dict[str, Any]:
    """One message more waits for the bot."""
    since = conversations.c.pending_since
    return {"pending": conversations.c.pending + 1, "pending_since": sa.func.coalesce(since, now)}


def _evidence(conversation: Conversation) -> tuple[object, ...]:
    """What the language of a message is decided on besides its text."""
    return conversation.id, conversation.market, conversation.language_state, conversation.hints
