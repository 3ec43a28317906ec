"""The audit log as somebody may see it: rows of their markets, filtered, the newest first."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from core.schema_desk import audit_log
from desk.agents import list_agents
from desk.people.model import may_manage
from desk.viewer import Right, Viewer
from desk.web.spreadsheet import as_text

PAGE = 100
MOST_IN_CSV = 50_000
COLUMNS = ("id", "at", "who", "action", "market", "target", "details")


@dataclass(frozen=True)
class Filters:
    """What is looked for; empty: everything."""

    who: str = ""  # name, or what stands in the column
    action: str = ""
    market: str = ""
    target: str = ""  # conversation, agent, …
    since: float | None = None
    until: float | None = None
    before: int | None = None  # id: older rows only


def find(connection: Connection, viewer: Viewer, filters: Filters, most: int = PAGE) -> Sequence[Row[Any]]:
    """Rows that the viewer may see, the newest first, `most` at most."""
    statement = sa.select(audit_log).where(_visible(connection, viewer), *_wanted(filters))
    return connection.execute(statement.order_by(audit_log.c.id.desc()).limit(most)).all()


def actions(connection: Connection, viewer: Viewer) -> Sequence[str]:
    """Actions that stand in what the viewer may see."""
    statement = sa.select(audit_log.c.action).where(_visible(connection, viewer)).distinct()
    return sorted(connection.execute(statement).scalars())


def _visible(connection: Connection, viewer: Viewer) -> sa.ColumnElement[bool]:
    """Rows of their markets, of themselves, and of the accounts in their hands."""
    if viewer.every_market:
        return sa.true()
    names = {viewer.owner}
    if viewer.may(Right.PEOPLE):
        everybody = list_agents(connection, include_disabled=True)
        names |= {agent.owner for agent in everybody if may_manage(viewer, agent)}
    of_nowhere = sa.and_(
        audit_log.c.market == "", sa.or_(audit_log.c.who == viewer.owner, audit_log.c.target.in_(sorted(names)))
    )
    return sa.or_(audit_log.c.market.in_(viewer.markets), of_nowhere)


def _wanted(filters: Filters) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if filters.who:
        wanted.append(audit_log.c.who.in_([filters.who, f"agent:{filters.who}"]))
    if filters.action:
        wanted.append(audit_log.c.action == filters.action)
    if filters.market:
        wanted.append(audit_log.c.market == filters.market)
    if filters.target:
        wanted.append(audit_log.c.target.in_([filters.target, f"agent:{filters.target}"]))
    if filters.since is not None:
        wanted.append(audit_log.c.at >= filters.since)
    if filters.until is not None:
        wanted.append(audit_log.c.at < filters.until)
    if filters.before is not None:
        wanted.append(audit_log.c.id < filters.before)
    return wanted


def as_csv(rows: Iterable[Row[Any]]) -> str:
    """The rows as a table for spreadsheets; a cell that one would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows:
        at = datetime.fromtimestamp(row.at, UTC).isoformat(timespec="seconds")
        details = json.dumps(row.details, ensure_ascii=False)
        writer.writerow([row.id, at, *map(as_text, (row.who, row.action, row.market, row.target, details))])
    return out.getvalue()
