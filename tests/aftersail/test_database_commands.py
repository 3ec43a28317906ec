"""`aftersail database`: to PostgreSQL and back from a backup, as an operator does it at night."""

import asyncio
import io
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from rich.console import Console
from sqlalchemy.engine import URL, Connection, Engine

from aftersail import database_commands
from aftersail.database_commands import copy_database
from connectors.events import StatusChange
from core import sqlite_file
from core.database import ADDRESS, migrate, open_engine, reading
from core.database_copy import Copied, Progress, copy_rows, count_rows
from core.errors import SetupError
from core.schema import attempts
from core.settings import PROJECT, Settings
from core.tables import metadata
from core.wakeups import COURIER, WEB, WORKER, Listener
from tests.support import postgres
from tests.support.channel import Clock, ScriptedChannel, said
from tests.support.channel_desk import Desk
from tests.support.installation import cannot_run
from tests.support.rows import fill

PASSWORD = "geheim"
on_postgres = pytest.mark.postgres


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Those of a shop on SQLite, whatever the other tests run on."""
    return Settings(_env_file=None, data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'aftersail.db'}")


@pytest.fixture
def shop(settings: Settings) -> Engine:
    """Its database, filled, with nobody connected to it."""
    engine = open_engine(settings)
    migrate(engine)
    fill(engine, 5)
    engine.dispose()
    return engine


@pytest.fixture
def url() -> Iterator[URL]:
    """An empty database, without tables."""
    url = postgres.new_database("template0")
    yield url
    postgres.drop(url)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "WAIT_S", 0.1)


def address_of(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def engine_of(url: URL) -> Engine:
    return open_engine(Settings(_env_file=None, database_url=address_of(url)))


def move(settings: Settings, to: URL | str) -> str:
    """What the operator reads."""
    screen = io.StringIO()
    copy_database(settings, to if isinstance(to, str) else address_of(to), Console(file=screen, width=200))
    return screen.getvalue()


def refusal(settings: Settings, to: URL | str) -> str:
    """What the operator reads where nothing was copied."""
    with pytest.raises(SetupError) as raised:
        move(settings, to)
    return str(raised.value)


def in_terminal(settings: Settings, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """`aftersail ARGUMENTS` as a process."""
    variables: Mapping[str, str] = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AFTERSAIL_")},
        "PYTHONPATH": str(PROJECT),
        "AFTERSAIL_DATA_DIR": str(settings.data_dir),
        **more,
    }
    command = [sys.executable, "-m", "aftersail.cli", *arguments]
    return subprocess.run(
        command, env=variables, cwd=settings.data_dir, capture_output=True, text=True, timeout=120, check=False
    )


@on_postgres
def test_a_shop_moves_in_one_command(settings: Settings, shop: Engine, url: URL) -> None:
    (settings.data_dir / "media").mkdir()
    with shop.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE events (id INTEGER)")
    shop.dispose()
    done = in_terminal(settings, "database", "copy", "--to", address_of(url.set(password=PASSWORD)))
    assert done.returncode == 0, done.stderr
    rows = f"Copied {5 * len(metadata.tables)} row(s) of {len(metadata.tables)} tables"
    for part in (rows, "not copied: events", "media in", f"Now set {ADDRESS}", "Move it away"):
        assert part in done.stderr
    assert PASSWORD not in done.stderr + done.stdout
    target = engine_of(url)
    for engine in (shop, target):  # the source has what it had
        with reading(engine) as connection:
            assert count_rows(connection) == 5 * len(metadata.tables)
        engine.dispose()


@on_postgres
async def test_what_was_under_way_goes_on_where_it_was(settings: Settings, url: URL) -> None:
    """Queued messages are sent in order and once, repeats of the vendor are known, the numbering goes on."""
    engine = open_engine(settings)
    migrate(engine)
    clock, channel = Clock(), ScriptedChannel(reports_delivery=True)
    before = Desk(engine, channel, clock=clock)
    await before.tell(said("where is it?", "m1"), "e1")
    before.answer("a", "b", "c")
    await before.send()
    assert channel.texts == ["a"]
    engine.dispose()
    await asyncio.to_thread(move, settings, url)
    target = engine_of(url)
    after = Desk(target, channel, "web-2", clock)
    await after.tell(said("where is it?", "m1"), "e1")
    await after.tell(StatusChange("v1", "sent"), "e2")
    await after.send()
    await after.tell(StatusChange("v2", "sent"), "e3")
    await after.send()
    assert channel.texts == ["a", "b", "c"]
    await after.tell(said("thanks", "m2"), "e4")
    conversation = after.answer("d")
    said_so_far = [(row.seq, row.text) for row in after.record.history(conversation)]
    assert said_so_far == list(enumerate(("where is it?", "a", "b", "c", "thanks", "d"), start=1))
    target.dispose()


@pytest.mark.parametrize("role", [WEB, WORKER, COURIER])
def test_it_is_refused_while_a_process_runs(settings: Settings, shop: Engine, role: str) -> None:
    with Listener(settings.run_dir, role, f"{role}-1"):
        assert f"Aftersail runs on {settings.data_dir} ({role}). Stop it" in refusal(settings, "postgresql://h/d")


def test_it_is_refused_while_anybody_has_the_file_open(settings: Settings, shop: Engine) -> None:
    with shop.connect():
        assert "Another program has" in refusal(settings, "postgresql://h/d")


@on_postgres
@pytest.mark.parametrize("when", [0, 15, 40], ids=["at the first table", "in the middle", "while it compares"])
def test_a_server_that_goes_away_leaves_nothing_and_is_told(
    settings: Settings, shop: Engine, url: URL, monkeypatch: pytest.MonkeyPatch, when: int
) -> None:
    def copy_until(source: Connection, target: Connection, progress: Progress) -> Copied:
        seen = iter(range(1_000))

        def cut(name: str, rows: int) -> None:
            progress(name, rows)
            if next(seen) == when:
                postgres.cut_off(url)

        return copy_rows(source, target, cut)

    monkeypatch.setattr(database_commands, "copy_rows", copy_until)
    assert "Nothing was copied" in refusal(settings, url)
    monkeypatch.undo()
    move(settings, url)  # at once again


@on_postgres
def test_twice_is_refused_and_nothing_is_doubled(settings: Settings, shop: Engine, url: URL) -> None:
    move(settings, url)
    assert "The target is not empty: there are rows in" in refusal(settings, url)
    target = engine_of(url)
    with reading(target) as connection:
        assert count_rows(connection) == 5 * len(metadata.tables)
    target.dispose()


@on_postgres
def test_a_target_that_is_somebody_elses_is_left_alone(settings: Settings, shop: Engine, url: URL) -> None:
    engine = engine_of(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE invoices (id INTEGER)")
    assert "tables of something else: invoices" in refusal(settings, url)
    assert sa.inspect(engine).get_table_names() == ["invoices"]
    engine.dispose()


@on_postgres
def test_a_target_of_an_older_schema_is_migrated_first(settings: Settings, shop: Engine, url: URL) -> None:
    engine = engine_of(url)
    migrate(engine)
    with engine.begin() as connection:  # as if migration 0009 had not run
        connection.exec_driver_sql("DROP FUNCTION aftersail_tell() CASCADE")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0008'")
    move(settings, url)
    with reading(engine) as connection:
        triggers = "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'aftersail_tell%%'"
        assert connection.exec_driver_sql(triggers).scalar_one() == 2
    engine.dispose()


@on_postgres
def test_a_target_of_a_newer_schema_is_refused(settings: Settings, shop: Engine, url: URL) -> None:
    engine = engine_of(url)
    migrate(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert "another version of Aftersail" in refusal(settings, url)
    engine.dispose()


@pytest.mark.parametrize(
    ("version", "said"), [("0001", "run `aftersail build`"), ("9999", "the Aftersail that wrote it")]
)
def test_a_source_of_another_schema_is_refused(settings: Settings, shop: Engine, version: str, said: str) -> None:
    with shop.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    shop.dispose()
    assert said in refusal(settings, "postgresql://h/d")


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("nonsense", "--to is no address"),
        ("sqlite:///other.db", "--to must be the address of a PostgreSQL"),
        (f"postgresql://ann:{PASSWORD}@127.0.0.1:1/d", "Start PostgreSQL, or correct host and port in --to"),
        (f"postgresql://127.0.0.1:1/d?user=ann&password={PASSWORD}", "Start PostgreSQL"),
        (f"postgresql://ann:x@{PASSWORD}@127.0.0.1:1/d", "write an @ in a password as %40"),
    ],
)
def test_a_wrong_target_is_told_without_its_password(settings: Settings, shop: Engine, to: str, said: str) -> None:
    text = refusal(settings, to)
    assert said in text
    assert PASSWORD not in text


@on_postgres
@pytest.mark.parametrize("from_byte", [0, 20_000], ids=["no database", "damaged"])
def test_a_broken_source_is_named_and_not_the_target(
    settings: Settings, shop: Engine, url: URL, from_byte: int
) -> None:
    path = settings.data_dir / "aftersail.db"
    path.write_bytes(path.read_bytes()[:from_byte] + b"\xff" * 400_000)
    text = refusal(settings, url)
    assert "aftersail.db cannot be used" in text
    assert "restore a backup" in text
    assert "postgresql" not in text


def test_a_wrong_source_is_told(settings: Settings, tmp_path: Path) -> None:
    assert "There is no database" in refusal(settings, "postgresql://h/d")
    with closing(sqlite3.connect(tmp_path / "aftersail.db")) as other:
        other.execute("CREATE TABLE t (a)")
    assert "no database of Aftersail" in refusal(settings, "postgresql://h/d")
    there = Settings(_env_file=None, data_dir=tmp_path, database_url="postgresql://h/d")
    assert "must be the SQLite database" in refusal(there, "postgresql://h/e")


def test_a_backup_made_while_it_is_used_is_restored_as_the_page_says(settings: Settings, shop: Engine) -> None:
    folder = settings.data_dir
    with shop.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        done = in_terminal(settings, "database", "backup", str(folder / "copy.db"))
    assert done.returncode == 0, done.stderr
    assert "MB, checked" in done.stderr
    with shop.begin() as connection:
        connection.execute(sa.delete(attempts))
    shop.dispose()
    for name in ("aftersail.db", "aftersail.db-wal", "aftersail.db-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.copy(folder / "copy.db", folder / "aftersail.db")
    engine = open_engine(settings)
    migrate(engine)
    with engine.begin() as connection:
        assert count_rows(connection) == 5 * len(metadata.tables)
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        connection.execute(sa.insert(attempts).values(kind="x", key="x", at=1.0))
    engine.dispose()


@on_postgres
def test_on_postgresql_the_backup_is_its_own_and_restores(settings: Settings, shop: Engine, url: URL) -> None:
    if not shutil.which("pg_dump"):
        cannot_run("pg_dump is not installed")
    move(settings, url)
    told = in_terminal(settings, "database", "backup", "copy.db", AFTERSAIL_DATABASE_URL=address_of(url))
    assert told.returncode == 1
    assert "pg_dump --format=custom" in told.stderr
    dump = settings.data_dir / "copy.dump"
    address = address_of(url.set(drivername="postgresql"))
    subprocess.run(["pg_dump", "--format=custom", f"--file={dump}", address], check=True, timeout=60)
    other = postgres.new_database("template0")
    there = address_of(other.set(drivername="postgresql"))
    restore = ["pg_restore", "--no-owner", "--single-transaction", "--exit-on-error", f"--dbname={there}", str(dump)]
    subprocess.run(restore, check=True, timeout=60)
    engine = engine_of(other)
    migrate(engine)
    with engine.begin() as connection:
        assert count_rows(connection) == 5 * len(metadata.tables)
        added = connection.execute(sa.insert(attempts).values(kind="x", key="x", at=1.0))
        assert added.inserted_primary_key == (6,)
    engine.dispose()
    postgres.drop(other)
