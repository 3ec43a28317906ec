"""What everybody did, for those with the right AUDIT."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.responses import Response

from core.database import reading
from desk.audit import audit
from desk.errors import InvalidForm
from desk.people import choices
from desk.people.audit_query import MOST_IN_CSV, PAGE, Filters, actions, as_csv, find
from desk.people.audit_words import read_words
from desk.viewer import Right
from desk.web.ask import Ask
from desk.web.routing import Page

MOST = 64  # characters of a filter
FIELDS = ("who", "action", "market", "target", "from", "to")


def audit_pages() -> list[Page]:
    """Addresses and handlers."""
    return [Page("/audit", show, Right.AUDIT), Page("/audit.csv", download, Right.AUDIT)]


def show(ask: Ask) -> Response:
    """A page of rows."""
    filters = read_filters(ask)
    with reading(ask.deps.engine) as connection:
        rows = find(connection, ask.viewer, filters, PAGE + 1)
        known = actions(connection, ask.viewer)
        words = read_words(connection, ask.words, rows[:PAGE])
    values = {name: ask.query.get(name, "")[:MOST] for name in FIELDS}
    given = {name: value for name, value in values.items() if value}
    older = f"/desk/audit?{urlencode({**given, 'before': rows[PAGE - 1].id})}" if len(rows) > PAGE else ""
    return ask.page(
        "people/audit.html",
        rows=[words.shown(row) for row in rows[:PAGE]],
        values=values,
        actions=[(action, _action_name(ask, action)) for action in known],
        markets=choices.market_names(_markets(ask), ask.words.language),
        older=older,
        first=f"/desk/audit?{urlencode(given)}" if filters.before else "",
        csv=f"/desk/audit.csv?{urlencode(given)}",
    )


def download(ask: Ask) -> Response:
    """The rows as CSV; that somebody took them is written down too."""
    filters = replace(read_filters(ask), before=None)
    with ask.deps.engine.begin() as connection:
        rows = find(connection, ask.viewer, filters, MOST_IN_CSV)
        audit(connection, ask.viewer.owner, "audit_downloaded", details={"rows": len(rows)}, now=ask.now)
    headers = {"content-disposition": 'attachment; filename="audit.csv"'}
    return Response("\ufeff" + as_csv(rows), media_type="text/csv; charset=utf-8", headers=headers)


def read_filters(ask: Ask) -> Filters:
    """What the address asks for. Raises InvalidForm."""
    texts = {name: ask.query.get(name, "").strip()[:MOST] for name in ("who", "action", "market", "target")}
    before = ask.query.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 10):
        raise InvalidForm("before")
    until = _day(ask, "to")
    return Filters(
        **texts,
        since=_moment(ask, _day(ask, "from")),
        until=_moment(ask, until + timedelta(days=1) if until else None),
        before=int(before) if before else None,
    )


def _action_name(ask: Ask, action: str) -> str:
    key = f"people.action.{action}"
    return ask.words(key) if ask.words.has(key) else action


def _day(ask: Ask, name: str) -> date | None:
    text = ask.query.get(name, "")
    try:
        day = date.fromisoformat(text[:MOST]) if text else None
    except ValueError as error:
        raise InvalidForm(name) from error
    if day and not 1970 < day.year < 3000:
        raise InvalidForm(name)
    return day


def _moment(ask: Ask, day: date | None) -> float | None:
    """Midnight of the viewer's time zone."""
    return datetime.combine(day, time(), ZoneInfo(ask.viewer.time_zone)).timestamp() if day else None


def _markets(ask: Ask) -> list[str]:
    return [code for code in sorted(ask.deps.release().markets) if ask.viewer.sees(code)]
