"""`aftersail database`: to PostgreSQL in one step, whole or not at all; and a backup while everything runs."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import DBAPIError

from core.database import ADDRESS, address, migrate, read_address, remedy, schema_versions, shown
from core.database_copy import Copied, copy_rows, count_rows, tables_of_others
from core.errors import SetupError
from core.settings import Settings, load_settings
from core.sqlite_file import alone, back_up, file_of
from core.tables import metadata
from core.wakeups import COURIER, WEB, WORKER, Notifier

database_app = typer.Typer(help="Move to PostgreSQL, and back up.", no_args_is_help=True)
TO = "--to"
UTF8 = "UTF8"
BACKUP = "pg_dump --format=custom --file=COPY 'postgresql://…'"
BESIDE = ("secret", "releases", "models", "packages", "media", "templates.yml", "demo_orders.db")  # in the data folder
To = Annotated[
    str,
    typer.Option(TO, help="postgresql://user@host/database; the password may come from PGPASSWORD or ~/.pgpass."),
]


@database_app.command()
def copy(to: To) -> None:
    """Copy the SQLite database to an empty one on PostgreSQL. Aftersail must be stopped; the source stays as it is."""
    copy_database(load_settings(), to, Console(stderr=True, highlight=False))


@database_app.command()
def backup(file: Annotated[Path, typer.Argument(help="The copy to make; it must not exist.")]) -> None:
    """Copy the SQLite database to a file while Aftersail runs."""
    settings = load_settings()
    url = address(settings)
    if url.get_backend_name() != "sqlite":
        raise SetupError(f"{shown(url)} is backed up by PostgreSQL's own tools: {BACKUP}, see docs/operations.md")
    size = back_up(url, file)
    console = Console(stderr=True, highlight=False)
    console.print(f"{file}: {size / 1e6:.1f} MB, checked.", soft_wrap=True, markup=False)
    _say_what_is_beside(settings, console)


def copy_database(settings: Settings, to: str, console: Console) -> None:
    """Copy, and say what to do next. Raises SetupError with the remedy; then nothing was copied."""
    source_url, target_url = address(settings), read_address(to, TO)
    if source_url.get_backend_name() != "sqlite":
        raise SetupError(f"{ADDRESS} is what is copied, and must be the SQLite database: leave it away.")
    if target_url.get_backend_name() != "postgresql":
        raise SetupError(f"{TO} must be the address of a PostgreSQL database: postgresql://user@host/database")
    file_of(source_url)
    _refuse_while_running(settings)
    with _errors_told(source_url, target_url), alone(source_url) as source:
        _check_schema(source, source_url)
        others = tables_of_others(source)
        with _opened(target_url) as target:
            _prepare(target)
            copied = _copy(source, target, console)
    _report(copied, others, console)
    _say_what_is_beside(settings, console)
    console.print(
        f"Now set {ADDRESS} to the address of {shown(target_url)}, run `aftersail doctor`, then `aftersail up`.\n"
        f"{source_url.database} is as it was. Move it away, so that nobody starts on it by mistake.",
        soft_wrap=True,
        markup=False,
    )


def _refuse_while_running(settings: Settings) -> None:
    notifier = Notifier(settings.run_dir)
    try:
        running = [role for role in (WEB, WORKER, COURIER) if notifier.wake(role)]
    finally:
        notifier.close()
    if running:
        raise SetupError(
            f"Aftersail runs on {settings.data_dir} ({', '.join(running)}). "
            "Stop it, or what it writes meanwhile would be left behind; then try again."
        )


def _check_schema(source: Connection, url: URL) -> None:
    current, newest = schema_versions(source)
    if current is None:
        raise SetupError(f"{url.database} is no database of Aftersail; set AFTERSAIL_DATA_DIR to the shop's folder.")
    if current != newest:
        raise SetupError(
            f"{url.database} has schema {current}, and this Aftersail {newest}. Back it up, then run "
            "`aftersail build`, which brings an older one up to date; a newer one needs the Aftersail that wrote it."
        )


@contextmanager
def _errors_told(source: URL, target: URL) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        is_source = isinstance(error.orig, sqlite3.Error)
        url, name = (source, ADDRESS) if is_source else (target, TO)
        raise SetupError(
            f"The database {shown(url)} cannot be used: {error.orig}. {remedy(error, name)} Nothing was copied."
        ) from error


@contextmanager
def _opened(url: URL) -> Iterator[Engine]:
    from core.postgresql import open_postgresql  # the driver is loaded where it is needed

    engine = open_postgresql(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _prepare(target: Engine) -> None:
    """Refuse what is not for us; else bring an empty database to our schema."""
    with target.connect() as connection:
        encoding = connection.execute(sa.text("SHOW server_encoding")).scalar_one()
        found = set(sa.inspect(connection).get_table_names())
    if encoding != UTF8:
        raise SetupError(f"The target is written in {encoding}; make a new database with ENCODING '{UTF8}'.")
    if found - {*metadata.tables, "alembic_version"} or (found and "alembic_version" not in found):
        raise SetupError(
            f"The target has tables of something else: {', '.join(sorted(found)[:5])}. Use a database of its own."
        )
    migrate(target, TO)


def _copy(source: Connection, target: Engine, console: Console) -> Copied:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=2 * count_rows(source))  # each row is written, and read again
        with target.begin() as connection:
            return copy_rows(source, connection, lambda name, rows: bar.update(task, description=name, advance=rows))


def _report(copied: Copied, others: list[str], console: Console) -> None:
    console.print(
        f"Copied {copied.rows:,} row(s) of {len(copied.tallies)} tables; each table was read again and is the same."
    )
    if copied.cleaned:
        console.print(f"Out of {copied.cleaned:,} row(s) a NUL was taken, which PostgreSQL's texts cannot hold.")
    if others:
        console.print(f"Not Aftersail's, and not copied: {', '.join(others)}.", soft_wrap=True, markup=False)


def _say_what_is_beside(settings: Settings, console: Console) -> None:
    there = [name for name in BESIDE if (settings.data_dir / name).exists()]
    console.print(
        f"Not in the database: {', '.join(there) or 'nothing yet'} in {settings.data_dir}; keep or carry them too.",
        soft_wrap=True,
        markup=False,
    )
