"""What agents may send: judged by its bytes, pictures made anew, documents as they are."""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

from connectors.delivery.errors import Refused
from connectors.media.mime import EMPTY, read_mime
from connectors.media.pictures import MIMES, remade
from connectors.media.routes import safe_name
from conversations.uploads import MOST_BYTES

# Only what every phone opens and no office runs anything of: others are saved as PDF first.
DOCUMENTS = {"application/pdf": "pdf"}
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", **DOCUMENTS}
_OTHER = "Send a picture (JPEG, PNG, GIF, WebP, AVIF) or a PDF."


@dataclass(frozen=True)
class Ready:
    """A file that may be sent."""

    data: bytes
    name: str  # safe, with the ending of what it is
    mime: str
    sha256: str
    width: int = 0
    height: int = 0


def ready(name: str, data: bytes) -> Ready:
    """The file as it is sent, whatever it is called.

    Raises Refused: media_size, media_empty, media_kind, and those of pictures.remade.
    """
    if len(data) > MOST_BYTES:
        raise Refused("media_size", f"the file has more than {MOST_BYTES:,} bytes", "Choose a smaller file.")
    mime = _mime(data)
    if mime == EMPTY:
        raise Refused("media_empty", "the file is empty", "Choose another one.")
    if mime in MIMES:
        made = remade(data)
        return _named(name, made.data, made.mime, made.width, made.height)
    if mime not in DOCUMENTS:
        raise Refused("media_kind", f"files of the type {mime} are not sent", _OTHER)
    return _named(name, data, mime)


def _named(name: str, data: bytes, mime: str, width: int = 0, height: int = 0) -> Ready:
    return Ready(data, safe_name(name, ENDINGS[mime]), mime, hashlib.sha256(data).hexdigest(), width, height)


def _mime(data: bytes) -> str:
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return read_mime(Path(file.name))
