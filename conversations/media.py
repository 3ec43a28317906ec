"""Files that people sent: where each stands. The bytes are in the media store (connectors/media/)."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from core.database import reading
from core.errors import NotFound
from core.schema import messages
from core.schema_channels import media

MAX_REASON = 300  # characters
_WANTED = ("waiting", "kept", "staging", "staged")


@dataclass(frozen=True)
class MediaFile:
    """A file of a message. `state`: waiting, kept, refused (with `reason`), erased; before it is sent, uploads.py's."""

    id: str
    message_id: str  # empty: an agent's, not sent yet
    channel: str
    account: str
    ref: Mapping[str, Any]
    state: str
    mime: str  # read from the bytes; empty until they are here
    size: int
    sha256: str
    attempts: int
    reason: str
    created_at: float


_MESSAGE = sa.func.coalesce(media.c.message_id, "").label("message_id")
COLUMNS = [_MESSAGE if name == "message_id" else media.c[name] for name in MediaFile.__dataclass_fields__]


class MediaRecord:
    """Reads and writes the rows of files."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock

    def expect(self, message_id: str, channel: str, account: str, ref: Mapping[str, Any]) -> None:
        """A file is to be fetched; the same message again changes nothing."""
        with self._engine.begin() as connection:
            known = sa.select(media.c.id).where(media.c.message_id == message_id)
            if connection.execute(known).first():
                return
            row = {"id": uuid4().hex, "message_id": message_id, "channel": channel, "account": account}
            new = {**row, "ref": dict(ref), "state": "waiting", "created_at": self._clock()}
            connection.execute(sa.insert(media).values(**new))

    def due(self, most: int) -> Sequence[MediaFile]:
        """Files to fetch now, the longest waiting first."""
        waiting = sa.and_(media.c.state == "waiting", media.c.next_at <= self._clock())
        return self._find(sa.select(*COLUMNS).where(waiting).order_by(media.c.next_at, media.c.created_at).limit(most))

    def of_message(self, message_id: str) -> Sequence[MediaFile]:
        """The message's files; empty when it has none."""
        return self._find(sa.select(*COLUMNS).where(media.c.message_id == message_id))

    def get(self, media_id: str) -> MediaFile:
        """The file. Raises NotFound."""
        found = self._find(sa.select(*COLUMNS).where(media.c.id == media_id))
        if not found:
            raise NotFound(f"there is no file {media_id}")
        return found[0]

    def conversation_of(self, message_id: str) -> str:
        """Id of the conversation that the message belongs to. Raises NotFound."""
        with reading(self._engine) as connection:
            wanted = sa.select(messages.c.conversation_id).where(messages.c.id == message_id)
            found = connection.execute(wanted).scalar()
        if found is None:
            raise NotFound(f"there is no message {message_id}")
        return str(found)

    def claim(self, media_id: str, sha256: str) -> bool:
        """Whether the bytes are still wanted; from now on nobody else's erasure deletes them.

        To be called before they enter the store: `forget` then either sees the claim or has deleted them already.
        """
        return self._settle(media_id, sha256=sha256)

    def keep(self, media_id: str, mime: str, size: int, sha256: str) -> bool:
        """Whether the file, which is in the store now, is still wanted: its message may have been taken back."""
        return self._settle(media_id, state="kept", mime=mime, size=size, sha256=sha256, reason="")

    def refuse(self, media_id: str, reason: str) -> bool:
        """Whether the file was waiting; it will not be fetched."""
        return self._settle(media_id, state="refused", reason=reason[:MAX_REASON])

    def again(self, media_id: str, at: float, reason: str, *, counted: bool = True) -> None:
        """The file will be tried again at `at`. `counted`: False when nobody could have fetched it."""
        attempts = media.c.attempts + (1 if counted else 0)
        self._settle(media_id, attempts=attempts, next_at=at, reason=reason[:MAX_REASON])

    def erased(self, most: int = 100) -> Sequence[MediaFile]:
        """Files that nobody may see any more and whose bytes may still be in the store."""
        gone = sa.and_(media.c.state.in_(("erased", "refused")), media.c.sha256 != "")
        return self._find(sa.select(*COLUMNS).where(gone).limit(most))

    def forget(self, media_id: str, delete: Callable[[str], object]) -> bool:
        """Whether `delete` was called with the bytes' SHA-256: no other message has the same ones.

        It is called while no other process can claim or keep them. What it raises leaves the row as it was.
        """
        with self._engine.begin() as connection:
            row = connection.execute(sa.select(media.c.sha256, media.c.state).where(media.c.id == media_id)).one()
            if not row.sha256 or row.state in _WANTED:
                return False
            others = sa.select(media.c.id).where(media.c.sha256 == row.sha256, media.c.state.in_(_WANTED))
            alone = connection.execute(others.limit(1)).first() is None
            if alone:
                delete(row.sha256)
            connection.execute(sa.update(media).where(media.c.id == media_id).values(sha256="", size=0))
            return alone

    def expire(self, before: float, reason: str) -> int:
        """Number of files that are erased now because they came before `before`, seconds since 1970."""
        old = sa.and_(media.c.state.in_(_WANTED), media.c.created_at < before)
        with self._engine.begin() as connection:
            values = {"state": "erased", "ref": {}, "reason": reason[:MAX_REASON]}
            return connection.execute(sa.update(media).where(old).values(**values)).rowcount

    def _find(self, statement: sa.Select[Any]) -> Sequence[MediaFile]:
        with reading(self._engine) as connection:
            return [MediaFile(**row._mapping) for row in connection.execute(statement)]

    def _settle(self, media_id: str, **values: Any) -> bool:
        waiting = sa.and_(media.c.id == media_id, media.c.state == "waiting")
        with self._engine.begin() as connection:
            return connection.execute(sa.update(media).where(waiting).values(**values)).rowcount == 1
