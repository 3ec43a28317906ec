"""Work beside the pages that must go on: one bad row may stop neither it nor the web process."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

logger = structlog.get_logger(__name__)

FIRST_WAIT_S, MOST_WAIT_S = 1.0, 60.0
Task = Callable[[asyncio.Event], Coroutine[Any, Any, None]]  # runs until the event is set


def lasting(task: Task, name: str, first_wait_s: float = FIRST_WAIT_S) -> Task:
    """`task`, begun anew after an error: told loudly, after a wait that doubles up to a minute."""

    async def run(stopped: asyncio.Event) -> None:
        wait_s = first_wait_s
        while not stopped.is_set():
            try:
                return await task(stopped)
            except Exception:  # whatever it was: pages and chats are served on, and the log says what
                logger.critical("desk_task_failed", task=name, again_in_s=wait_s, exc_info=True)
            try:
                await asyncio.wait_for(stopped.wait(), wait_s)
            except TimeoutError:
                wait_s = min(wait_s * 2, MOST_WAIT_S)

    return run
