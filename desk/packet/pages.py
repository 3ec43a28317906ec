"""The packet: as a panel beside the conversation, and for programs."""

import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import date

import structlog
from babel import Locale
from babel.dates import format_date
from starlette.responses import JSONResponse, Response

from core.database import reading
from core.errors import NotFound
from desk.deps import DeskDeps
from desk.errors import NotAllowed, TooOften
from desk.packet.as_json import to_json
from desk.packet.assemble import packet_of
from desk.packet.sources import of_desk
from desk.people.cookies import address_of
from desk.people.guard import Guard
from desk.viewer import EVERY_MARKET, Right, Role, Viewer
from desk.visible import visible_conversation
from desk.web.ask import Ask
from desk.web.routing import Page

logger = structlog.get_logger(__name__)

BEARER = "Bearer "
PROGRAM = "api"  # who a program is
DEFAULT_READER = "en"


def packet_pages() -> Sequence[Page]:
    """Every page."""
    return [
        Page("/c/{id}/packet", panel, Right.READ),
        Page("/api/conversations/{id}/packet", for_programs, None),  # a session or the token, both checked there
    ]


def panel(ask: Ask) -> Response:
    """The packet in the viewer's language."""
    with reading(ask.deps.engine) as connection:
        conversation = ask.conversation(connection)
        languages = ask.viewer.languages
        packet = packet_of(of_desk(ask.deps, languages), connection, conversation, languages[0])
    return ask.page("packet/panel.html", packet=packet, day=_day_in(ask.words.language))


def _day_in(language: str) -> Callable[[date], str]:
    """Writes days of the shop's and the carrier's, which have no time zone."""
    locale = Locale.parse(language.replace("-", "_"))

    def day(value: date) -> str:
        return str(format_date(value, "medium", locale=locale))

    return day


def for_programs(ask: Ask) -> Response:
    """The packet as JSON for a signed-in viewer or the holder of the API token."""
    try:
        viewer = _program(ask) or ask.viewer
    except TooOften as error:
        logger.warning("api_token_throttled", path=ask.request.url.path)
        wait = {"retry-after": str(error.values["seconds"])}
        return _refused("too many wrong tokens from this address; wait, then use the right one", 429, wait)
    if not viewer.name:
        needs = "needs a session, or `Authorization: Bearer` with AFTERSAIL_API_TOKEN"
        return _refused(needs, 401, {"www-authenticate": "Bearer"})
    try:
        with reading(ask.deps.engine) as connection:
            conversation = visible_conversation(connection, viewer, ask.path["id"])
            packet = packet_of(of_desk(ask.deps, viewer.languages), connection, conversation, viewer.languages[0])
    except NotFound:
        return _refused("there is no such conversation", 404)
    except NotAllowed:
        return _refused("reading conversations needs another role", 403)
    return JSONResponse(to_json(packet))


def _program(ask: Ask) -> Viewer | None:
    """A program with the right token, which may read every market; nobody with a wrong one; None when it shows none.

    Raises TooOften: this address has shown too many wrong ones, so that not even the right one is looked at.
    """
    shown = ask.request.headers.get("authorization", "")
    if not shown.startswith(BEARER):
        return None
    token = ask.deps.settings.api_token.get_secret_value()
    guard, address = Guard(ask.deps.engine, ask.deps.clock), address_of(ask.request, ask.deps.settings)
    guard.check_token(address)
    if not token or not hmac.compare_digest(shown.removeprefix(BEARER).encode(), token.encode()):
        guard.count_token(address)
        logger.warning("api_token_refused", path=ask.request.url.path)
        return Viewer("", "", "", Role.AGENT, (), (DEFAULT_READER,), DEFAULT_READER, "UTC", "", "")
    language = _reader(ask.deps, ask.query.get("language", ""))
    return Viewer("", PROGRAM, PROGRAM, Role.AGENT, (EVERY_MARKET,), (language,), DEFAULT_READER, "UTC", "", "")


def _reader(deps: DeskDeps, wanted: str) -> str:
    known = {language for market in deps.release().markets.values() for language in market.languages}
    return wanted if wanted in known else DEFAULT_READER


def _refused(text: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"error": text}, status, headers)
