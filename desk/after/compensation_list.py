"""Compensations of many conversations: what waits for a lead, what was granted, sums by market and month."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.schema import conversations
from core.schema_desk import compensations
from desk.after.compensation import SELECT, to_compensation
from desk.after.compensation_model import ASKED, GRANTED, Compensation
from desk.viewer import Viewer
from desk.web.spreadsheet import as_text
from markets.money import Money

MOST_OPEN = 200
MOST_ROWS = 50_000
COLUMNS = (
    "id", "conversation_id", "market", "kind", "order_number", "amount", "currency", "reason", "note", "state",
    "asked_by", "decided_by", "created_at", "decided_at",
)  # fmt: skip


@dataclass(frozen=True)
class Sum:
    """What was granted in a month."""

    market: str
    month: str  # 2026-11, in the market's time zone
    kind: str
    total: Money
    count: int


def open_asks(connection: Connection, viewer: Viewer) -> Sequence[Compensation]:
    """What waits for a decision in the viewer's markets, the oldest first."""
    statement = _theirs(viewer).where(compensations.c.state == ASKED)
    rows = connection.execute(statement.order_by(compensations.c.created_at).limit(MOST_OPEN))
    return [to_compensation(row) for row in rows]


def since(connection: Connection, viewer: Viewer, moment: float, most: int = MOST_ROWS) -> Sequence[Compensation]:
    """All of the viewer's markets since then, the newest first, at most `most`."""
    statement = _theirs(viewer).where(compensations.c.created_at >= moment)
    rows = connection.execute(statement.order_by(compensations.c.created_at.desc()).limit(most))
    return [to_compensation(row) for row in rows]


def sums(found: Sequence[Compensation], zones: Mapping[str, ZoneInfo]) -> Sequence[Sum]:
    """What was granted by month, market and kind, the newest month first. Pure."""
    totals: dict[tuple[str, str, str, str], Decimal] = defaultdict(Decimal)
    counts: dict[tuple[str, str, str, str], int] = defaultdict(int)
    for item in found:
        if item.state != GRANTED:
            continue
        zone = zones.get(item.market, ZoneInfo("UTC"))
        month = datetime.fromtimestamp(item.decided_at or item.created_at, zone).strftime("%Y-%m")
        key = (month, item.market, item.kind, item.currency)
        totals[key] += item.amount
        counts[key] += 1
    keys = sorted(totals, key=lambda key: (key[1], key[2]))
    keys.sort(key=lambda key: key[0], reverse=True)
    return [Sum(key[1], key[0], key[2], Money(totals[key], key[3]), counts[key]) for key in keys]


def as_json(item: Compensation) -> dict[str, Any]:
    """One for the export: the amount as text, so that no reader makes a float of it."""
    return {name: str(item.amount) if name == "amount" else getattr(item, name) for name in COLUMNS}


def as_csv(found: Sequence[Compensation]) -> str:
    """All with a header line, for a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(list(_cells(item)) for item in found)
    return text.getvalue()


def _cells(item: Compensation) -> Iterator[str]:
    for value in as_json(item).values():
        yield "" if value is None else as_text(str(value))


def _theirs(viewer: Viewer) -> sa.Select[Any]:
    return SELECT if viewer.every_market else SELECT.where(conversations.c.market.in_(viewer.markets))
