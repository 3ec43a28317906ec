"""A small real bot that answers through the record, as a worker would; for tests whose subject is not the worker."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from conversations import rows
from conversations.model import Message
from core.schema import conversations, messages

LOOK_S = 0.05
GREETINGS = {
    "de": "Hallo! Ich bin Orikkas Assistent. Wie kann ich helfen?",
    "ja": "こんにちは。Orikkaのアシスタントです。ご注文番号をお知らせください。",
    "ar": "مرحبًا! أنا مساعد Orikka. طلبك ORK-4821936 في الطريق إليك.",
    "th": "สวัสดีค่ะ ฉันเป็นผู้ช่วยของ Orikka ที่นี่เราช่วยเรื่องคำสั่งซื้อและการคืนสินค้าได้ค่ะ",
}
LINKS = (
    "Order ORK-4821936 is with DHL (00340434161094042557). Track it: https://track.example/p/ORK-4821936?l=en. "
    "Or write to help@orikka.example, or call +49 30 1234567. Not links: javascript:alert(1), http://plain.example"
)
BUTTONS = [
    {"title": "Where is my order?", "payload": "order_status"},
    {"title": "Returns", "payload": 'faq{"id": "return-how"}'},
    {"title": "Talk to a person", "payload": "talk_to_person"},
]


class StandInBot:
    """Answers every message that was received; use it in a `with` statement."""

    def __init__(self, engine: Engine, wake: Callable[[str], object], clock: Callable[[], float]) -> None:
        self._engine = engine
        self._wake = wake
        self._clock = clock
        self._stop = threading.Event()
        self.paused = threading.Event()  # set: takes no messages
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._stop.wait(LOOK_S):
            if not self.paused.is_set():
                for conversation_id in self.answer_waiting():
                    self._wake(conversation_id)

    def answer_waiting(self) -> set[str]:
        """The conversations in which messages were answered."""
        answered = set()
        with self._engine.begin() as connection:
            waiting = connection.execute(
                sa.select(messages.c.id).where(messages.c.direction == "in", messages.c.status == "received")
            ).scalars()
            for message_id in waiting.all():
                message = rows.message(connection, message_id)
                self._answer(connection, message)
                answered.add(message.conversation_id)
        return answered

    def _answer(self, connection: Connection, message: Message) -> None:
        if rows.conversation(connection, message.conversation_id).owner == "bot":
            text, language, payload = reply_to(message)
            say(connection, message.conversation_id, text, language, payload, at=self._clock())
        connection.execute(sa.update(messages).where(messages.c.id == message.id).values(status="handled"))


def reply_to(message: Message) -> tuple[str, str, dict[str, Any]]:
    """Text, language and payload of the answer."""
    said = message.text.lower()
    if message.kind == "button":
        return f"You chose {message.payload['payload']}", "en", {}
    if "links" in said:
        return LINKS, "en", {"source": {"title": "Delivery and tracking"}}
    if "buttons" in said:
        return "What would you like to know?", "en", {"buttons": BUTTONS}
    if not said:
        return "There are no words in it that I can read.", "en", {}
    if message.language in GREETINGS:
        return GREETINGS[message.language], message.language, {}
    return f"You wrote: {message.text}", message.language, {}


def say(
    connection: Connection,
    conversation_id: str,
    text: str,
    language: str = "en",
    payload: dict[str, Any] | None = None,
    author: str = "bot",
    *,
    at: float,
) -> Message:
    """An outbound row as the worker or the desk writes it."""
    seq = rows.conversation(connection, conversation_id).last_seq + 1
    rows.update(connection, conversation_id, last_seq=seq)
    return rows.insert_message(
        connection,
        conversation_id=conversation_id,
        seq=seq,
        direction="out",
        author=author,
        kind="text",
        text=text,
        language=language,
        payload=payload or {},
        channel="webchat",
        gate={},
        status="queued",
        created_at=at,
    )


def take_over(engine: Engine, conversation_id: str, owner: str) -> None:
    """Give the conversation to another owner."""
    with engine.begin() as connection:
        connection.execute(sa.update(conversations).where(conversations.c.id == conversation_id).values(owner=owner))
