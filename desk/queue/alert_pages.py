"""Handlers of the alerts."""

from collections.abc import Sequence

from starlette.responses import Response

from core.database import reading
from desk.queue.alerts import count_unseen, list_alerts, see
from desk.viewer import Right
from desk.web.ask import Ask
from desk.web.routing import Page

MAX_ID = 32


def alert_pages() -> Sequence[Page]:
    """Every page."""
    return [
        Page("/alerts", show, Right.READ),
        Page("/alerts/count", count, Right.READ),
        Page("/alerts/seen", mark_seen, Right.READ, "POST"),
    ]


def show(ask: Ask) -> Response:
    """The viewer's alerts: as a page, or as its list alone."""
    with reading(ask.deps.engine) as connection:
        found = list_alerts(connection, ask.viewer)
        unseen = count_unseen(connection, ask.viewer)
    template = "queue/alert_list.html" if ask.is_partial else "queue/alerts.html"
    return ask.page(template, alerts=found, unseen=unseen)


def count(ask: Ask) -> Response:
    """{"unseen": how many}."""
    with reading(ask.deps.engine) as connection:
        return ask.json({"unseen": count_unseen(connection, ask.viewer)})


def mark_seen(ask: Ask) -> Response:
    """The list, after the alert of `id`, or all without one, are seen."""
    alert_id = ask.field("id", MAX_ID, empty=True)
    with ask.deps.engine.begin() as connection:
        see(connection, ask.viewer, ask.now, alert_id)
    if ask.is_partial:
        return show(ask)
    return ask.go("/desk/alerts")
