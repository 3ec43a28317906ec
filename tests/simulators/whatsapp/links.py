"""Files that the business sends by address: fetched as Meta does, but from this machine only."""

import asyncio
from urllib.parse import urlsplit

import httpx

from tests.simulators.whatsapp.engine import Engine
from tests.simulators.whatsapp.errors import VendorError
from tests.simulators.whatsapp.media import KINDS, bare
from tests.simulators.whatsapp.state import SentMessage

HERE = {"127.0.0.1", "localhost", "::1"}
FETCH_S = 10.0


class Links:
    """Fetches files of accepted messages; `busy` while one is under way."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._tasks: set[asyncio.Task[None]] = set()
        engine.fetch = self.fetch

    @property
    def busy(self) -> bool:
        """Whether a file is being fetched."""
        return bool(self._tasks)

    def fetch(self, message: SentMessage, late: VendorError | None) -> None:
        """Let the message go on once its file is here; it fails when the file cannot be had."""
        if late is not None or urlsplit(message.seen.media).hostname not in HERE:
            self._engine.progress.begin(message, late)
            return
        task = asyncio.get_running_loop().create_task(self._fetch(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Drop what is under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _fetch(self, message: SentMessage) -> None:
        engine = self._engine
        try:
            async with httpx.AsyncClient(timeout=FETCH_S, follow_redirects=True) as client:
                answer = await client.get(message.seen.media)
        except httpx.HTTPError as error:
            problem = f"Downloading media from weblink failed: {type(error).__name__}"
        else:
            problem = _problem(answer, message.seen.media_kind)
        if problem:
            engine.progress.begin(message, VendorError(131053, problem))
            return
        kind = answer.headers["content-type"]
        file = engine.media.receive(message.phone_number_id, kind, answer.content, "", engine.clock.now())
        message.seen = message.seen.having(media=file.id)
        engine.progress.begin(message, None)


def _problem(answer: httpx.Response, kind: str) -> str:
    if answer.status_code != 200:
        return f"Downloading media from weblink failed with http code {answer.status_code}"
    types, most = KINDS[kind]
    if bare(answer.headers.get("content-type", "")) not in types or not 0 < len(answer.content) <= most:
        return f"Unsupported {kind}: {answer.headers.get('content-type')}, {len(answer.content)} bytes"
    return ""
