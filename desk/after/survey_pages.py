"""What customers say of us: averages by market, language and agent, and comments."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from starlette.responses import Response

from core.database import reading
from core.schema_desk import surveys
from desk.viewer import Right, Viewer
from desk.web.ask import Ask
from desk.web.routing import Page

DAY_S = 86_400.0
SPANS = (7, 30, 90, 365)  # days that may be looked at
MOST_COMMENTS = 100
GOOD = 4  # a score from here on counts as content


@dataclass(frozen=True)
class Figure:
    """Of one market, language or agent."""

    name: str
    asked: int
    answered: int
    average: float | None  # 1 to 5; None: nobody answered
    content: int  # answers of 4 and 5


def survey_routes() -> Sequence[Page]:
    """The leads' page."""
    return [Page("/surveys", listing, Right.DECIDE)]


def listing(ask: Ask) -> Response:
    """Figures of the chosen days, and comments, the newest first."""
    wanted = ask.query.get("days", "")
    days = int(wanted) if wanted in {str(span) for span in SPANS} else 30
    since = ask.now - days * DAY_S
    with reading(ask.deps.engine) as connection:
        groups = {name: figures(connection, ask.viewer, since, name) for name in ("market", "language", "agent")}
        comments = _comments(connection, ask.viewer, since)
        words_only = _words_only(connection, ask.viewer, since)
        reasons = _reasons(connection, ask.viewer, since)
    total = _total(groups["market"])
    return ask.page(
        "after/surveys.html",
        days=days,
        spans=SPANS,
        groups=groups,
        total=total,
        comments=comments,
        words_only=words_only,
        reasons=reasons,
        reason_name=_reason_name(ask),
    )


def figures(connection: Connection, viewer: Viewer, since: float, by: str) -> Sequence[Figure]:
    """By market, language or agent, the ones with most answers first. The bot's own have no agent."""
    column = surveys.c[by]
    answered = sa.func.count(surveys.c.score)
    statement = (
        sa.select(
            column.label("name"),
            sa.func.count(surveys.c.asked_at).label("asked"),
            answered.label("answered"),
            sa.func.avg(surveys.c.score).label("average"),
            sa.func.sum(sa.case((surveys.c.score >= GOOD, 1), else_=0)).label("content"),
        )
        .where(surveys.c.created_at >= since, surveys.c.asked_at.is_not(None), *_theirs(viewer))
        .group_by(column)
        .order_by(answered.desc(), column)
    )
    return [
        Figure(row.name, row.asked, row.answered, None if row.average is None else float(row.average), int(row.content))
        for row in connection.execute(statement)
    ]


def _total(groups: Sequence[Figure]) -> Figure:
    answered = sum(item.answered for item in groups)
    points = sum((item.average or 0.0) * item.answered for item in groups)
    average = points / answered if answered else None
    return Figure("", sum(item.asked for item in groups), answered, average, sum(item.content for item in groups))


def _comments(connection: Connection, viewer: Viewer, since: float) -> Sequence[Any]:
    said = sa.select(surveys).where(surveys.c.created_at >= since, surveys.c.comment != "", *_theirs(viewer))
    return connection.execute(said.order_by(surveys.c.created_at.desc()).limit(MOST_COMMENTS)).all()


def _words_only(connection: Connection, viewer: Viewer, since: float) -> int:
    """Number of those who wrote in place of a score."""
    said = sa.and_(surveys.c.created_at >= since, surveys.c.comment != "", surveys.c.score.is_(None), *_theirs(viewer))
    found: int = connection.execute(sa.select(sa.func.count()).where(said)).scalar_one()
    return found


def _reasons(connection: Connection, viewer: Viewer, since: float) -> Sequence[Any]:
    """(why they were not asked, how often)."""
    count = sa.func.count().label("number")
    statement = (
        sa.select(surveys.c.reason, count)
        .where(surveys.c.created_at >= since, surveys.c.reason != "", *_theirs(viewer))
        .group_by(surveys.c.reason)
        .order_by(count.desc())
    )
    return connection.execute(statement.limit(20)).all()


def _theirs(viewer: Viewer) -> Sequence[sa.ColumnElement[bool]]:
    return [] if viewer.every_market else [surveys.c.market.in_(viewer.markets)]


def _reason_name(ask: Ask) -> Callable[[str], str]:
    def name(reason: str) -> str:
        key = f"surveys.reason.{reason}"
        return ask.words(key) if ask.words.has(key) else reason

    return name
