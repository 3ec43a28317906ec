"""Forgets what is old: applied events, reply tokens, files beyond their days."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import DBAPIError

from connectors.media.fetch import MediaFetcher
from conversations.contacts import Contacts
from conversations.inbox import Inbox

logger = structlog.get_logger(__name__)

EVERY_S = 3600.0
TOKENS_S = 86_400.0


@dataclass(frozen=True)
class Housekeeping:
    """Runs once an hour in the web process."""

    inbox: Inbox
    contacts: Contacts
    files: MediaFetcher
    media_days: int
    clock: Callable[[], float] = time.time

    async def run(self, stopped: asyncio.Event) -> None:
        """Until `stopped`."""
        while not stopped.is_set():
            try:
                await self.tidy()
            except (DBAPIError, OSError) as error:
                logger.error("housekeeping_failed", error=str(error), remedy="run `aftersail doctor`")
            try:
                await asyncio.wait_for(stopped.wait(), EVERY_S)
            except TimeoutError:
                continue

    async def tidy(self) -> None:
        """Once."""
        events = await asyncio.to_thread(self.inbox.purge)
        tokens = await asyncio.to_thread(self.contacts.purge_tokens, self.clock() - TOKENS_S)
        files = await self.files.purge(self.media_days)
        logger.info("tidied", events=events, tokens=tokens, files=files)
