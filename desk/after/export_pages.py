"""A conversation to hand out: JSON and PDF, as the customer saw it."""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache, partial
from zoneinfo import ZoneInfo

from starlette.responses import JSONResponse, Response

from conversations import rows
from conversations.model import Conversation, Message
from core.database import reading
from desk.after.export import MOST, as_json, lines_of
from desk.after.export_fonts import Fonts
from desk.after.export_pdf import Labels, write_pdf
from desk.after.orders_pages import customers_zone
from desk.errors import TooOften
from desk.viewer import Right
from desk.web.ask import Ask
from desk.web.render import direction
from desk.web.routing import Page
from knowledge.locale_formats import LocaleFormats
from knowledge.values import Value, Verbatim
from markets.profile import MarketProfile

ROLES: Mapping[str, str] = {"customer": "widget_you", "assistant": "widget_bot", "agent": "widget_agent"}
AT_ONCE = 1  # a long one takes a core for half a minute
WAIT_S, AGAIN_S = 3.0, 15.0
NO_YEAR = 0  # so that every date has its year
NOTHING: Mapping[str, Value] = {}


def export_routes() -> list[Page]:
    """Both files."""
    turn = threading.BoundedSemaphore(AT_ONCE)
    return [
        Page("/c/{id}/export.json", export_json, Right.READ),
        Page("/c/{id}/export.pdf", partial(export_pdf, turn), Right.READ),
    ]


def export_json(ask: Ask) -> Response:
    """For a program."""
    conversation, messages = _read(ask, "json")
    zone = customers_zone(conversation, ask.deps.release().market_of(conversation.market))
    data = as_json(conversation, lines_of(messages), zone, ask.now)
    return JSONResponse(data, headers=_headers(conversation, "json"))


def export_pdf(turn: threading.BoundedSemaphore, ask: Ask) -> Response:
    """For a person. Raises TooOften when others are being written for longer than WAIT_S."""
    if not turn.acquire(timeout=WAIT_S):
        raise TooOften(AGAIN_S)
    try:
        return _pdf(ask)
    finally:
        turn.release()


def _pdf(ask: Ask) -> Response:
    conversation, messages = _read(ask, "pdf")
    market = ask.deps.release().market_of(conversation.market)
    language = conversation.language or market.languages[0]
    zone = customers_zone(conversation, market)
    formats = LocaleFormats(market.locale_for(language), market.digits_for(language))
    lines = lines_of(messages)
    times = [formats.moment(line.at.astimezone(ZoneInfo(zone)), NO_YEAR) for line in lines]
    made_at = datetime.fromtimestamp(ask.now, UTC)
    made = formats.moment(made_at.astimezone(ZoneInfo(zone)), NO_YEAR)
    labels = _labels(ask, conversation, market, language, zone, made)
    content = write_pdf(lines, times, labels, _fonts(ask.deps.settings.font_dir), made_at)
    return Response(content, media_type="application/pdf", headers=_headers(conversation, "pdf"))


def _read(ask: Ask, kind: str) -> tuple[Conversation, list[Message]]:
    """The conversation's messages, and the audit's word of who took them out."""
    with reading(ask.deps.engine) as connection:
        conversation = ask.conversation(connection)
        messages = rows.history(connection, conversation.id, 0, MOST + 1)
    with ask.deps.engine.begin() as connection:
        details = {"format": kind, "messages": len(messages)}
        ask.audit(connection, conversation, "export", details)
    return conversation, messages


def _labels(ask: Ask, conversation: Conversation, market: MarketProfile, language: str, zone: str, made: str) -> Labels:
    words = ask.deps.release().words

    def say(name: str, values: Mapping[str, Value] = NOTHING) -> str:
        return words.say(name, values, market=market, language=language).text

    head = [
        say("export_reference", {"reference": Verbatim(conversation.id)}),
        say("export_made", {"made_at": Verbatim(made)}),
        say("export_zone", {"zone": Verbatim(zone)}),
    ]
    return Labels(
        language,
        market.locale_for(language),
        direction(language) == "rtl",
        say("export_title"),
        head,
        {role: say(name) for role, name in ROLES.items()},
        say("export_file", {"file": Verbatim("{file}")}),
        say("export_page", {"page": Verbatim("{page}"), "pages": Verbatim("{pages}")}),
    )


@lru_cache(4)
def _fonts(folder: str) -> Fonts:
    return Fonts(folder)


def _headers(conversation: Conversation, ending: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="conversation-{conversation.id[:12]}.{ending}"'}
