"""Writing down who did what, in the transaction that does it. Nothing is ever changed or deleted."""

import time
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.schema_desk import audit_log

MAX_TARGET = 64
NOTHING: Mapping[str, Any] = {}


def audit(
    connection: Connection,
    who: str,
    action: str,
    *,
    target: str = "",
    market: str = "",
    details: Mapping[str, Any] = NOTHING,
    now: float | None = None,
) -> None:
    """Write it down. `details`: JSON without customers' words, passwords or tokens."""
    connection.execute(
        sa.insert(audit_log).values(
            at=time.time() if now is None else now,
            who=who[:64],
            action=action,
            market=market,
            target=target[:MAX_TARGET],
            details=dict(details),
        )
    )
