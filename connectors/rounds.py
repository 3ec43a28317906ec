"""The loop of everything that looks for work again and again."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from connectors.causes import cause_of

logger = structlog.get_logger(__name__)

Wait = Callable[[float], Awaitable[object]]  # returns at a wake-up, or after the given seconds


async def work_until(stopped: asyncio.Event, work: Callable[[], Awaitable[int]], wait: Wait, idle_s: float) -> None:
    """Work until `stopped`; wait when there was nothing to do, or the database was away."""
    while not stopped.is_set():
        try:
            done = await work()
        except SQLAlchemyError as error:
            logger.error("database_away", cause=cause_of(error), remedy="run `aftersail doctor`")
            done = 0
        if not done:
            await wait(idle_s)
