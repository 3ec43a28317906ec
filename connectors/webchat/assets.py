"""The widget as one file: its parts and its style sheet put together once, when the process starts."""

import gzip
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

WIDGET = Path(__file__).parent / "static" / "widget"
CACHE = "public, max-age=3600, stale-while-revalidate=604800"


@dataclass(frozen=True)
class Bundle:
    """A file as it is sent."""

    body: bytes
    zipped: bytes
    etag: str


def build_widget(folder: Path = WIDGET) -> Bundle:
    """The widget: every .js part in the order of its name inside one function, after the style sheet as a string."""
    style = (folder / "widget.css").read_text(encoding="utf-8")
    parts = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.js")))
    head = '/* Aftersail web chat. Apache-2.0 */\n(() => {\n"use strict";\n'
    text = f"{head}const STYLE = {json.dumps(style)};\n{parts}\n}})();\n"
    body = text.encode()
    digest = hashlib.sha256(body).hexdigest()[:32]
    return Bundle(body, gzip.compress(body, mtime=0), f'"{digest}"')


def send_bundle(bundle: Bundle, request: Request) -> Response:
    """The widget, zipped where the browser can read it; 304 when it has this one."""
    # Any page may load the script; what it may then do is decided at /webchat.
    headers = {
        "etag": bundle.etag,
        "cache-control": CACHE,
        "vary": "accept-encoding",
        "cross-origin-resource-policy": "cross-origin",
        "access-control-allow-origin": "*",
    }
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if bundle.etag in known:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(bundle.zipped, media_type="text/javascript", headers={**headers, "content-encoding": "gzip"})
    return Response(bundle.body, media_type="text/javascript", headers=headers)
