"""Style sheets, scripts and pictures of the desk, with the digest of their content in the address."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.settings import PROJECT

STATIC = PROJECT / "desk" / "static"
KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
FOREVER = "public, max-age=31536000, immutable"


class Assets:
    """The files of desk/static, listed once: nothing else is ever sent."""

    def __init__(self, folder: Path = STATIC) -> None:
        found = sorted(path for path in folder.rglob("*") if path.suffix in KINDS)
        self._files: Mapping[str, Path] = {path.relative_to(folder).as_posix(): path for path in found}
        self._digest = _digest(found)
        self._addresses = {name: f"/desk/static/{self._digest}/{name}" for name in self._files}

    def address(self, name: str) -> str:
        """Where a page finds the file. Raises KeyError for one that is not there."""
        address = self._addresses.get(name)
        if address is None:
            raise KeyError(f"there is no file desk/static/{name}")
        return address

    def route(self) -> Route:
        """The route that sends them. All have one digest, so that scripts may import each other by relative names."""
        return Route("/static/{digest}/{name:path}", self._send)

    async def _send(self, request: Request) -> Response:
        path = self._files.get(request.path_params["name"])
        if path is None:
            return PlainTextResponse("There is no such file.", 404)
        known = request.path_params["digest"] == self._digest
        headers = {"cache-control": FOREVER if known else "no-cache", "x-content-type-options": "nosniff"}
        return FileResponse(path, media_type=KINDS[path.suffix], headers=headers)


def _digest(files: list[Path]) -> str:
    total = hashlib.sha256()
    for path in files:
        total.update(path.read_bytes())
    return total.hexdigest()[:16]
