"""Writes events of many webhooks in one transaction, so that a busy database costs each of them little."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError

from conversations.inbox import Inbox, NewEvent
from core.errors import RetryLater

logger = structlog.get_logger(__name__)

MAX_WAITING = 2_000  # webhooks; beyond it the vendor is told to come again
MAX_TOGETHER = 200


class Overloaded(RetryLater):
    """More webhooks wait than can be written: let the vendor deliver again."""


class Unwritable(RetryLater):
    """This webhook's events cannot be stored as they are; others can."""


@dataclass(frozen=True)
class _Request:
    """A webhook's events, and the number of new ones once they are written."""

    events: Sequence[NewEvent]
    written: asyncio.Future[int]


class EventWriter:
    """Groups what is to be written. Use it in one event loop; `run` must be going."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._waiting: asyncio.Queue[_Request] = asyncio.Queue(MAX_WAITING)

    async def write(self, events: Sequence[NewEvent]) -> int:
        """Number of new events, once all are on disk. Raises Overloaded, Unwritable, or what the database raises."""
        if not events:
            return 0
        request = _Request(events, asyncio.get_running_loop().create_future())
        try:
            self._waiting.put_nowait(request)
        except asyncio.QueueFull as error:
            raise Overloaded("too many webhooks are waiting to be written") from error
        return await request.written

    async def run(self) -> None:
        """Write until cancelled; webhooks that wait then are sent away."""
        try:
            while True:
                together = [await self._waiting.get()]
                await self._write(together + self._next(MAX_TOGETHER - 1))
        finally:
            _refuse(self._next(MAX_WAITING), Overloaded("the writer was stopped"))

    def _next(self, most: int) -> list[_Request]:
        return [self._waiting.get_nowait() for _ in range(min(most, self._waiting.qsize()))]

    async def _write(self, together: Sequence[_Request]) -> None:
        try:
            counts = await asyncio.to_thread(self._inbox.store_all, [request.events for request in together])
        except SQLAlchemyError as error:  # each webhook is answered with it, and the vendor delivers it again
            _refuse(together, error)
        except Exception as error:  # a value that no database takes; it must not cost the others, nor the writer
            logger.exception("events_not_written", webhooks=len(together))
            await self._write_apart(together, error)
        except BaseException:
            _refuse(together, Overloaded("the writer was stopped"))
            raise
        else:
            for request, new in zip(together, counts, strict=True):
                if not request.written.done():
                    request.written.set_result(new)

    async def _write_apart(self, together: Sequence[_Request], error: Exception) -> None:
        if len(together) == 1:
            _refuse(together, Unwritable(type(error).__name__))
            return
        for request in together:
            await self._write([request])


def _refuse(together: Sequence[_Request], error: Exception) -> None:
    for request in together:
        if not request.written.done():  # else its webhook was given up
            request.written.set_exception(error)
