"""POST /desk/c/{id}/preview: what would leave, while somebody writes. Bounded: the newest text of a writer counts."""

import asyncio
import itertools
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from cachetools import TTLCache
from starlette.responses import Response

from conversations.uploads import waiting
from core.database import reading
from desk.errors import TooOften
from desk.viewer import Right
from desk.web.ask import Ask
from desk.writing.files import for_customer, read_files
from desk.writing.form import read_written
from desk.writing.look import Looker
from desk.writing.turn import recipient_of
from desk.writing.view import to_json

AT_ONCE = 4  # looks that are made at the same time
MOST_WAITING = 24  # looks that are made or wait
TIMEOUT_S = 12.0
AGAIN_S = 1.0
MAX_WRITERS = 2_000


class Overtaken(Exception):
    """The writer has written on."""


class Previews:
    """Makes previews in threads of its own, so that a slow engine keeps no other page waiting."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="preview")
        self._newest: TTLCache[tuple[str, str], int] = TTLCache(MAX_WRITERS, ttl=600)
        self._numbers = itertools.count(1)
        self._waiting = 0

    async def preview(self, ask: Ask) -> Response:
        """The look as JSON; 204 when a newer text of this writer has come. Raises TooOften when too many wait."""
        if self._waiting >= MOST_WAITING:
            raise TooOften(AGAIN_S)
        writer = (ask.viewer.id, ask.path["id"])
        number = self._newest[writer] = next(self._numbers)
        self._waiting += 1
        loop = asyncio.get_running_loop()
        made = loop.run_in_executor(self._pool, self._make, ask, writer, number)
        made.add_done_callback(self._done)
        try:
            return ask.json(await asyncio.wait_for(asyncio.shield(made), TIMEOUT_S))
        except Overtaken:
            return Response(status_code=204)
        except TimeoutError:
            raise TooOften(AGAIN_S) from None

    def _done(self, made: "asyncio.Future[dict[str, Any]]") -> None:
        self._waiting -= 1
        if not made.cancelled():
            made.exception()  # seen: whoever waited has it, and who no longer waits does not want it

    def _make(self, ask: Ask, writer: tuple[str, str], number: int) -> dict[str, Any]:
        if self._newest.get(writer, number) != number:
            raise Overtaken
        return look_at(ask)


def look_at(ask: Ask) -> dict[str, Any]:
    """The form's text as it would leave. Raises InvalidForm, NotFound, NotAllowed."""
    deps = ask.deps
    with reading(deps.engine) as connection:
        conversation = ask.conversation(connection, Right.ANSWER)
        known = {file.id: file for file in waiting(connection, conversation.id, ask.viewer.owner)}
    files = [known[media_id] for media_id in read_files(ask) if media_id in known]
    to = recipient_of(conversation, deps.release())
    written = read_written(ask, to, deps.release().markets[to.market].languages, wordless=bool(files))
    look = looker_of(ask).look(written, to, ask.viewer.owner, for_customer(files, to, deps.release()))
    return to_json(ask, conversation, look)


def looker_of(ask: Ask) -> Looker:
    """Looks with the release of this moment."""
    return Looker(ask.deps.gate, ask.deps.terms(), ask.deps.translator)
