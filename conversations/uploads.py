"""Files of agents, from choosing to sending: each waits for its message, and is forgotten when none comes."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from conversations.media import COLUMNS, MediaFile
from conversations.model import Conversation, Message
from core.errors import AftersailError
from core.schema_channels import media

STAGING, STAGED, KEPT, ERASED = "staging", "staged", "kept", "erased"
MOST_FILES = 4  # of one message: with its words they are one call of LINE's, so that files cost no second push
MOST_BYTES = 10_000_000  # of a file as it is chosen; less than every channel takes
MOST_WAITING = 24  # of one agent, in all conversations
FORGET_AFTER_S = 24 * 3600.0  # an unsent draft of yesterday is chosen again
FILES = "files"  # in a message's payload: what goes with it, see `sent_as`
STEP_S = 0.001  # between the times of one message's files, so that they keep their order


class UploadGone(AftersailError):
    """A file is not there to be sent: removed, sent already, or left for a day. Choose it again."""


class TooManyUploads(AftersailError):
    """The agent has more files waiting than fit: send or remove some first."""


@dataclass(frozen=True)
class Upload:
    """A file as an agent gives it."""

    name: str  # safe; agents alone see it
    mime: str  # of its bytes
    size: int
    sha256: str
    width: int = 0  # of a picture, in pixels
    height: int = 0

    @property
    def ref(self) -> Mapping[str, Any]:
        """What is stored of it besides the columns."""
        return {"name": self.name, "width": self.width, "height": self.height}


class Uploads:
    """Reads and writes the rows of agents' files."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock

    def begin(self, conversation: Conversation, author: str, upload: Upload) -> tuple[str, bool]:
        """(id, whether its bytes are here already): the same bytes again are the same file.

        To be called before the bytes enter the store, so that nobody erases them. Raises TooManyUploads.
        """
        wait = sa.and_(media.c.author == author, media.c.state.in_((STAGING, STAGED)))
        columns = (media.c.id, media.c.sha256, media.c.conversation_id, media.c.state)
        with self._engine.begin() as connection:
            known = connection.execute(sa.select(*columns).where(wait)).all()
            for row in known:
                if (row.sha256, row.conversation_id) == (upload.sha256, conversation.id):
                    return str(row.id), row.state == STAGED
            if len(known) >= MOST_WAITING:
                raise TooManyUploads(f"{len(known)} files wait")
            new: dict[str, Any] = {"id": uuid4().hex, "conversation_id": conversation.id, "author": author}
            new |= {"channel": conversation.channel, "account": conversation.account, "state": STAGING}
            new |= {"mime": upload.mime, "size": upload.size, "sha256": upload.sha256, "ref": dict(upload.ref)}
            connection.execute(sa.insert(media).values(**new, created_at=self._clock()))
            return str(new["id"]), False

    def forget_old(self) -> int:
        """Number of files given up because nobody sent them."""
        old = sa.and_(media.c.state.in_((STAGING, STAGED)), media.c.created_at < self._clock() - FORGET_AFTER_S)
        with self._engine.begin() as connection:
            return connection.execute(sa.update(media).where(old).values(state=ERASED, ref={})).rowcount


def complete(connection: Connection, media_id: str) -> bool:
    """Whether it is news that the file's bytes are in the store."""
    begun = sa.and_(media.c.id == media_id, media.c.state == STAGING)
    return connection.execute(sa.update(media).where(begun).values(state=STAGED)).rowcount == 1


def waiting(connection: Connection, conversation_id: str, author: str) -> Sequence[MediaFile]:
    """The author's files that wait in the conversation, oldest first."""
    statement = sa.select(*COLUMNS).where(_mine(conversation_id, author), media.c.state == STAGED)
    found = connection.execute(statement.order_by(media.c.created_at, media.c.id))
    return [MediaFile(**row._mapping) for row in found]


def chosen(connection: Connection, conversation_id: str, author: str, ids: Sequence[str]) -> Sequence[MediaFile]:
    """The files with these ids, in their order. Raises UploadGone when one is not there to be sent."""
    known = {file.id: file for file in waiting(connection, conversation_id, author)}
    gone = [media_id for media_id in ids if media_id not in known]
    if gone:
        raise UploadGone(gone[0])
    return [known[media_id] for media_id in ids]


def remove(connection: Connection, conversation_id: str, author: str, media_id: str) -> bool:
    """Whether the file waited until now; its bytes are erased soon."""
    mine = sa.and_(media.c.id == media_id, _mine(conversation_id, author), media.c.state.in_((STAGING, STAGED)))
    return connection.execute(sa.update(media).where(mine).values(state=ERASED, ref={})).rowcount == 1


def bind(connection: Connection, message: Message, now: float) -> None:
    """The files of the message's payload are its own from now on. Raises UploadGone: then nothing may be sent."""
    for place, item in enumerate(message.payload.get(FILES, ())):
        mine = sa.and_(_mine(message.conversation_id, message.author), media.c.id == item["id"])
        values = {"state": KEPT, "message_id": message.id, "created_at": now + place * STEP_S, "ref": _kept(item)}
        done = connection.execute(sa.update(media).where(mine, media.c.state == STAGED).values(**values))
        if done.rowcount != 1:
            raise UploadGone(str(item["id"]))


def sent_as(file: MediaFile, name: str) -> dict[str, Any]:
    """What a message's payload says of a file; `name`: what the customer reads."""
    kind = "image" if file.mime.startswith("image/") else "document"
    known = {"id": file.id, "kind": kind, "mime": file.mime, "size": file.size, "name": name}
    return {
        **known,
        **{key: file.ref[key] for key in ("width", "height") if file.ref.get(key)},
        "own": file.ref.get("name", ""),
    }


def _kept(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": item["name"], "own": item.get("own", "")}


def _mine(conversation_id: str, author: str) -> sa.ColumnElement[bool]:
    return sa.and_(media.c.conversation_id == conversation_id, media.c.author == author)
