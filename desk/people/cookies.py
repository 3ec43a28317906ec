"""Cookies of the desk, and where somebody goes after signing in. Pure but for the answers that it marks."""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from core.addresses import client_address, read_proxies
from core.settings import Settings
from desk.people.sessions import ABSOLUTE_S
from desk.viewer import RIGHTS, Right, Role
from desk.web.routing import COOKIE

PATH = "/desk"
DEVICE_COOKIE, DEVICE_S = "aftersail_device", 180 * 24 * 3600
MAX_NEXT = 1000
HOMES = {Right.READ: "/desk/", Right.SIGNED_IN: "/desk/profile"}


def is_secure(request: Request, settings: Settings) -> bool:
    """Whether cookies travel over https only."""
    return request.url.scheme == "https" or settings.public_url.lower().startswith("https://")


def address_of(request: Request, settings: Settings) -> str:
    """Whence the request comes, behind trusted proxies too."""
    peer = request.client.host if request.client else ""
    return client_address(peer, request.headers.get("x-forwarded-for", ""), read_proxies(settings.trusted_proxies))


def device_of(request: Request) -> str:
    """What the browser says of itself; what cannot be shown is left out."""
    return "".join(letter for letter in request.headers.get("user-agent", "")[:200] if letter.isprintable())


def set_cookie(response: Response, request: Request, settings: Settings, name: str, value: str, seconds: float) -> None:
    """A cookie that scripts cannot read and other sites' forms do not send."""
    response.set_cookie(
        name,
        value,
        max_age=int(seconds),
        path=PATH,
        secure=is_secure(request, settings),
        httponly=True,
        samesite="lax",
    )


def set_session(response: Response, request: Request, settings: Settings, token: str) -> None:
    """The session's cookie."""
    set_cookie(response, request, settings, COOKIE, token, ABSOLUTE_S)


def drop_cookie(response: Response, request: Request, settings: Settings, name: str) -> None:
    """The browser forgets it."""
    response.delete_cookie(name, path=PATH, secure=is_secure(request, settings), httponly=True, samesite="lax")


def home_of(role: Role) -> str:
    """Where somebody of this role begins."""
    return next(address for right, address in HOMES.items() if right in RIGHTS[role])


def safe_next(wanted: str) -> str:
    """`wanted` when it is a page of ours, not of signing in; empty for anything else."""
    if not wanted or len(wanted) > MAX_NEXT or not wanted.isascii() or not wanted.isprintable() or "\\" in wanted:
        return ""
    parts = urlsplit(wanted)
    steps = parts.path.split("/")
    if parts.scheme or parts.netloc or steps[:2] != ["", "desk"] or ".." in steps or "" in steps[2:-1]:
        return ""
    return "" if steps[2:3] in (["sign-in"], ["sign-out"], ["link"]) else wanted
