"""Handlers of the queue: the whole page, its pane, more lines, and the lines that have changed."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from starlette.responses import Response

from core.database import reading
from core.schema_desk import reads
from desk.agents import display_names
from desk.errors import InvalidForm
from desk.queue.alerts import see_conversation
from desk.queue.duty import Duty
from desk.queue.filters import TIERS, Filters, View
from desk.queue.rows import WindowLeft, read_choices, read_counts, read_part
from desk.queue.statements import Key, Wish
from desk.queue.stillness import Stillness, read_stillness
from desk.viewer import Right
from desk.web.ask import Ask

COOKIE = "aftersail_queue"
MAX_QUERY = 600
MAX_IDS = 200  # as many as one event of the stream names
MAX_SEQ = 1_000_000_000
MAX_RANK = 99
NO_QUEUE = "/desk/profile"  # the first page of somebody who sees no conversations


class Lists:
    """The queue's handlers."""

    def __init__(self, window_left: WindowLeft) -> None:
        self._window_left = window_left

    def whole(self, ask: Ask) -> Response:
        """The queue as a page of its own; of somebody without conversations, their own first page."""
        if not ask.viewer.may(Right.READ):
            return ask.go(NO_QUEUE)
        return self._remembered(ask, ask.page("queue/page.html", **self._values(ask)))

    def pane(self, ask: Ask) -> Response:
        """Views, filters and the first lines."""
        answer = ask.page("queue/pane.html", **self._values(ask))
        if urlsplit(ask.request.headers.get("hx-current-url", "")).path in ("/desk/", "/desk/queue"):
            answer.headers["hx-replace-url"] = f"/desk/queue?{_filters(ask).query()}"
        return self._remembered(ask, answer)

    def more(self, ask: Ask) -> Response:
        """The lines after the one of `after`."""
        with reading(ask.deps.engine) as connection:
            part = read_part(connection, self._wish(ask, after=_key(ask.query.get("after", ""))), self._window_left)
            names = _names(ask)
        return ask.page("queue/lines.html", part=part, filters=_filters(ask), names=names)

    def patch(self, ask: Ask) -> Response:
        """Those of `ids` that belong to the list, and all counts: who is not among them belongs to it no more."""
        ids = tuple(ask.query.get("ids", "")[: MAX_IDS * 33].split(","))[:MAX_IDS]
        with reading(ask.deps.engine) as connection:
            part = read_part(connection, self._wish(ask, only=ids, limit=MAX_IDS), self._window_left)
            counts = read_counts(connection, ask.viewer)
        return ask.page("queue/patch.html", part=part, filters=_filters(ask), counts=counts, names=_names(ask))

    def mark_read(self, ask: Ask) -> Response:
        """Remember up to which message the viewer has read; what called them there is seen."""
        seq = ask.number("seq", 0, MAX_SEQ)
        with ask.deps.engine.begin() as connection:
            found = ask.conversation(connection)
            mine = sa.and_(reads.c.agent == ask.viewer.name, reads.c.conversation_id == found.id)
            known = connection.execute(sa.select(reads.c.seq).where(mine)).scalar_one_or_none()
            seq = min(seq, found.last_seq)
            if known is None:
                values = {"agent": ask.viewer.name, "conversation_id": found.id, "seq": seq}
                connection.execute(sa.insert(reads).values(**values))
            elif known < seq:
                connection.execute(sa.update(reads).where(mine).values(seq=seq))
            see_conversation(connection, ask.viewer, found.id, ask.now)
        return Response(status_code=204)

    def _wish(self, ask: Ask, **more: Any) -> Wish:
        return Wish(ask.viewer, _filters(ask), ask.now, **more)

    def _values(self, ask: Ask) -> Mapping[str, Any]:
        with reading(ask.deps.engine) as connection:
            return {
                "part": read_part(connection, self._wish(ask), self._window_left),
                "counts": read_counts(connection, ask.viewer),
                "choices": {**read_choices(connection, ask.viewer), "market": _markets(ask), "tier": TIERS},
                "filters": _filters(ask),
                "views": list(View),
                "names": _names(ask),
                "stillness": _stillness(ask, connection),
            }

    def _remembered(self, ask: Ask, answer: Response) -> Response:
        value = _filters(ask).query()
        if value != ask.request.cookies.get(COOKIE):
            answer.set_cookie(
                COOKIE,
                value,
                max_age=30 * 86_400,
                path="/desk",
                secure=ask.request.url.scheme == "https",
                httponly=True,
                samesite="lax",
            )
        return answer


def _filters(ask: Ask) -> Filters:
    """Those of the address, or those that the browser had last."""
    given = dict(ask.query)
    if "view" not in given:
        given = dict(parse_qsl(ask.request.cookies.get(COOKIE, "")[:MAX_QUERY]))
    return Filters.read(given)


def _key(text: str) -> Key:
    rank, _, rest = text[:80].partition("|")
    at, _, row_id = rest.partition("|")
    try:
        key = int(rank), float(at), row_id
    except ValueError as error:
        raise InvalidForm("after") from error
    if not 0 <= key[0] <= MAX_RANK:  # no column takes more
        raise InvalidForm("after")
    return key


def _stillness(ask: Ask, connection: Connection) -> Stillness | None:
    """Why nothing comes to the viewer; None: the list is not their own."""
    if _filters(ask) != Filters(View.MINE) or not ask.viewer.may(Right.ANSWER):
        return None
    markets = ask.deps.release().markets
    return read_stillness(connection, ask.viewer, Duty(lambda: markets), markets, ask.now)


def _markets(ask: Ask) -> list[str]:
    known = sorted(ask.deps.release().markets)
    return [code for code in known if ask.viewer.sees(code)]


def _names(ask: Ask) -> Mapping[str, str]:
    """What people are called, by the name that a conversation's owner has."""
    with reading(ask.deps.engine) as connection:
        return display_names(connection)
