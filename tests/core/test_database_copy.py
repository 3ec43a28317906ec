"""All rows go to PostgreSQL as they are, or none does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine

from core import database_copy
from core.database import migrate, open_engine, reading
from core.database_copy import copy_rows, count_rows, tables_of_others
from core.errors import SetupError
from core.schema import attempts, conversations, messages
from core.schema_channels import webhook_events
from core.settings import Settings
from core.tables import metadata
from tests.support import postgres
from tests.support.rows import fill

pytestmark = pytest.mark.postgres

ROWS = 40  # of each table


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Engine]:
    """An SQLite database with rows in every table."""
    engine = open_engine(Settings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'shop.db'}"))
    migrate(engine)
    fill(engine, ROWS)
    yield engine
    engine.dispose()


@pytest.fixture
def url() -> Iterator[URL]:
    url = postgres.new_database()
    yield url
    postgres.drop(url)


@pytest.fixture
def target(url: URL) -> Iterator[Engine]:
    """A migrated database on PostgreSQL."""
    engine = open_engine(Settings(_env_file=None, database_url=url.render_as_string(hide_password=False)))
    yield engine
    engine.dispose()


def copied(source: Engine, target: Engine) -> database_copy.Copied:
    with reading(source) as here, target.begin() as there:
        return copy_rows(here, there, lambda _name, _rows: None)


def rows_of(engine: Engine, table: sa.Table) -> list[tuple[object, ...]]:
    """All rows as the product reads them."""
    with reading(engine) as connection:
        return sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)


def is_empty(engine: Engine) -> bool:
    with reading(engine) as connection:
        return count_rows(connection) == 0


def test_every_row_of_every_table_reads_the_same(source: Engine, target: Engine) -> None:
    done = copied(source, target)
    assert done.rows == ROWS * len(metadata.tables)
    assert done.cleaned == 0
    for table in metadata.sorted_tables:
        assert rows_of(target, table) == rows_of(source, table), table.name


def test_no_value_and_null_in_json_stay_two_things(source: Engine, target: Engine) -> None:
    kinds = sa.select(messages.c.id, messages.c.gate.is_(sa.null()), sa.cast(messages.c.gate, sa.Text))
    with source.begin() as connection:
        connection.execute(sa.update(messages).where(messages.c.seq == 1).values(gate=sa.JSON.NULL))
    copied(source, target)
    with reading(source) as here, reading(target) as there:
        wanted = {tuple(row) for row in here.execute(kinds)}
        assert {tuple(row) for row in there.execute(kinds)} == wanted
    assert {text for _, _, text in wanted} > {None, "null"}


def test_new_rows_are_counted_on(source: Engine, target: Engine) -> None:
    copied(source, target)
    counters = [table for table in metadata.sorted_tables if table.autoincrement_column is not None]
    assert attempts in counters
    with target.begin() as connection:
        for table in counters:
            row = dict(connection.execute(sa.select(table).where(table.c.id == 1)).one()._mapping)
            row = {**row, "id": None, **({"event_id": "new"} if table is webhook_events else {})}
            values = {name: value for name, value in row.items() if value is not None}
            assert connection.execute(sa.insert(table).values(values)).inserted_primary_key == (ROWS + 1,)


def test_an_empty_shop_begins_to_count_at_one(target: Engine, tmp_path: Path) -> None:
    empty = open_engine(Settings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'empty.db'}"))
    migrate(empty)
    assert copied(empty, target).rows == 0
    with target.begin() as connection:
        added = connection.execute(sa.insert(attempts).values(kind="x", key="x", at=1.0))
        assert added.inserted_primary_key == (1,)
    empty.dispose()


def test_a_nul_is_taken_out_and_told(source: Engine, target: Engine) -> None:
    told = '{"literally": "\\\\u0000"}'  # words of a customer, which stay as they are
    with source.begin() as connection:
        values = {"text": "he\0llo", "payload": {"a\0": ["\0b"]}}
        connection.execute(sa.update(messages).where(messages.c.seq == 1).values(values))
        connection.execute(sa.update(messages).where(messages.c.seq == 2).values(text=told, payload={"x": "\\u0000"}))
    assert copied(source, target).cleaned == 1
    with reading(target) as connection:
        found = sa.select(messages.c.text, messages.c.payload).where(messages.c.seq < 3).order_by(messages.c.seq)
        assert connection.execute(found).all() == [("hello", {"a": ["b"]}), (told, {"x": "\\u0000"})]


def test_a_target_with_rows_is_refused_and_left_alone(source: Engine, target: Engine) -> None:
    with target.begin() as connection:
        connection.execute(sa.insert(attempts).values(kind="x", key="x", at=1.0))
    with pytest.raises(SetupError, match="not empty: there are rows in attempts"):
        copied(source, target)
    with reading(target) as connection:
        assert count_rows(connection) == 1


def test_a_row_that_postgresql_refuses_is_named_and_nothing_is_kept(source: Engine, target: Engine) -> None:
    with source.begin() as connection:
        connection.execute(sa.text("UPDATE surveys SET score = 'many' WHERE score = 2"))
    with pytest.raises(SetupError, match="refused a row of surveys") as raised:
        copied(source, target)
    assert "Nothing was copied" in str(raised.value)
    assert is_empty(target)


@pytest.mark.parametrize(
    "change",
    [
        "NEW.text := upper(NEW.text); RETURN NEW;",
        "IF NEW.seq = 7 THEN RETURN NULL; END IF; RETURN NEW;",
        "NEW.created_at := NEW.created_at + 0.000001; RETURN NEW;",
    ],
    ids=["other words", "a row less", "another time"],
)
def test_what_reads_otherwise_is_found_and_nothing_is_kept(source: Engine, target: Engine, change: str) -> None:
    function = f"CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {change} END $$"
    with target.begin() as connection:
        connection.exec_driver_sql(function)
        connection.exec_driver_sql(
            "CREATE TRIGGER spoil BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION spoil()"
        )
    with pytest.raises(SetupError, match=r"reads otherwise|refused a row"):
        copied(source, target)
    assert is_empty(target)


def test_whatever_breaks_at_the_end_leaves_nothing(
    source: Engine, target: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_target: Connection, table: sa.Table, *_rest: object) -> None:
        if table is metadata.sorted_tables[-1]:
            raise KeyboardInterrupt

    monkeypatch.setattr(database_copy, "_compare", broken)
    with pytest.raises(KeyboardInterrupt):
        copied(source, target)
    assert is_empty(target)


def test_progress_comes_to_its_end(source: Engine, target: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_copy, "BATCH", 7)
    seen: list[tuple[str, int]] = []
    with reading(source) as here, target.begin() as there:
        total = count_rows(here)
        copy_rows(here, there, lambda name, rows: seen.append((name, rows)))
    assert sum(rows for _, rows in seen) == 2 * total
    assert max(rows for _, rows in seen) == 7
    assert {name for name, _ in seen} == set(metadata.tables)


def test_tables_of_others_are_named(source: Engine) -> None:
    with source.begin() as connection:
        connection.execute(sa.text("CREATE TABLE events (id INTEGER)"))  # as Rasa's own tracker store calls its table
        assert tables_of_others(connection) == ["events"]


def test_those_that_others_refer_to_come_first(source: Engine) -> None:
    names = list(metadata.sorted_tables)
    for table in names:
        for key in table.foreign_keys:
            assert names.index(key.column.table) < names.index(table)
    assert names.index(conversations) < names.index(messages)
