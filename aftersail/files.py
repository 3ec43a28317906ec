"""Files of conversations: their addresses, what serves them, and what agents send."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from sqlalchemy.engine import Engine
from starlette.routing import BaseRoute

from aftersail.secret import with_secret
from connectors.delivery.errors import Refused
from connectors.media.fetch import MediaFetcher
from connectors.media.limits import load_limits
from connectors.media.links import MediaLinks
from connectors.media.outgoing import Ready, ready
from connectors.media.routes import MediaRoutes
from connectors.media.store import MediaStore
from conversations.media import MediaRecord
from conversations.model import Conversation
from conversations.uploads import Upload, Uploads
from core.settings import Settings
from desk.writing.files import FileRefused

TIDY_EVERY_S = 120.0
MAKING_AT_ONCE = 1  # pictures made anew at the same time: each takes a core, and up to 200 MB, for a second
CHUNK = 256 * 1024  # bytes


def open_links(settings: Settings) -> MediaLinks:
    """Signs addresses of files."""
    address = settings.public_url or f"http://{settings.host}:{settings.port}"
    return MediaLinks(with_secret(settings).secret.get_secret_value(), address)


def file_routes(settings: Settings, engine: Engine) -> Sequence[BaseRoute]:
    """What shows files to whoever has their address."""
    store = MediaStore(settings.media_dir)
    return MediaRoutes(MediaRecord(engine), store, load_limits(), open_links(settings)).routes()


@dataclass(frozen=True)
class FileDesk:
    """desk.writing.files.FileKeeper on the media store."""

    uploads: Uploads
    store: MediaStore
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(MAKING_AT_ONCE, "pictures"))

    async def keep(self, conversation: Conversation, author: str, name: str, data: bytes) -> str:
        """Id of the file, which is in the store now. Raises FileRefused, TooManyUploads, RetryLater."""
        try:
            made = await asyncio.get_running_loop().run_in_executor(self.pool, ready, name, data)
        except Refused as refused:
            raise FileRefused(refused.code.removeprefix("media_")) from refused
        upload = Upload(made.name, made.mime, len(made.data), made.sha256, made.width, made.height)
        media_id, is_here = await asyncio.to_thread(self.uploads.begin, conversation, author, upload)
        if not is_here:
            await self.store.put(_chunks(made), len(made.data))
        return media_id


def open_file_desk(settings: Settings, engine: Engine, clock: Callable[[], float] = time.time) -> FileDesk:
    """What keeps the files of agents."""
    return FileDesk(Uploads(engine, clock), MediaStore(settings.media_dir))


def tidy_files(settings: Settings, engine: Engine, clock: Callable[[], float] = time.time) -> "TidyFiles":
    """What forgets files in the web process: without vendors' accounts there is no courier to do it."""
    fetcher = MediaFetcher(
        MediaRecord(engine, clock), MediaStore(settings.media_dir), load_limits(), {}, lambda _: None, clock
    )
    return TidyFiles(Uploads(engine, clock), fetcher, settings.media_days)


@dataclass(frozen=True)
class TidyFiles:
    """Erases what was given up, removed or is too old."""

    uploads: Uploads
    fetcher: MediaFetcher
    media_days: int

    async def run(self, stopped: asyncio.Event) -> None:
        """Until `stopped`."""
        while not stopped.is_set():
            await self.tidy()
            try:
                await asyncio.wait_for(stopped.wait(), TIDY_EVERY_S)
            except TimeoutError:
                continue

    async def tidy(self) -> None:
        """Once."""
        await asyncio.to_thread(self.uploads.forget_old)
        await self.fetcher.purge(self.media_days)


async def _chunks(made: Ready) -> AsyncIterator[bytes]:
    for start in range(0, len(made.data), CHUNK):
        yield made.data[start : start + CHUNK]
