"""Bytes of files that are sent, for channels that upload them."""

from collections.abc import Callable
from dataclasses import dataclass

from connectors.delivery.errors import Refused
from connectors.media.store import MediaStore
from conversations.media import MediaRecord
from core.errors import NotFound

_GONE = "Send it again."


@dataclass(frozen=True)
class FileBytes:
    """A file."""

    mime: str
    name: str  # what the customer reads
    data: bytes


ReadFile = Callable[[str], FileBytes]  # by the file's id; blocks; raises Refused


class StoredFiles:
    """Reads them."""

    def __init__(self, record: MediaRecord, store: MediaStore) -> None:
        self._record = record
        self._store = store

    def read(self, media_id: str) -> FileBytes:
        """The file. Raises Refused (media_gone) when it is not kept any more."""
        try:
            file = self._record.get(media_id)
            if file.state != "kept":
                raise NotFound(f"the file is {file.state}")
            with self._store.open(file.sha256) as content:
                return FileBytes(file.mime, str(file.ref.get("name", "")), content.read())
        except NotFound as error:
            raise Refused("media_gone", f"the file cannot be sent: {error}", _GONE) from error


def no_file(media_id: str) -> FileBytes:
    """For processes that send nothing. Raises Refused."""
    raise Refused("media_gone", f"nothing here reads the file {media_id}", "Send it from the courier.")
