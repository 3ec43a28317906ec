"""What vendors told us and we have not applied yet: written before the webhook is answered, applied in order."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from core.database import reading
from core.schema_channels import webhook_events

HOLD_S = 30.0  # far longer than applying takes; a dead process's events are free again then
KEEP_S = 8 * 86_400.0  # vendors repeat for seven days at most
MAX_ATTEMPTS = 8
FIRST_PAUSE_S = 0.5
MAX_ERROR = 500  # characters kept of what went wrong


@dataclass(frozen=True)
class NewEvent:
    """An event as it came; `body` is what is needed to apply it."""

    channel: str
    event_id: str
    person: str  # events of the same person are applied one after the other
    at: float
    body: Mapping[str, Any]


@dataclass(frozen=True)
class StoredEvent:
    """An event that waits."""

    id: int
    channel: str
    event_id: str
    person: str
    at: float
    received_at: float
    body: Mapping[str, Any]
    attempts: int


_COLUMNS = [getattr(webhook_events.c, name) for name in StoredEvent.__dataclass_fields__]
_HELD = (
    sa.select(webhook_events.c.person)
    .where(webhook_events.c.state == "waiting", webhook_events.c.until > sa.bindparam("now"))
    .correlate(None)
)
# Who has an event that failed a moment ago waits with the later ones, so that nothing overtakes it.
_PAUSED = sa.select(webhook_events.c.person).where(
    webhook_events.c.state == "waiting", webhook_events.c.next_at > sa.bindparam("now")
)
_WAITING = (
    sa.select(webhook_events.c.id)
    .where(
        webhook_events.c.state == "waiting",
        webhook_events.c.until <= sa.bindparam("now"),
        webhook_events.c.person.not_in(_HELD),
        webhook_events.c.person.not_in(_PAUSED),
        sa.or_(
            sa.bindparam("every", type_=sa.Boolean),
            webhook_events.c.channel.in_(sa.bindparam("only", expanding=True)),
        ),
        webhook_events.c.channel.not_in(sa.bindparam("but", expanding=True)),
    )
    .order_by(webhook_events.c.at, webhook_events.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)


class Inbox:
    """Events for one process: of all channels, `only` of some, or of all `but` some."""

    def __init__(
        self,
        engine: Engine,
        holder: str,
        clock: Callable[[], float] = time.time,
        only: Collection[str] = (),
        but: Collection[str] = (),
    ) -> None:
        self._engine = engine
        self._holder = holder
        self._clock = clock
        self._which = {"every": not only, "only": list(only), "but": list(but)}

    def store(self, events: Iterable[NewEvent]) -> int:
        """Number of events that were new; those known already change nothing. All or none are stored."""
        return self.store_all([list(events)])[0]

    def store_all(self, groups: Sequence[Sequence[NewEvent]]) -> list[int]:
        """Number of new events of each group, like `store`. All or none of all groups are stored."""
        now = self._clock()
        rows = [[_row(event, now) for event in events] for events in groups]
        if not any(rows):
            return [0] * len(rows)
        with self._engine.begin() as connection:
            insert = _insert(connection)
            return [sum(connection.execute(insert, row).rowcount for row in group) for group in rows]

    def known(self, channel: str, event_id: str) -> bool:
        """Whether an event of this id came, or was marked."""
        mine = sa.and_(webhook_events.c.channel == channel, webhook_events.c.event_id == event_id)
        with reading(self._engine) as connection:
            return connection.execute(sa.select(webhook_events.c.id).where(mine)).first() is not None

    def mark(self, channel: str, event_id: str) -> None:
        """Remember an id as if its event were applied."""
        now = self._clock()
        row = {"channel": channel, "event_id": event_id, "person": "", "at": now, "received_at": now, "state": "done"}
        with self._engine.begin() as connection:
            connection.execute(_insert(connection), row)

    def claim(self, most: int) -> Sequence[StoredEvent]:
        """Events to apply, oldest first, held by this process for HOLD_S; empty when none waits."""
        now = self._clock()
        wanted = {"now": now, **self._which}
        with reading(self._engine) as connection:
            if connection.execute(_WAITING, {**wanted, "most": 1}).first() is None:
                return []
        with self._engine.begin() as connection:
            ids = connection.execute(_WAITING, {**wanted, "most": most}).scalars().all()
            chosen = webhook_events.c.id.in_(ids)
            connection.execute(sa.update(webhook_events).where(chosen).values(holder=self._holder, until=now + HOLD_S))
            found = sa.select(*_COLUMNS).where(chosen).order_by(webhook_events.c.at, webhook_events.c.id)
            return [StoredEvent(**row._mapping) for row in connection.execute(found)]

    def done(self, ids: Sequence[int]) -> None:
        """The events are applied: what they said is forgotten, that they came is not."""
        self._settle(ids, state="done", body=None, until=0, error="")

    def put_back(self, ids: Sequence[int]) -> None:
        """Events that were not come to wait again."""
        self._give_back(ids, until=0)

    def again(self, event: StoredEvent, error: str) -> bool:
        """Whether the event will be tried again; after MAX_ATTEMPTS it is kept as failed, with the reason."""
        attempts = event.attempts + 1
        if attempts >= MAX_ATTEMPTS:
            self._give_back([event.id], state="failed", attempts=attempts, until=0, error=error[:MAX_ERROR])
            return False
        pause = FIRST_PAUSE_S * 2**event.attempts
        values = {"attempts": attempts, "next_at": self._clock() + pause, "until": 0, "error": error[:MAX_ERROR]}
        self._give_back([event.id], **values)
        return True

    def release(self) -> int:
        """Number of events freed that a dead process of this name held."""
        mine = sa.and_(webhook_events.c.holder == self._holder, webhook_events.c.state == "waiting")
        with self._engine.begin() as connection:
            return connection.execute(sa.update(webhook_events).where(mine).values(until=0)).rowcount

    def retry_failed(self) -> int:
        """Number of failed events that wait again."""
        failed = sa.update(webhook_events).where(webhook_events.c.state == "failed")
        with self._engine.begin() as connection:
            return connection.execute(failed.values(state="waiting", attempts=0, next_at=0)).rowcount

    def counts(self) -> Mapping[str, int]:
        """How many events are in each state."""
        statement = sa.select(webhook_events.c.state, sa.func.count()).group_by(webhook_events.c.state)
        with reading(self._engine) as connection:
            return {state: count for state, count in connection.execute(statement)}

    def purge(self) -> int:
        """Number of applied events forgotten; no vendor repeats so old ones."""
        old = sa.and_(webhook_events.c.state == "done", webhook_events.c.received_at < self._clock() - KEEP_S)
        with self._engine.begin() as connection:
            return connection.execute(sa.delete(webhook_events).where(old)).rowcount

    def _give_back(self, ids: Sequence[int], **values: Any) -> None:
        """What another process has taken since our hold ended is its own: it alone says what becomes of it."""
        mine = sa.and_(webhook_events.c.holder == self._holder, webhook_events.c.state == "waiting")
        self._settle(ids, mine, **values)

    def _settle(self, ids: Sequence[int], *conditions: sa.ColumnElement[bool], **values: Any) -> None:
        chosen = sa.and_(webhook_events.c.id.in_(ids), *conditions)
        with self._engine.begin() as connection:
            connection.execute(sa.update(webhook_events).where(chosen).values(**values))


def _row(event: NewEvent, now: float) -> dict[str, Any]:
    return {**vars(event), "body": dict(event.body), "received_at": now, "state": "waiting"}


def _insert(connection: Connection) -> sa.Insert:
    from sqlalchemy.dialects import postgresql, sqlite

    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(webhook_events).on_conflict_do_nothing()
    return statement.execution_options(preserve_rowcount=True)  # psycopg forgets it with its cursor
