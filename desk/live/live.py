"""News for open pages: wake-ups at once, and a look once a second for those that were lost."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence

import structlog
from anyio import to_thread
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from core.database import reading
from core.wakeups import Bell
from desk.live.hub import Hub
from desk.live.notes import is_conversation, read_typing
from desk.live.watch import living_sessions, look
from desk.viewer import Viewer

logger = structlog.get_logger(__name__)

LOOK_EVERY_S = 1.0
GAP_S = 0.04  # between two looks, so that a burst of wake-ups is one
MAX_NAMED = 2_000  # wake-ups kept between two looks
MAX_TOLD = 10_000  # changes remembered, so that none is told twice


class Live:
    """The hub of this process, and what feeds it. `rung` and `run` belong into its event loop."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self.hub = Hub()
        self._engine = engine
        self._clock = clock
        self._bell = Bell()
        self._named: dict[str, None] = {}
        self._told: OrderedDict[Hashable, None] = OrderedDict()
        self._looked_at = clock()
        self._next_look = 0.0

    def rung(self, note: str) -> None:
        """A wake-up came, with its note."""
        typing = read_typing(note)
        if typing:
            self.hub.tell_typing(typing.conversation_id, typing.who, typing.on, typing.name)
        elif len(self.hub) and is_conversation(note) and len(self._named) < MAX_NAMED:
            self._named[note] = None
            self._bell.ring()

    async def run(self, stopped: asyncio.Event) -> None:
        """Until `stopped` is set."""
        while not stopped.is_set():
            await self._bell.wait(max(0.0, self._next_look - time.monotonic()))
            try:
                await self.look()
            except DBAPIError as error:  # the next look sees what this one missed
                logger.error("desk_look_failed", error=str(error.orig), remedy="run `aftersail doctor`")
            await asyncio.sleep(GAP_S)

    async def look(self) -> None:
        """Look once, and tell the open pages."""
        named, self._named = list(self._named), {}
        everything = time.monotonic() >= self._next_look
        if everything:
            self._next_look = time.monotonic() + LOOK_EVERY_S
        now = self._clock()
        if not len(self.hub):
            self._looked_at = now
            return
        seen = await to_thread.run_sync(look, self._engine, self._looked_at, named, everything)
        if everything:
            self._looked_at = now
            await self._check_sessions(now)
            self.hub.catch_up(seen.changes)
        if seen.too_many:
            self.hub.reload_all()
        rung = set(named)
        # What somebody rang for is told even when the row looks the same: a note or a receipt changes no row.
        self.hub.tell_changes(item for item in seen.changes if self._is_new(item) or item.id in rung)
        self.hub.tell_alerts(alert for alert in seen.alerts if self._is_new((alert.id, alert.data["at"])))

    async def _check_sessions(self, now: float) -> None:
        asked = self.hub.sessions()
        self.hub.keep(asked, await to_thread.run_sync(self._living, sorted(asked), now))

    def _living(self, sessions: Sequence[str], now: float) -> Mapping[str, Viewer]:
        with reading(self._engine) as connection:
            return living_sessions(connection, sessions, now)

    def _is_new(self, what: Hashable) -> bool:
        if what in self._told:
            self._told.move_to_end(what)
            return False
        self._told[what] = None
        if len(self._told) > MAX_TOLD:
            self._told.popitem(last=False)
        return True
