"""Files that an agent sends with an answer: taken in before, listed, removed, and named for the customer."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Protocol
from urllib.parse import urlsplit

from anyio import to_thread
from sqlalchemy.engine import Connection
from starlette.responses import Response

from conversations.media import MediaFile
from conversations.model import Conversation
from conversations.uploads import MOST_BYTES, MOST_FILES, TooManyUploads, complete, remove, sent_as, waiting
from core.database import reading
from core.errors import AftersailError
from desk.audit import audit
from desk.errors import InvalidForm, NotFound
from desk.viewer import Right
from desk.web.ask import Ask
from desk.writing.compose import Recipient
from knowledge.release import Release

EXTRA = "files"  # the FileKeeper's place in DeskDeps.extras
CREATED, UNPROCESSABLE = 201, 422
MOST_NAME = 300  # characters of a name as it comes
ID_LENGTH = 32
MEGABYTES = MOST_BYTES // 1_000_000
Json = dict[str, Any]


class FileRefused(AftersailError):
    """Such a file is not sent; `code` is a word of writing.files.refused."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class FileKeeper(Protocol):
    """Judges and keeps files; aftersail/files.py."""

    async def keep(self, conversation: Conversation, author: str, name: str, data: bytes) -> str:
        """Id of the file, which is in the store now. Raises FileRefused, TooManyUploads, RetryLater."""


async def upload(ask: Ask) -> Response:
    """POST /desk/c/{id}/files: 201 with the file as it will be sent; 422 with the reason why it will not."""
    if "file" not in ask.files:
        raise InvalidForm("file", "there is no file in the form")
    name, data = ask.files["file"]
    conversation = await to_thread.run_sync(_conversation, ask)
    keeper: FileKeeper = ask.deps.extras[EXTRA]
    try:
        media_id = await keeper.keep(conversation, ask.viewer.owner, name[:MOST_NAME], data)
    except FileRefused as refused:
        return _refused(ask, refused.code)
    except TooManyUploads:
        return _refused(ask, "many")
    found = await to_thread.run_sync(_taken_in, ask, conversation, media_id)
    return ask.json(found, CREATED)


def listed(ask: Ask) -> Response:
    """GET /desk/c/{id}/files: the viewer's files that wait here, so that a draft is whole again after a reload."""
    with reading(ask.deps.engine) as connection:
        conversation = ask.conversation(connection, Right.ANSWER)
        found = waiting(connection, conversation.id, ask.viewer.owner)
    return ask.json({"files": [file_json(ask, file) for file in found]})


def removed(ask: Ask) -> Response:
    """POST /desk/c/{id}/files/{file}/remove: 204, also when it is gone already."""
    with ask.deps.engine.begin() as connection:
        conversation = ask.conversation(connection, Right.ANSWER)
        if remove(connection, conversation.id, ask.viewer.owner, ask.path["file"]):
            _write_down(ask, connection, conversation, "file_removed", {"file": ask.path["file"]})
    return Response(status_code=204)


def read_files(ask: Ask) -> Sequence[str]:
    """Ids of the files that the form sends along, each once; empty: none. Raises InvalidForm."""
    given = ask.field("files", (ID_LENGTH + 1) * MOST_FILES, empty=True)
    ids = list(dict.fromkeys(filter(None, given.split(","))))
    if len(ids) > MOST_FILES or any(len(one) != ID_LENGTH or not one.isalnum() for one in ids):
        raise InvalidForm("files", f"at most {MOST_FILES} files go with a message")
    return ids


def for_customer(files: Sequence[MediaFile], to: Recipient, release: Release) -> Sequence[Json]:
    """What the message says of the files.

    An agent's file name is never sent: nobody translates it, and it may say what no customer is to read. The customer
    gets a plain one in their language, "Document.pdf", numbered when there are several.
    """
    market = release.markets[to.market]
    words = {
        kind: release.words.say(f"file_{kind}", {}, market=market, language=to.language).text
        for kind in ("image", "document")
    }
    many = Counter(_kind(file) for file in files)
    number: Counter[str] = Counter()
    made = []
    for file in files:
        kind = _kind(file)
        number[kind] += 1
        stem = f"{words[kind]} {number[kind]}" if many[kind] > 1 else words[kind]
        made.append(sent_as(file, stem + PurePosixPath(str(file.ref.get("name", ""))).suffix))
    return made


def file_json(ask: Ask, file: MediaFile) -> Json:
    """The file as the composer shows it."""
    # The path alone: it is fetched from where the page comes from.
    link = urlsplit(ask.deps.channels.media_link(file.id)).path
    return {"id": file.id, "name": file.ref.get("name", ""), "kind": _kind(file), "size": file.size, "link": link}


def _kind(file: MediaFile) -> str:
    return "image" if file.mime.startswith("image/") else "document"


def _conversation(ask: Ask) -> Conversation:
    with reading(ask.deps.engine) as connection:
        return ask.conversation(connection, Right.ANSWER)


def _taken_in(ask: Ask, conversation: Conversation, media_id: str) -> Json:
    with ask.deps.engine.begin() as connection:
        is_news = complete(connection, media_id)
        found = {file.id: file for file in waiting(connection, conversation.id, ask.viewer.owner)}.get(media_id)
        if found is None:
            raise NotFound("the file was removed")
        if is_news:
            details = {"file": media_id, "type": found.mime, "bytes": found.size}
            _write_down(ask, connection, conversation, "file_added", details)
        return file_json(ask, found)


def _write_down(
    ask: Ask, connection: Connection, conversation: Conversation, action: str, details: Mapping[str, Any]
) -> None:
    where: dict[str, Any] = {"target": conversation.id, "market": conversation.market, "now": ask.now}
    audit(connection, ask.viewer.owner, action, details=details, **where)


def _refused(ask: Ask, code: str) -> Response:
    said = ask.words(f"writing.files.refused.{code}", most=MOST_FILES, megabytes=MEGABYTES)
    return ask.json({"refused": code, "text": said}, UNPROCESSABLE)
