"""Translating messages for those who read them: beside the page, a few at a time, each once for all readers."""

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection, Engine

from conversations import rows
from conversations.model import Message
from core.schema_desk import message_translations
from desk.deps import DeskDeps
from desk.translated import digest_of
from languages.translation.translation_result import Translation
from languages.translation.translator import Translator

logger = structlog.get_logger(__name__)

WORKERS = 2
MAX_WAITING = 400  # what does not fit is asked for again when the thread is looked at next
AGAIN_S = 600.0  # a package may have been installed since it failed
MAX_REASON = 300


@dataclass(frozen=True)
class Wish:
    """A message to be translated."""

    message_id: str
    conversation_id: str
    market: str
    language: str  # to translate into
    digest: str


class Translations:
    """Takes wishes and writes `message_translations`. Its threads start with the first wish, end with the process."""

    def __init__(self, workers: int = WORKERS, most: int = MAX_WAITING) -> None:
        self._queue: queue.Queue[tuple[DeskDeps, Wish]] = queue.Queue(most)
        self._lock = threading.Lock()
        self._under_way: set[Wish] = set()
        self._workers = workers
        self._started = 0

    def ask(self, deps: DeskDeps, messages: Sequence[Message], market: str, language: str) -> frozenset[str]:
        """Ids of those of `messages` that are under way into `language` now."""
        wishes = [Wish(item.id, item.conversation_id, market, language, digest_of(item)) for item in messages]
        return frozenset(wish.message_id for wish in wishes if self._take(deps, wish))

    def wait(self) -> None:
        """Until all that was asked for is done."""
        self._queue.join()

    def _take(self, deps: DeskDeps, wish: Wish) -> bool:
        with self._lock:
            if wish in self._under_way:
                return True
            try:
                self._queue.put_nowait((deps, wish))
            except queue.Full:
                return False
            self._under_way.add(wish)
            if self._started < self._workers:
                self._started += 1
                threading.Thread(target=self._work, name="desk-translations", daemon=True).start()
            return True

    def _work(self) -> None:
        while True:
            deps, wish = self._queue.get()
            try:
                fulfil(deps.engine, deps.translator, wish, deps.clock)
                # The web process alone: whoever shows the message looks again; nothing is to be sent.
                deps.notify("web", wish.conversation_id)
            except Exception as error:  # noqa: BLE001 - database or engine: the thread must live for the next wish
                logger.error("translation_failed", message=wish.message_id, error=type(error).__name__)
            finally:
                with self._lock:
                    self._under_way.discard(wish)
                self._queue.task_done()


def stale(connection: Connection, messages: Sequence[Message], language: str, now: float) -> list[Message]:
    """Those of `messages` that nobody has translated as they are now, or that failed long enough ago to try again."""
    kept = message_translations.c
    wanted = {item.id: digest_of(item) for item in messages}
    statement = sa.select(kept.message_id, kept.digest, kept.reason, kept.created_at).where(
        kept.message_id.in_(wanted), kept.language == language
    )
    known = {
        row.message_id
        for row in connection.execute(statement)
        if row.digest == wanted[row.message_id] and (not row.reason or row.created_at > now - AGAIN_S)
    }
    return [item for item in messages if item.id not in known]


def fulfil(engine: Engine, translator: Translator, wish: Wish, clock: Callable[[], float]) -> None:
    """Translate the message, if it still says what it said, and keep what came of it."""
    with engine.connect().execution_options(read_only=True) as connection:
        message = rows.message(connection, wish.message_id)
    if digest_of(message) != wish.digest or not message.text:
        return
    made = translator.translate(message.text, message.language, wish.language, wish.market)
    with engine.begin() as connection:
        if digest_of(rows.message(connection, wish.message_id)) != wish.digest:
            return  # taken back or changed meanwhile: its words must not come to stay here
        keep(connection, wish, made, clock())


def keep(connection: Connection, wish: Wish, made: Translation, now: float) -> None:
    """Write what came of it in place of what was there. A text that the gate refuses is kept with the reason."""
    kept = message_translations.c
    this = sa.and_(kept.message_id == wish.message_id, kept.language == wish.language)
    connection.execute(sa.delete(message_translations).where(this))
    connection.execute(
        sa.insert(message_translations).values(
            message_id=wish.message_id,
            language=wish.language,
            text=made.text if made.ok else made.draft,
            engine=made.engine,
            reason="" if made.ok else (made.reason or "unknown")[:MAX_REASON],
            digest=wish.digest,
            created_at=now,
        )
    )
