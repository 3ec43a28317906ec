"""Gives waiting conversations to agents, and takes back what somebody who is gone leaves waiting.

Several web processes may do it at once: each change is looked at again in its own transaction.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial

import sqlalchemy as sa
import structlog
from anyio import to_thread
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from conversations import ownership
from conversations.ownership import SYSTEM, Action, Event
from conversations.ownership_errors import OwnershipError
from conversations.ownership_model import State
from conversations.promise_model import Promise
from core.database import reading
from core.schema_desk import agents
from core.wakeups import Bell
from desk.agents import ACTIVE, HERE, list_agents
from desk.audit import audit
from desk.queue.alerts import AlertKind, raise_alert
from desk.queue.routing import Case, Choice, plan
from desk.queue.routing_rows import CategoryOf, Left, OnDuty, left_alone, loads, waiting_cases, workers
from desk.queue.routing_rules import RoutingRules

logger = structlog.get_logger(__name__)

EVERY_S = 2.0
GAP_S = 0.25  # between two rounds, however much news there is


class Assigner:
    """Runs in each web process. `news` tells that a conversation has something new."""

    def __init__(
        self,
        engine: Engine,
        rules: RoutingRules,
        duty: OnDuty,
        category_of: CategoryOf,
        promise: Promise,
        news: Callable[[str], object],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._engine = engine
        self._rules = rules
        self._duty = duty
        self._category_of = category_of
        self._promise = promise
        self._news = news
        self._clock = clock
        self._bell = Bell()

    def rung(self) -> None:
        """Something is new: do not wait for the next round."""
        self._bell.ring()

    async def run(self, stopped: asyncio.Event) -> None:
        """Until `stopped` is set."""
        while not stopped.is_set():
            await self._bell.wait(EVERY_S)
            try:
                await to_thread.run_sync(self.round)
            except DBAPIError as error:  # the next round does what this one could not
                logger.error("assigning_failed", error=str(error.orig), remedy="run `aftersail doctor`")
            await asyncio.sleep(GAP_S)

    def round(self) -> Sequence[str]:
        """Ids of the conversations that were taken back or given, in that order."""
        now = self._clock()
        with reading(self._engine) as connection:
            left = left_alone(connection, now, self._rules, self._duty)
        ours = [item for item in left if self._rules.gives(item.market)]
        changed = [item.id for item in ours if _is_done(item.id, partial(self._take_back, item, now))]
        with reading(self._engine) as connection:
            given = self._plan(connection, now)
        changed += [case.id for case, choice in given if _is_done(case.id, partial(self._give, case, choice, now))]
        for conversation_id in changed:
            self._news(conversation_id)
        return changed

    def _plan(self, connection: Connection, now: float) -> list[tuple[Case, Choice]]:
        cases = [case for case in waiting_cases(connection, now, self._category_of) if self._rules.gives(case.market)]
        if not cases:
            return []
        markets = sorted({case.market for case in cases})
        return plan(cases, workers(connection, list_agents(connection), markets, now, self._rules, self._duty), now)

    def _take_back(self, left: Left, now: float) -> bool:
        action = Action(Event.RELEASE, SYSTEM, f"{left.why}: {left.owner}", lead=True)
        with self._engine.begin() as connection:
            standing = ownership.standing(connection, left.id)
            if standing.agent != left.owner or standing.waiting_since is None:
                return False  # answered, or somebody else's by now
            ownership.move(connection, left.id, action, now, promise=self._promise)
            self._write(connection, "release", left.id, left.market, now, agent=left.owner, reason=left.why)
        return True

    def _give(self, case: Case, choice: Choice, now: float) -> bool:
        owner = f"agent:{choice.name}"
        action = Action(Event.ASSIGN, SYSTEM, str(choice.reason), to=owner)
        with self._engine.begin() as connection:
            if not self._has_room(connection, choice.name, owner, now):
                return False
            if ownership.standing(connection, case.id).state is not State.QUEUED:
                return False  # taken, handed back or closed by now
            ownership.move(connection, case.id, action, now, promise=self._promise)
            raise_alert(connection, owner, case.market, AlertKind.ASSIGNED, case.id, now)
            self._write(connection, "assign", case.id, case.market, now, agent=owner, reason=str(choice.reason))
        return True

    def _has_room(self, connection: Connection, name: str, owner: str, now: float) -> bool:
        """Whether they still take one more. Their row is locked: two processes never fill one place."""
        c = agents.c
        statement = sa.select(c.capacity, c.presence, c.state).where(c.name == name).with_for_update()
        row = connection.execute(statement).one_or_none()
        if row is None or row.presence != HERE or row.state != ACTIVE:
            return False
        return loads(connection, now, self._rules, owner).get(owner, 0) < int(row.capacity)

    def _write(
        self, connection: Connection, action: str, conversation_id: str, market: str, now: float, **details: str
    ) -> None:
        audit(connection, SYSTEM, action, target=conversation_id, market=market, details=details, now=now)


def _is_done(conversation_id: str, move: Callable[[], bool]) -> bool:
    """Whether the move was made. One conversation that fails must not keep the others waiting."""
    try:
        return move()
    except OwnershipError as error:  # somebody was quicker
        logger.info("not_moved", conversation=conversation_id, why=type(error).__name__)
    except DBAPIError:
        raise
    except Exception:
        logger.critical("assigning_failed", conversation=conversation_id, exc_info=True)
    return False
