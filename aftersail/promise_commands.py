"""`aftersail promises`, and what the doctor says of them."""

import sys
import time
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from conversations import promise_rows
from conversations.ownership import AGENT
from conversations.promise_model import ANSWERS, PromiseState
from core.database import migrate, open_engine, reading
from core.errors import SetupError
from core.settings import Settings, load_settings

MOST = 500
WIDTH = 160  # of a table that no terminal shows


def promises(
    only_late: Annotated[bool, typer.Option("--broken", help="Only those that are broken.")] = False,
) -> None:
    """List what customers were promised and still wait for, the nearest first."""
    engine = open_engine(load_settings())
    migrate(engine)
    with reading(engine) as connection:
        running = promise_rows.list_running(connection, MOST)
    table = Table("conversation", "clock", "tier", "state", "due", "told", "market", "channel", "with")
    for row, place in running:
        state = standing_now(row, time.time())
        if only_late and state != PromiseState.BROKEN:
            continue
        told = "yes" if row.told else ""
        owner = str(place["owner"]).removeprefix(AGENT)
        place_names = (place["market"], place["channel"], owner)
        table.add_row(row.conversation_id, row.clock, row.tier, state, _time(row.due_at), told, *place_names)
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else WIDTH).print(table)


def check_promises(settings: Settings) -> str:
    """How many promises run. Raises SetupError when customers wait longer than they were promised."""
    with reading(open_engine(settings)) as connection:
        running = [row for row, _ in promise_rows.list_running(connection, MOST)]
    now = time.time()
    states = [standing_now(row, now) for row in running if row.clock in ANSWERS]
    broken = states.count(PromiseState.BROKEN)
    if broken:
        raise SetupError(
            f"{broken} promise(s) of an answer are broken; `aftersail promises --broken` lists them, "
            "answer or take them at /desk"
        )
    return f"{len(running)} run, {states.count(PromiseState.AT_RISK)} at risk, none broken"


def standing_now(row: promise_rows.PromiseRow, now: float) -> PromiseState:
    """How the running promise stands, also when nobody has looked after it since."""
    if row.due_at <= now:
        return PromiseState.BROKEN
    by_time = PromiseState.AT_RISK if row.at_risk_from <= now else PromiseState.OPEN
    return max(PromiseState(row.state), by_time, key=list(PromiseState).index)


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
