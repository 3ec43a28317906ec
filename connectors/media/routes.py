"""GET /media/{token}: a file, to whoever has its signed address."""

import asyncio
import os
import re
import unicodedata
from pathlib import Path, PurePosixPath

import structlog
from sqlalchemy.exc import DBAPIError
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from connectors.media.limits import MediaLimits
from connectors.media.links import MediaLinks
from connectors.media.store import MediaStore
from conversations.media import MediaFile, MediaRecord
from conversations.uploads import STAGED
from core.errors import NotFound

logger = structlog.get_logger(__name__)

MAX_NAME = 100  # characters before the ending
RETRY_AFTER_S = "5"
_SHOWN = ("kept", STAGED)  # an agent looks at a file before sending it
_COMMON = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
}
_CACHED = "private, max-age=600"  # short: what is taken back must go
_NOT_IN_NAMES = re.compile(r"[\\/:*?\"<>|%;]")
_WITHOUT = ("C", "Z")  # Unicode categories: control, format (writing direction), private use; line separators


class MediaRoutes:
    """Serves the files of the store."""

    def __init__(self, record: MediaRecord, store: MediaStore, limits: MediaLimits, links: MediaLinks) -> None:
        self._record = record
        self._store = store
        self._limits = limits
        self._links = links

    def routes(self) -> list[BaseRoute]:
        """GET and HEAD /media/{token}."""
        return [Route("/media/{token}", self._show, methods=["GET"])]

    async def _show(self, request: Request) -> Response:
        media_id = self._links.read(request.path_params["token"])
        if media_id is None:
            return _plain("no such file\n", 404)
        try:
            file = await asyncio.to_thread(self._record.get, media_id)
        except NotFound:
            return _plain("no such file\n", 404)
        except DBAPIError as error:
            logger.error("media_not_shown", error=type(error.orig).__name__)
            return _plain("try again\n", 503, RETRY_AFTER_S)
        if file.state == "waiting":
            return _plain("not here yet\n", 404, RETRY_AFTER_S)
        if file.state not in _SHOWN:
            return _plain("gone\n", 410)
        return await asyncio.to_thread(self._file, file)

    def _file(self, file: MediaFile) -> Response:
        kind = self._limits.kinds.get(file.mime)
        path = self._store.path(file.sha256)
        try:
            stat = path.stat()
        except FileNotFoundError:
            logger.error("media_missing", file=file.id, remedy="restore the media folder from a backup")
            return _plain("gone\n", 410)
        return _response(
            path,
            stat,
            mime=file.mime if kind else "application/octet-stream",  # its kind is not kept any more
            name=safe_name(str(file.ref.get("name", "")), kind.ending if kind else "bin"),
            shown=kind is not None and kind.shown,
            etag=file.sha256,
        )


def safe_name(name: str, ending: str) -> str:
    """`name` as a file name that no system misreads, with our ending for the sender's; "file" when nothing is left."""
    plain = " ".join(unicodedata.normalize("NFC", name[:1_000]).split())
    kept = "".join(char for char in plain if char == " " or unicodedata.category(char)[0] not in _WITHOUT)
    last = PurePosixPath(kept.replace("\\", "/")).name
    stem = _NOT_IN_NAMES.sub("", PurePosixPath(last).stem)[:MAX_NAME].strip(". ")
    return f"{stem or 'file'}.{ending}"


def _response(path: Path, stat: os.stat_result, *, mime: str, name: str, shown: bool, etag: str) -> Response:
    # The type stands in the headers as it is: Starlette would add a charset that nobody read from the bytes.
    headers = {**_COMMON, "content-type": mime, "etag": f'"{etag}"', "cache-control": _CACHED}
    place = "inline" if shown else "attachment"
    return FileResponse(
        path, headers=headers, media_type=mime, stat_result=stat, filename=name, content_disposition_type=place
    )


def _plain(text: str, status: int, retry_after: str = "") -> Response:
    headers = {**_COMMON, "cache-control": "no-store"}
    return PlainTextResponse(text, status, {**headers, "retry-after": retry_after} if retry_after else headers)
