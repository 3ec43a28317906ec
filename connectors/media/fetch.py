"""Fetches the files that people sent before the vendor forgets them, and deletes those that nobody may see any more."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import structlog
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import DBAPIError

from connectors.causes import cause_of
from connectors.channel import Channel, Fetched
from connectors.delivery.backoff import LONGEST_S, pause
from connectors.delivery.errors import AccountDown, DeliveryError, Hold, Refused, TryAgain
from connectors.events import MediaRef
from connectors.media.limits import MediaLimits
from connectors.media.store import MediaStore, Stored
from conversations.media import MediaFile, MediaRecord
from core.errors import RetryLater

logger = structlog.get_logger(__name__)

PARALLEL = 4
TIMEOUT_S = 60.0  # of one file
MAX_ATTEMPTS = 8
MAX_AGE_S = 6 * 86_400.0  # WhatsApp forgets a file after seven days; LINE does not say
GROWTH = 3.0  # each wait is six times the one before, so that eight tries outlast a vendor's bad night
IDLE_WAIT_S = 0.5  # a lost wake-up costs no more than this
ERASE_EVERY_S = 5.0
DRAIN_S = 5.0
TOGETHER = 100
GONE = "the vendor no longer has it"
_REF: TypeAdapter[MediaRef] = TypeAdapter(MediaRef)


@dataclass(frozen=True)
class MediaFetcher:
    """The fetcher of one process. `wake`: called with the conversation's id when a file of it is here or refused."""

    record: MediaRecord
    store: MediaStore
    limits: MediaLimits
    channels: Mapping[str, Channel]
    wake: Callable[[str], object]
    clock: Callable[[], float] = time.time
    rng: random.Random = field(default_factory=random.SystemRandom)
    timeout_s: float = TIMEOUT_S

    async def run(self, wait: Callable[[float], Awaitable[object]], stopped: asyncio.Event) -> None:
        """Fetch until `stopped`, then give what is being fetched a moment; `wait` returns at a wake-up."""
        await asyncio.to_thread(self.store.sweep)
        fetching: dict[str, asyncio.Task[None]] = {}
        erase_at = 0.0
        while not stopped.is_set():
            if self.clock() >= erase_at:
                await self.erase()
                erase_at = self.clock() + ERASE_EVERY_S
            for file in await self._due(PARALLEL, fetching):
                fetching[file.id] = asyncio.create_task(self._fetch(file))
            if len(fetching) >= PARALLEL:
                await asyncio.wait(fetching.values(), timeout=IDLE_WAIT_S, return_when=asyncio.FIRST_COMPLETED)
            else:
                await wait(IDLE_WAIT_S)
            fetching = {media_id: task for media_id, task in fetching.items() if not task.done()}
        await _finish(list(fetching.values()))

    async def fetch_due(self) -> int:
        """Number of files tried; all that are due are tried once, and what may be erased is erased."""
        places = asyncio.Semaphore(PARALLEL)

        async def fetch(file: MediaFile) -> None:
            async with places:
                await self._fetch(file)

        files = await self._due(TOGETHER, {})
        await asyncio.gather(*(fetch(file) for file in files))
        await self.erase()
        return len(files)

    async def erase(self) -> int:
        """Number of files forgotten now: taken back, too old, or refused. Bytes that others share stay."""
        try:
            return await asyncio.to_thread(self._erase)
        except (DBAPIError, RetryLater) as error:
            logger.error("media_not_erased", error=str(getattr(error, "orig", error)), remedy="it is tried again")
            return 0

    async def purge(self, older_than_days: float) -> int:
        """Number of files erased because their messages are older than so many days. Raises DBAPIError."""
        before = self.clock() - older_than_days * 86_400
        expired = await asyncio.to_thread(self.record.expire, before, f"kept for {older_than_days:g} days")
        while await self.erase():
            pass
        return expired

    def _erase(self) -> int:
        files = self.record.erased(TOGETHER)
        for file in files:
            self.record.forget(file.id, self.store.delete)
        return len(files)

    async def _due(self, most: int, fetching: Mapping[str, object]) -> list[MediaFile]:
        room = most - len(fetching)
        if room <= 0:
            return []
        try:
            due = await asyncio.to_thread(self.record.due, most)
        except DBAPIError as error:
            logger.error("database_away", error=str(error.orig), remedy="run `aftersail doctor`")
            return []
        return [file for file in due if file.id not in fetching][:room]

    async def _fetch(self, file: MediaFile) -> None:
        try:
            await self._settle(file)
        except DBAPIError as error:  # the row still waits
            logger.error("database_away", error=str(error.orig), remedy="run `aftersail doctor`")
        except Exception as error:  # noqa: BLE001 - one bad file must not stop the others; its row still waits
            logger.error("media_not_settled", file=file.id, channel=file.channel, cause=cause_of(error))

    async def _settle(self, file: MediaFile) -> None:
        """Store what became of the file."""
        try:
            stored = await self._store(file)
        except (Refused, Hold) as error:
            return await self._refuse(file, error.reason)
        except AccountDown as error:
            return await self._again(file, error.reason, error.retry_after_s or LONGEST_S, counted=False)
        except RetryLater as error:
            logger.error("media_not_stored", file=file.id, problem=str(error))
            return await self._again(file, str(error), LONGEST_S, counted=False)
        except DeliveryError as error:
            return await self._again(file, error.reason, self._wait(file, error.retry_after_s))
        except TimeoutError:
            reason = f"it did not come within {self.timeout_s:g} seconds"
            return await self._again(file, reason, self._wait(file, None))
        except DBAPIError:
            raise
        except Exception as error:  # one bad answer must not stop the others; it is tried again
            logger.exception("media_fetch_failed", file=file.id, channel=file.channel)
            return await self._again(file, type(error).__name__, self._wait(file, None))
        if stored is None:
            return None
        values = (stored.mime, stored.size, stored.sha256)
        if await asyncio.to_thread(self.record.keep, file.id, *values):
            await self._tell(file)

    async def _store(self, file: MediaFile) -> Stored | None:
        """The file in the store; None when nobody wants it any more. Raises DeliveryError, RetryLater, TimeoutError."""
        channel = self.channels.get(file.channel)
        if channel is None or file.account not in channel.accounts:
            raise AccountDown("no_account", f"the account {file.account} is not configured any more")
        media = _ref(file)
        self._check_told(media.size)
        try:
            async with asyncio.timeout(self.timeout_s), channel.fetch(file.account, media) as fetched:
                self._check_told(fetched.size)
                check = self._check_of(file, media, fetched)
                return await self.store.put(fetched.chunks, self.limits.largest, check)
        except _Unwanted:
            return None

    def _check_told(self, size: int) -> None:
        if size > self.limits.largest:
            raise Refused("media_size", f"the file has {size:,} bytes", "Ask for a smaller file.")

    def _check_of(self, file: MediaFile, media: MediaRef, fetched: Fetched) -> Callable[[Stored], None]:
        def check(stored: Stored) -> None:
            if not stored.size or stored.size < fetched.size:
                raise TryAgain("media_cut", f"only {stored.size:,} of {fetched.size:,} bytes came")
            if media.sha256 and media.sha256.lower() != stored.sha256:
                raise TryAgain("media_differs", "the bytes are not those that the vendor named")
            self.limits.check(stored.mime, stored.size, media.name)
            if not self.record.claim(file.id, stored.sha256):
                raise _Unwanted

        return check

    async def _again(self, file: MediaFile, reason: str, wait_s: float, *, counted: bool = True) -> None:
        now = self.clock()
        if (counted and file.attempts + 1 >= MAX_ATTEMPTS) or now - file.created_at >= MAX_AGE_S:
            return await self._refuse(file, f"{GONE} ({reason})")
        await asyncio.to_thread(self.record.again, file.id, now + wait_s, reason, counted=counted)

    async def _refuse(self, file: MediaFile, reason: str) -> None:
        logger.warning("media_refused", file=file.id, channel=file.channel, account=file.account, reason=reason)
        if await asyncio.to_thread(self.record.refuse, file.id, reason):
            await self._tell(file)

    async def _tell(self, file: MediaFile) -> None:
        self.wake(await asyncio.to_thread(self.record.conversation_of, file.message_id))

    def _wait(self, file: MediaFile, asked: float | None) -> float:
        tries = file.attempts + 1
        grown = pause(tries, None, self.rng) * GROWTH ** (tries - 1)
        return grown if asked is None else max(grown, pause(tries, asked, self.rng))


class _Unwanted(Exception):
    """The message was taken back while its file was being fetched."""


def _ref(file: MediaFile) -> MediaRef:
    try:
        return _REF.validate_python(dict(file.ref))
    except ValidationError as error:
        raise Refused("media_ref", "what is stored of it names no file") from error


async def _finish(tasks: list[asyncio.Task[None]]) -> None:
    """Wait a moment for the tasks; what is not done is fetched again at the next start."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=DRAIN_S)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
