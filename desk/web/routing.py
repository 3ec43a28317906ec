"""The desk's one door: each page goes through session, right, form and cross-site checks before its handler runs."""

import hmac
import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit

from anyio import to_thread
from python_multipart.multipart import parse_options_header
from sqlalchemy.exc import OperationalError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.errors import AftersailError
from desk.deps import DeskDeps
from desk.errors import ForgedForm, InvalidForm, NotAllowed, NotFound, NotSignedIn, TooMuch
from desk.viewer import Right, Role, Viewer
from desk.web.ask import Ask
from desk.web.failures import failure
from desk.web.render import Pages
from desk.web.words import DEFAULT, Words, load_words

COOKIE = "aftersail_desk"
CSRF_HEADER, CSRF_FIELD = "x-csrf-token", "csrf"
MAX_FIELDS = 200
MAX_FORM = 200_000  # bytes of a form without files
MAX_UPLOAD = 12_000_000  # bytes of a form with files
Handler = Callable[[Ask], Response] | Callable[[Ask], Awaitable[Response]]


@dataclass(frozen=True)
class Page:
    """A page or a part of one. `right` None: anybody may open it. A synchronous handler runs in a thread."""

    path: str  # below /desk
    handler: Handler
    right: Right | None = Right.SIGNED_IN
    method: str = "GET"
    uploads: bool = False


class Door:
    """Makes routes of pages."""

    def __init__(self, deps: DeskDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages
        self._words = load_words()

    def routes(self, pages: Sequence[Page]) -> list[BaseRoute]:
        """A route for each page."""
        return [Route(page.path, self._guarded(page), methods=[page.method]) for page in pages]

    def _guarded(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        async def handle(request: Request) -> Response:
            guest = self._guest(request)
            ask = Ask(request, self._deps, self._pages, self._words_of(guest), guest)
            try:
                _check_address(request)
                viewer = await self._viewer(request)
                if viewer is not None:
                    ask = replace(ask, words=self._words_of(viewer), viewer=viewer)
                if page.right is not None:
                    _check_right(viewer, page.right)
                if page.method != "GET":
                    ask = await self._with_form(ask, page, viewer)
                return await _answer(page.handler, ask)
            except NotSignedIn:
                return _to_sign_in(request)
            except (AftersailError, OperationalError) as error:
                return failure(ask, error)

        return handle

    async def _viewer(self, request: Request) -> Viewer | None:
        token = request.cookies.get(COOKIE, "")
        if not token or len(token) > 200:
            return None
        return await to_thread.run_sync(self._deps.doorkeeper.viewer, token)

    def _guest(self, request: Request) -> Viewer:
        wanted = request.headers.get("accept-language", "")[:200].split(",")
        codes = (part.split(";")[0].strip().split("-")[0] for part in wanted)
        language = next((code for code in codes if code in self._words), DEFAULT)
        return Viewer("", "", "", Role.AGENT, (), (language,), language, "UTC", "", "")

    def _words_of(self, viewer: Viewer) -> Words:
        return self._words.get(viewer.interface) or self._words[DEFAULT]

    async def _with_form(self, ask: Ask, page: Page, viewer: Viewer | None) -> Ask:
        _check_origin(ask.request)
        form, files = await _read_form(ask.request, page.uploads)
        if viewer is not None and page.right is not None:
            given = ask.request.headers.get(CSRF_HEADER) or form.get(CSRF_FIELD, "")
            if not hmac.compare_digest(given.encode(), viewer.csrf.encode()):
                raise ForgedForm
        return Ask(ask.request, ask.deps, ask.pages, ask.words, ask.viewer, form, files)


async def _answer(handler: Handler, ask: Ask) -> Response:
    if inspect.iscoroutinefunction(handler):
        made = await handler(ask)
    else:
        made = await to_thread.run_sync(handler, ask)
    assert isinstance(made, Response)  # for mypy: a handler is one of two kinds
    return made


def _check_right(viewer: Viewer | None, right: Right) -> None:
    if viewer is None:
        raise NotSignedIn
    if not viewer.may(right):
        raise NotAllowed(f"{viewer.role} has no right to {right}")


def _check_address(request: Request) -> None:
    """Raises NotFound for an address with a NUL in it: none of ours has one, and PostgreSQL takes none."""
    values = (*request.path_params.values(), *request.query_params.values())
    if any("\0" in str(value) for value in values):
        raise NotFound("there is no such page")


def _check_charset(request: Request) -> None:
    """Raises InvalidForm: Starlette decodes by whatever codec the sender names, and some take minutes or fail."""
    _, options = parse_options_header(request.headers.get("content-type", ""))
    if options.get(b"charset", b"utf-8").lower() not in (b"utf-8", b"utf8"):
        raise InvalidForm("form", "a form is written in UTF-8")


def _check_origin(request: Request) -> None:
    """A form of another site is refused, whatever cookies the browser sends along."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    host = request.headers.get("host", "")
    if site not in ("same-origin", "none") or (origin is not None and urlsplit(origin).netloc != host):
        raise ForgedForm


async def _read_form(request: Request, uploads: bool) -> tuple[Mapping[str, str], Mapping[str, tuple[str, bytes]]]:
    _check_charset(request)
    most = MAX_UPLOAD if uploads else MAX_FORM
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise TooMuch(f"a form of more than {most:,} bytes")
    request._body = bytes(body)  # Starlette reads a form from here; its own limits do not bound the whole
    try:
        async with request.form(max_files=5 if uploads else 0, max_fields=MAX_FIELDS, max_part_size=most) as form:
            return _fields(form), await _files(form)
    except (MultiPartException, HTTPException) as error:  # Starlette turns the one into the other where an app is
        raise InvalidForm("form", str(error)) from error


def _fields(form: FormData) -> Mapping[str, str]:
    return {name: value.replace("\0", "") for name, value in form.multi_items() if isinstance(value, str)}


async def _files(form: FormData) -> Mapping[str, tuple[str, bytes]]:
    found = {name: value for name, value in form.multi_items() if isinstance(value, UploadFile)}
    return {name: (value.filename or "", await value.read()) for name, value in found.items()}


def _to_sign_in(request: Request) -> Response:
    if request.headers.get("hx-request") == "true" or request.method != "GET":
        return Response(status_code=401, headers={"hx-redirect": "/desk/sign-in"})
    wanted = quote(request.url.path + (f"?{request.url.query}" if request.url.query else ""), safe="")
    return Response(status_code=303, headers={"location": f"/desk/sign-in?next={wanted}"})
