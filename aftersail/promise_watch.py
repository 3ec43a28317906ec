"""Looks after promises: calls people before one breaks, and tells the customer when one did, before they ask."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from aftersail.promise_apology import Apologies
from aftersail.promise_calls import Calls, is_heard
from conversations import promise_rows, rows
from conversations.notices import Notices
from conversations.ownership_model import State
from conversations.ownership_rows import standing
from conversations.promise_model import SAFETY, PromiseState
from conversations.promise_rows import PromiseRow
from desk.deps import DeskDeps
from desk.queue.alerts import raise_alert

logger = structlog.get_logger(__name__)

EVERY_S = 5.0
BATCH = 200  # promises looked at before the loop lets others work
AGAIN_S = 600.0  # danger is told again so often until somebody takes it; what failed is tried again
PERSONS = (State.QUEUED, State.ASSIGNED)


@dataclass(frozen=True)
class PromiseWatch:
    """Runs in the web process; several may, since each change is a conditional UPDATE."""

    engine: Engine
    calls: Calls
    apologies: Apologies
    news: Callable[[str], object]  # tells pages and channels that a conversation has something new
    clock: Callable[[], float]

    async def run(self, stopped: asyncio.Event) -> None:
        """Look until `stopped`."""
        adopted = False
        while not stopped.is_set():
            try:
                if not adopted:
                    await asyncio.to_thread(self.adopt)
                    adopted = True
                looked = await asyncio.to_thread(self.look)
            except DBAPIError as error:
                logger.error("database_away", error=str(error.orig), remedy="run `aftersail doctor`")
                looked = 0
            if looked < BATCH:
                await _wait(stopped, EVERY_S)

    def adopt(self) -> int:
        """Number of hand-offs from before promises were kept, which are watched from now on."""
        with self.engine.begin() as connection:
            return promise_rows.adopt(connection, self.clock())

    def look(self) -> int:
        """Number of promises looked at, at most BATCH; what is due next is another look's."""
        now = self.clock()
        with self.engine.connect() as connection:
            found = promise_rows.to_look_at(connection, now, BATCH)
        for row in found:
            try:
                changed = self._look_at(row, now)
            except DBAPIError:
                raise
            except Exception:  # one promise that fails must not keep the others from their clocks
                logger.critical("promise_failed", promise=row.id, again_in_s=AGAIN_S, exc_info=True)
                changed = self._later(row, now)
            if changed:
                self.news(row.conversation_id)
        return len(found)

    def _look_at(self, row: PromiseRow, now: float) -> bool:
        if row.state == PromiseState.BROKEN and is_heard(row):
            return self._tell_late(row, now)
        with self.engine.begin() as connection:
            return self._advance(connection, row, now)

    def _advance(self, connection: Connection, row: PromiseRow, now: float) -> bool:
        who = standing(connection, row.conversation_id)
        if who.state not in PERSONS:  # nobody has to answer any more
            promise_rows.settled(connection, row.conversation_id, now, by_person=False)
            return True
        after = state_at(row, now)
        next_at = next_look(row, after, who.state, now)
        if after == row.state:
            if not promise_rows.look_again(connection, row, next_at):
                return False
        elif not promise_rows.move(connection, row.id, row.state, after, next_at):
            return False
        conversation = rows.conversation(connection, row.conversation_id)
        return self.calls.make(connection, row, after, conversation, now)

    def _tell_late(self, row: PromiseRow, now: float) -> bool:
        with self.engine.begin() as connection:
            conversation = rows.conversation(connection, row.conversation_id)
            called = self.calls.make(connection, row, PromiseState.BROKEN, conversation, now)
        tried_again = self.apologies.tell(row, now)
        if tried_again is not None and row.tier == SAFETY:
            tried_again = min(tried_again, now + AGAIN_S)
        with self.engine.begin() as connection:
            promise_rows.look_again(connection, row, tried_again)
        return called or tried_again is None

    def _later(self, row: PromiseRow, now: float) -> bool:
        with self.engine.begin() as connection:
            return promise_rows.look_again(connection, row, now + AGAIN_S)


def state_at(row: PromiseRow, now: float) -> PromiseState:
    """How the running promise stands at `now`; never an earlier state than it had."""
    if now >= row.due_at or row.state == PromiseState.BROKEN:
        return PromiseState.BROKEN
    at_risk = now >= row.at_risk_from or row.state == PromiseState.AT_RISK
    return PromiseState.AT_RISK if at_risk else PromiseState.OPEN


def next_look(row: PromiseRow, state: PromiseState, owner: State, now: float) -> float | None:
    """When the promise must be looked at again; None: never, unless somebody answers."""
    natural = {PromiseState.OPEN: row.at_risk_from, PromiseState.AT_RISK: row.due_at}.get(state)
    if state is PromiseState.BROKEN and is_heard(row):
        natural = now  # the customer is told
    if row.tier == SAFETY and is_heard(row) and owner is State.QUEUED:
        return min(natural or now + AGAIN_S, now + AGAIN_S)
    return natural


def open_promise_watch(deps: DeskDeps) -> PromiseWatch:
    """The watch on the desk's parts."""
    apologies = Apologies(
        deps.engine,
        Notices(deps.engine, deps.gate, deps.clock),
        deps.release,
        deps.promise,
        deps.channels.state,
    )
    calls = Calls(raise_alert, deps.promise, lambda: deps.release().markets)
    return PromiseWatch(deps.engine, calls, apologies, deps.news, deps.clock)


async def _wait(stopped: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stopped.wait(), seconds)
    except TimeoutError:
        return
