"""Waiting for a running Aftersail and its simulated vendors to come to rest, and looking into its database."""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from core.database import reading
from core.schema import conversations, messages
from core.schema_channels import media, webhook_events
from tests.support.channel_service import ChannelWorld

QUIET_S = 40.0
LOOK_S = 0.05
CALM_LOOKS = 3  # nothing under way, seen so often one after the other


@contextlib.contextmanager
def stopped_worker(world: ChannelWorld) -> Iterator[None]:
    """The bot takes nothing meanwhile."""
    worker = world.service.child("worker")
    assert worker is not None
    worker.suspend()
    try:
        yield
    finally:
        worker.resume()


def wait_quiet(world: ChannelWorld) -> None:
    """Return when every webhook is applied, every message answered and every answer sent."""
    calm = 0

    def quiet() -> bool:
        nonlocal calm
        calm = calm + 1 if _is_quiet(world) else 0
        return calm >= CALM_LOOKS

    world.whatsapp.settle(QUIET_S)
    world.line.settle(QUIET_S)
    until(quiet, "quiet")
    world.whatsapp.settle(QUIET_S)


def until(done: Callable[[], bool], what: str, within_s: float = QUIET_S) -> None:
    """Return when it is so. Raises AssertionError that names it."""
    deadline = time.monotonic() + within_s
    while not done():
        assert time.monotonic() < deadline, f"not within {within_s:g} s: {what}"
        time.sleep(LOOK_S)


def _is_quiet(world: ChannelWorld) -> bool:
    left = (
        sa.select(webhook_events.c.id).where(webhook_events.c.state == "waiting"),
        sa.select(conversations.c.id).where(conversations.c.pending > 0),
        sa.select(messages.c.id).where(messages.c.direction == "out", messages.c.status == "queued"),
        sa.select(media.c.id).where(media.c.state == "waiting"),
    )
    return not any(rows_of(world, statement.limit(1)) for statement in left)


def rows_of(world: ChannelWorld, statement: sa.Select[Any]) -> list[Row[Any]]:
    """Rows of the installation's database."""
    with reading(world.installation.engine) as connection:
        return list(connection.execute(statement).all())


def change(world: ChannelWorld, statement: sa.Update) -> None:
    """Changes one row of it at least."""
    with world.installation.engine.begin() as connection:
        assert connection.execute(statement).rowcount
