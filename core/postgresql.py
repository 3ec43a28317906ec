"""PostgreSQL, set up to keep the promises that SQLite keeps: one writer at a time, and readers who wait for nobody.

docs/decisions/0015-one-writer-on-postgresql.md says why.
"""

import json
import platform
from collections.abc import Callable
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.types.string import StrDumperUnknown
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.ext.compiler import compiles

DRIVER = "postgresql+psycopg"
MAX_NAME = 63  # bytes of a name in PostgreSQL
LOCK_WAIT_MS = 10_000  # as long as SQLite's
WRITE_LOCK = 4_153_414  # any number that nothing else in this database locks
BOUNDS = {
    "lock_timeout": LOCK_WAIT_MS,
    "statement_timeout": 60_000,
    # A writer whose machine hangs gives the lock back.
    "idle_in_transaction_session_timeout": 30_000,
}
CONNECT: dict[str, Any] = {
    "connect_timeout": 5,
    # A peer that is gone without a word is noticed within half a minute.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
    # A pooler that pools by transaction would look for a prepared statement in another session.
    "prepare_threshold": None,
}
# A reader sees one moment all through. A writer waits for the one before it; READ COMMITTED then lets each of its
# statements see all that was committed before it got the lock. Both are as on SQLite.
READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {bounds}"
WRITE = f"BEGIN ISOLATION LEVEL READ COMMITTED; {{bounds}}; SELECT pg_advisory_xact_lock({WRITE_LOCK})"


def open_postgresql(url: URL) -> Engine:
    """An engine. A connection that broke while nobody used it is replaced before somebody gets it."""
    # The name tells machines apart: core/relay.py passes nothing on that its own machine has changed.
    arguments = {**CONNECT, "application_name": f"aftersail@{platform.node()}"[:MAX_NAME]}
    engine = sa.create_engine(
        url.set(drivername=DRIVER),
        connect_args={name: value for name, value in arguments.items() if name not in url.query},
        pool_pre_ping=True,
        pool_timeout=LOCK_WAIT_MS / 1000,
        json_serializer=_json,
        hide_parameters=True,
    )
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _beginning())
    return engine


def _prepare(connection: "psycopg.Connection[Any]", _record: object) -> None:
    connection.adapters.register_dumper(str, _WithoutNul)
    connection.autocommit = True  # the driver opens no transaction by itself: the event does, in one round trip


def _beginning() -> Callable[[Connection], None]:
    # In each transaction, not once for the session: behind a pooler the next one may be in another session.
    chosen = ", ".join(f"set_config('{name}', '{milliseconds}', true)" for name, milliseconds in BOUNDS.items())
    read, write = (begin.format(bounds=f"SELECT {chosen}") for begin in (READ, WRITE))

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(read if connection.get_execution_options().get("read_only", False) else write)

    return begin


@compiles(sa.String, "postgresql")
def _any_length(_type: sa.String, _compiler: object, **_options: Any) -> str:
    """A column takes texts of any length, as it does on SQLite: what bounds them is the door, not the table."""
    return "VARCHAR"


class _WithoutNul(StrDumperUnknown):
    """PostgreSQL's text holds no NUL. The doors take it out; whatever passes them is no reason to lose a message."""

    def dump(self, obj: str) -> Any:
        """The text's bytes."""
        return super().dump(obj.replace("\0", "") if "\0" in obj else obj)


def _json(value: object) -> str:
    """JSON that PostgreSQL can look into, which it cannot where a text has a NUL."""
    written = json.dumps(value)
    return json.dumps(without_nul(value)) if "\\u0000" in written else written


def without_nul(value: Any) -> Any:
    """`value`, which JSON can be made of, with no NUL in its texts."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, dict):
        return {without_nul(key): without_nul(item) for key, item in value.items()}
    return [without_nul(item) for item in value] if isinstance(value, (list, tuple)) else value
