"""`make faults`: customers on both channels while everything goes wrong; then every message is accounted for.

`python -m tests.faults.run [--messages N] [--people N] [--at-once N] [--workers N]`. Exits with 1 when anything was
lost, doubled without being counted, out of order, or marked as delivered though nobody said so.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from core.database import reading
from core.schema import conversations, messages
from core.schema_channels import deliveries, webhook_events
from tests.faults.drive import Customer, line_config, line_customers, talk_all, whatsapp_customers
from tests.faults.verdict import Verdict, judge, line_seen, whatsapp_seen
from tests.simulators.common.delivery import RetryPlan
from tests.simulators.common.faults import Faults
from tests.simulators.whatsapp.config import Speeds
from tests.simulators.whatsapp.demo import demo_config as whatsapp_demo
from tests.support.channel_service import ChannelWorld, channel_world
from tests.support.installation import install
from tests.support.killer import Killer

FAULTS: dict[str, Any] = {
    "rate_limit_rate": 0.05,
    "server_error_rate": 0.05,
    "late_answer_rate": 0.01,
    "late_answer_s": 15.0,
    "reset_rate": 0.02,
    "duplicate_rate": 0.2,
    "reorder_rate": 0.1,
}
TOKEN_LOST_S = 20.0  # how long the vendors refuse our token, once
SEED = 20_261_122
SETTLE_S = 300.0
LOOK_S = 1.0


@dataclass(frozen=True)
class Plan:
    """How much, and how badly."""

    messages: int = 10_000
    people: int = 400
    at_once: int = 60
    kills: int = 8
    kill_pauses_s: tuple[float, float] = (20.0, 45.0)
    workers: int = 1
    settle_s: float = SETTLE_S


@dataclass(frozen=True)
class Outcome:
    """What came of a run."""

    verdicts: Sequence[Verdict]
    kills: dict[str, int]
    seconds: float
    unanswered: int  # times that a customer's patience ended


async def run(plan: Plan, console: Console) -> Outcome:
    """The outcome of a run on a fresh installation."""
    wa = replace(
        whatsapp_demo(speeds=Speeds(sent_s=0.05, delivered_s=0.1, read_s=0.3)),
        retries=RetryPlan(timeout_s=5.0, first_pause_s=1.0, longest_pause_s=30.0),
        concurrency=16,
    )
    with tempfile.TemporaryDirectory(prefix="faults") as folder:
        installation = install(Path(folder) / "data")
        half = plan.people // 2
        settings = {"WORKERS": str(plan.workers), "LOG_LEVEL": "ERROR"}
        with channel_world(installation, wa, line_config(half), **settings) as world:
            each = max(1, plan.messages // plan.people)
            customers = [*line_customers(world.line, each), *whatsapp_customers(world.whatsapp, half, each)]
            started = time.monotonic()
            kills = await _chaos(world, customers, plan, console)
            seconds = time.monotonic() - started
            await _settle(world, plan.settle_s, console)
            return Outcome(_verdicts(world, customers), kills, seconds, sum(item.unanswered for item in customers))


async def _chaos(world: ChannelWorld, customers: Sequence[Customer], plan: Plan, console: Console) -> dict[str, int]:
    """How often each part was killed while the customers talked."""
    world.line.set_faults(Faults(**FAULTS))
    world.whatsapp.faults(**FAULTS)
    killer = Killer(world.service, SEED, plan.kills, plan.kill_pauses_s, ("web", "worker", "courier"))
    with Progress(console=console) as progress:
        bar = progress.add_task("messages", total=sum(item.messages for item in customers))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(killer.run())
            tasks.create_task(_lose_tokens(world))
            await talk_all(customers, plan.at_once, SEED, lambda: progress.advance(bar))
            killer.stop()
    world.line.set_faults(Faults())
    world.whatsapp.faults()
    return killer.killed


async def _lose_tokens(world: ChannelWorld) -> None:
    await asyncio.sleep(30.0)
    world.line.set_faults(Faults(**FAULTS, expired_token_s=TOKEN_LOST_S))
    await asyncio.sleep(TOKEN_LOST_S)
    world.whatsapp.faults(**FAULTS, expired_token_s=TOKEN_LOST_S)


async def _settle(world: ChannelWorld, longest_s: float, console: Console) -> None:
    """Until nothing waits any more, in the product or at the vendors."""
    ends = time.monotonic() + longest_s
    with console.status("waiting for what is still under way"):
        while time.monotonic() < ends:
            await asyncio.sleep(LOOK_S)
            if await asyncio.to_thread(_is_quiet, world):
                return


def _is_quiet(world: ChannelWorld) -> bool:
    for simulator in (world.line, world.whatsapp):
        with suppress(TimeoutError):
            simulator.settle(1.0)
            continue
        return False
    return _open_rows(world) == 0


def _open_rows(world: ChannelWorld) -> int:
    counts = (
        sa.select(sa.func.count()).where(webhook_events.c.state == "waiting"),
        sa.select(sa.func.count()).where(conversations.c.pending > 0),
        sa.select(sa.func.count()).where(deliveries.c.state.in_(("waiting", "sending", "uncertain"))),
        sa.select(sa.func.count()).where(messages.c.direction == "out", messages.c.status == "queued"),
    )
    with reading(world.installation.engine) as connection:
        return sum(connection.execute(count).scalar_one() for count in counts)


def _verdicts(world: ChannelWorld, customers: Sequence[Customer]) -> list[Verdict]:
    engine = world.installation.engine
    seen, delivered = whatsapp_seen(world.whatsapp)
    return [
        judge(engine, "line", customers, line_seen(world.line, customers, engine), frozenset()),
        judge(engine, "whatsapp", customers, seen, delivered),
    ]


def show(outcome: Outcome, console: Console) -> None:
    """A table of the verdicts."""
    table = Table("what", *(verdict.channel for verdict in outcome.verdicts))
    for name in Verdict.__dataclass_fields__:
        if name != "channel":
            table.add_row(name.replace("_", " "), *(f"{getattr(verdict, name):,}" for verdict in outcome.verdicts))
    table.add_row("sent free", *(f"{item.free / max(1, item.calls):.1%}" for item in outcome.verdicts))
    console.print(table)
    kills = ", ".join(f"{part} {count}" for part, count in outcome.kills.items())
    console.print(f"{outcome.seconds:.0f} s, kills: {kills}; customers' patience ended {outcome.unanswered} times")


def main() -> None:
    """Run, print, write var/bench/faults.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("messages", "people", "at_once", "workers"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=getattr(Plan, name))
    plan = Plan(**vars(parser.parse_args()))
    console = Console(stderr=True)
    outcome = asyncio.run(run(plan, console))
    show(outcome, console)
    path = Path("var/bench/faults.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(outcome), indent=1) + "\n", encoding="utf-8")
    sys.exit(not all(verdict.is_clean for verdict in outcome.verdicts))


if __name__ == "__main__":
    main()
