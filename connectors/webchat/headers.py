"""Headers of every answer."""

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HOST = re.compile(r"[A-Za-z0-9.\-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?")
_COMMON = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
_API = {
    **_COMMON,
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
}
_ASSET = {**_COMMON, "content-security-policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'"}
_PAGE = {
    **_COMMON,
    "cache-control": "no-cache",
    "cross-origin-opener-policy": "same-origin",
    "x-frame-options": "DENY",
}
SETS = {"api": _API, "asset": _ASSET, "page": _PAGE}


def page_policy(host: str) -> str:
    """Content-Security-Policy of a page that we serve and that embeds the widget."""
    # Older Safari does not count wss: as 'self'.
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        f"connect-src 'self'{sockets}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    )


class SecurityHeaders:
    """Adds the headers of one of SETS to each answer; a header that is there already stays."""

    def __init__(self, app: ASGIApp, kind: str) -> None:
        self._app = app
        self._kind = kind

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SETS[self._kind].items():
                    headers.setdefault(name, value)
                if scope.get("scheme") == "https":
                    headers.setdefault("strict-transport-security", "max-age=31536000")
            await send(message)

        await self._app(scope, receive, send_with_headers)
