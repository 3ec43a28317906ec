"""All rows of one database to an empty one on PostgreSQL, in one transaction: whole, compared, or not at all."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.engine import Connection

from core import schema, schema_channels, schema_desk
from core.errors import SetupError
from core.postgresql import without_nul
from core.tables import metadata

TABLES = (schema, schema_channels, schema_desk)  # importing them puts their tables into the metadata
BATCH = 1_000  # rows held in memory
LONG = ("statement_timeout", "idle_in_transaction_session_timeout")  # a big table takes its time
Progress = Callable[[str, int], object]  # (table, rows that were copied or compared since the last call)
Values = tuple[Any, ...]


@dataclass
class Tally:
    """Number of rows, and a checksum that knows no order: databases sort texts differently."""

    rows: int = 0
    checksum: int = 0
    cleaned: int = 0  # rows with a NUL, which PostgreSQL's texts cannot hold

    def add(self, row: Values) -> None:
        """Count one more row."""
        digest = hashlib.sha256(repr(row).encode()).digest()
        self.rows += 1
        self.checksum = (self.checksum + int.from_bytes(digest)) % (1 << 256)


@dataclass(frozen=True)
class Copied:
    """What was copied, by table."""

    tallies: dict[str, Tally] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Number of rows of all tables."""
        return sum(tally.rows for tally in self.tallies.values())

    @property
    def cleaned(self) -> int:
        """Number of rows out of which a NUL was taken."""
        return sum(tally.cleaned for tally in self.tallies.values())


def count_rows(source: Connection) -> int:
    """Number of rows to copy."""
    counts = (sa.select(sa.func.count()).select_from(table) for table in metadata.sorted_tables)
    return sum(int(source.execute(count).scalar_one()) for count in counts)


def tables_of_others(source: Connection) -> list[str]:
    """Names of tables that are not Aftersail's, and are not copied."""
    return sorted(set(sa.inspect(source).get_table_names()) - {*metadata.tables, "alembic_version"})


def copy_rows(source: Connection, target: Connection, progress: Progress) -> Copied:
    """What was copied, after each table was read again and compared; `target` is in a transaction that the caller ends.

    Both have the newest schema. Raises SetupError: then the caller must roll back.
    """
    for setting in LONG:
        target.exec_driver_sql(f"SET LOCAL {setting} = 0")
    _check_empty(target)
    copied = Copied()
    for table in metadata.sorted_tables:  # those that others refer to come first
        copied.tallies[table.name] = _copy_table(source, target, table, progress)
        _go_on_counting(target, table)
    for table in metadata.sorted_tables:
        _compare(target, table, copied.tallies[table.name], progress)
        target.exec_driver_sql(f'ANALYZE "{table.name}"')  # so that the first queries are quick already
    return copied


def _check_empty(target: Connection) -> None:
    filled = [table.name for table in metadata.sorted_tables if target.execute(sa.select(table).limit(1)).first()]
    if filled:
        raise SetupError(
            f"The target is not empty: there are rows in {', '.join(filled)}. "
            "Name an empty database; this command overwrites nothing."
        )


def _copy_table(source: Connection, target: Connection, table: sa.Table, progress: Progress) -> Tally:
    tally = Tally()
    clean = _cleaner(table)
    columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), columns)
    driver: psycopg.Connection[Any] | None = target.connection.driver_connection
    assert driver is not None  # for mypy
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for batch in _batches(_rows(source, table)):
                for row in batch:
                    kept = clean(row)
                    tally.cleaned += kept != row
                    tally.add(kept)
                    copy.write_row(kept)
                progress(table.name, len(batch))
    except psycopg.Error as error:
        raise SetupError(
            f"PostgreSQL refused a row of {table.name}: {error.diag.message_primary or error}. Nothing was copied."
        ) from error
    return tally


def _compare(target: Connection, table: sa.Table, wanted: Tally, progress: Progress) -> None:
    found = Tally(cleaned=wanted.cleaned)
    for batch in _batches(_rows(target, table)):
        for row in batch:
            found.add(row)
        progress(table.name, len(batch))
    if found != wanted:
        raise SetupError(
            f"{table.name} reads otherwise on the target than in the source ({found.rows} of {wanted.rows} rows). "
            "Nothing was copied. Use a new database without triggers or rules of others."
        )


def _rows(connection: Connection, table: sa.Table) -> Iterator[Values]:
    """Every row as plain values, the same from every database; JSON as it was written, so that null stays no value."""
    columns = (
        sa.cast(column, sa.Text).label(column.name) if isinstance(column.type, sa.JSON) else column
        for column in table.columns
    )
    options = {"stream_results": True, "yield_per": BATCH}
    for row in connection.execute(sa.select(*columns), execution_options=options):
        yield tuple(row)


def _batches(rows: Iterable[Values]) -> Iterator[Sequence[Values]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _cleaner(table: sa.Table) -> Callable[[Values], Values]:
    """What gives a row as the product itself would have stored it on PostgreSQL."""
    is_json = [isinstance(column.type, sa.JSON) for column in table.columns]

    def clean(row: Values) -> Values:
        pairs = zip(row, is_json, strict=True)
        return tuple(_without_nul(value, typed) if isinstance(value, str) else value for value, typed in pairs)

    return clean


def _without_nul(text: str, is_json: bool) -> str:
    if is_json and "\\u0000" in text:
        return json.dumps(without_nul(json.loads(text)))
    return text.replace("\0", "")


def _go_on_counting(target: Connection, table: sa.Table) -> None:
    """Let the table's counter give the number after the highest."""
    column = table.autoincrement_column
    if column is None:
        return
    counter = sa.cast(sa.func.pg_get_serial_sequence(table.name, column.name), REGCLASS)
    highest = sa.func.max(column)
    statement = sa.select(sa.func.setval(counter, sa.func.coalesce(highest, 1), highest.is_not(None)))
    if target.execute(statement).scalar_one() is None:
        raise SetupError(f"{table.name} has no counter on the target. Nothing was copied. Use a new database.")
