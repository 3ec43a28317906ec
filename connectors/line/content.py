"""Files that people sent, read from LINE before it forgets them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from urllib.parse import quote

import httpx

from connectors.channel import Fetched
from connectors.delivery.errors import DeliveryError
from connectors.events import MediaRef
from connectors.line.account import LineAccount
from connectors.line.api import LineApi, Request
from connectors.line.fields import Fields

SILENCE_S = 30.0
CHUNK = 64 * 1024
PREPARING = 202
WAITS_S = (1.0, 2.0, 4.0, 8.0, 15.0)  # between looks at a video that LINE still prepares


class ContentReader:
    """Reads files of messages."""

    def __init__(
        self,
        api: LineApi,
        waits_s: Sequence[float] = WAITS_S,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._api = api
        self._waits_s = waits_s
        self._sleep = sleep

    @asynccontextmanager
    async def fetch(self, account: LineAccount, media: MediaRef) -> AsyncIterator[Fetched]:
        """A file being read. Raises Refused when there is none, TryAgain, and AccountDown."""
        if media.url:
            # Its sender chose the address: fetching it would let a customer make this machine call anything.
            raise self._api.errors.named("outside_line", "the file is not kept by LINE")
        path = f"/v2/bot/message/{quote(media.ref, safe='')}/content"
        for wait_s in (*self._waits_s, None):
            async with self._api.stream(account, Request("GET", path, silence_s=SILENCE_S)) as response:
                if response.status_code != PREPARING:
                    yield await self._fetched(response)
                    return
            if wait_s is None:
                break
            await self._sleep(wait_s)
            await self._check_preparing(account, path)
        raise self._api.errors.named("preparing", "LINE still prepares the file")

    async def _fetched(self, response: httpx.Response) -> Fetched:
        if response.status_code in (404, 410):
            raise self._api.errors.named("gone", f"HTTP {response.status_code}: taken back, or forgotten by LINE")
        if response.status_code != 200:
            raise await self._api.refusal(response)
        size = response.headers.get("content-length", "")
        mime = response.headers.get("content-type", "").partition(";")[0].strip().lower()[:100]
        return Fetched(mime, int(size[:15]) if size.isascii() and size.isdecimal() else 0, self._chunks(response))

    async def _chunks(self, response: httpx.Response) -> AsyncIterator[bytes]:
        try:
            async for chunk in response.aiter_bytes(CHUNK):
                yield chunk
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise self._broken(error) from error

    def _broken(self, error: Exception) -> DeliveryError:
        return self._api.errors.named("unreachable", f"{type(error).__name__} while reading a file")

    async def _check_preparing(self, account: LineAccount, path: str) -> None:
        async with self._api.stream(account, Request("GET", f"{path}/transcoding", silence_s=SILENCE_S)) as response:
            if response.status_code != 200:
                raise await self._api.refusal(response)
            status = Fields(await self._api.data_of(response)).text("status")
        if status == "failed":
            raise self._api.errors.named("transcoding_failed", "LINE could not prepare the file")
