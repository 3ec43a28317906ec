"""The database engine, set up the same way in every process."""

import random
import sqlite3
import time
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from core.errors import SetupError
from core.settings import Settings

BUSY_TIMEOUT_MS = 10_000
LOOK_S = (0.0003, 0.0015)  # between two looks for the write lock
MIGRATIONS = Path(__file__).parent / "migrations"
ADDRESS = "AFTERSAIL_DATABASE_URL"
LISTENING = "AFTERSAIL_DATABASE_LISTEN_URL"
SECRETS = ("password", "sslpassword")  # options of an address that are printed nowhere


def open_engine(settings: Settings) -> Engine:
    """An engine for the configured database. Raises SetupError when its folder cannot be written."""
    return _open(address(settings))


def _open(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        from core.postgresql import open_postgresql  # the driver is loaded where it is needed

        return open_postgresql(url)
    try:
        Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"{error.filename}: {error.strerror}; set AFTERSAIL_DATA_DIR to a folder you can write"
        ) from error
    arguments = {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False}
    # Parameters hold customers' words, which belong into no log.
    engine = sa.create_engine(url, connect_args=arguments, hide_parameters=True)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin)
    return engine


def open_listening(settings: Settings, engine: Engine) -> Engine:
    """An engine that hears notes: past the pooler where one is between, else `engine`. Raises SetupError."""
    if not settings.database_listen_url:
        return engine
    url = read_address(settings.database_listen_url, LISTENING)
    if url.get_backend_name() != engine.dialect.name:
        raise SetupError(f"{LISTENING} must be the address of the database that {ADDRESS} names, past its pooler")
    return _open(url)


def address(settings: Settings) -> URL:
    """Address of the configured database. Raises SetupError when it is none, or of a database that is not supported."""
    return read_address(settings.database, ADDRESS)


def read_address(text: str, name: str) -> URL:
    """The address that `text` is; `name` is where it was written. Raises SetupError, without what may be a password."""
    wrong = f"{name} is no address such as postgresql://user:password@host:5432/database"
    try:
        url = make_url(text)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError) as error:  # a port that is no number
        raise SetupError(wrong) from error
    if backend not in ("sqlite", "postgresql"):
        raise SetupError(f"{wrong} (it begins with {backend!r})")
    if "@" in (url.host or ""):  # the host is named in errors, and would be half a password
        raise SetupError(f"{wrong}; write an @ in a password as %40")
    return url


def shown(url: URL) -> str:
    """The address as it may be printed: no password, wherever it stands."""
    return url.difference_update_query(SECRETS).render_as_string(hide_password=True)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver must not open transactions by itself: BEGIN IMMEDIATE below takes the write lock first,
    # so a read that turns into a write never fails with "database is locked".
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get("read_only", False):
        connection.exec_driver_sql("BEGIN")
    else:
        _begin_immediate(connection)


def _begin_immediate(connection: Connection) -> None:
    """Take the write lock. SQLite's own wait sleeps for up to 0.1 s between looks, so that a process that writes all
    the time starves the others; looking every millisecond gives each of them its turn.
    """
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    connection.exec_driver_sql("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                return
            except OperationalError as error:
                if "locked" not in str(error.orig) or time.monotonic() > deadline:
                    raise
            time.sleep(random.uniform(*LOOK_S))  # noqa: S311 - no secret, only spread
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def reading(engine: Engine) -> Connection:
    """A connection that only reads and so waits for no writer; use it in a `with` statement."""
    return engine.connect().execution_options(read_only=True)


def migrate(engine: Engine, name: str = ADDRESS) -> None:
    """Bring the database to the newest schema; does nothing when it is. Raises SetupError with the remedy.

    `name` is where its address was written.
    """
    config = _migrations()
    try:
        if _is_newest(engine):
            return
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")  # a big table takes its time
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except DBAPIError as error:
        raise SetupError(
            f"The database {shown(engine.url)} cannot be used: {error.orig}. {remedy(error, name)}"
        ) from error
    except CommandError as error:
        raise SetupError(
            f"The database {shown(engine.url)} was written by another version of Aftersail: {error}. "
            "Start the version that ran before, or restore a backup."
        ) from error


def schema_versions(connection: Connection) -> tuple[str | None, str | None]:
    """(the database's schema, the newest one); None as the first: it has none."""
    newest = ScriptDirectory.from_config(_migrations()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision(), newest


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _is_newest(engine: Engine) -> bool:
    """Whether there is nothing to migrate; looks without the write lock, which a busy database may not give in time."""
    with reading(engine) as connection:
        current, newest = schema_versions(connection)
    return current is not None and current == newest


def remedy(error: DBAPIError, name: str = ADDRESS) -> str:
    """What the operator can do about a database error, in one sentence; `name` is where its address was written."""
    text = str(error.orig).lower()
    hints = {
        "readonly": "Make the file and its folder writable for this user.",
        "disk is full": "Free some disk space; nothing was half-written.",
        "malformed": "The file is damaged: stop Aftersail and restore a backup.",
        "not a database": "The file is no SQLite database: move it away or restore a backup.",
        "locked": "Another program holds the file; close it.",
        "unable to open": "Check that the folder exists and can be written.",
        "lock timeout": "Another process is writing for long; try again.",
        "password authentication": f"Correct user and password in {name}.",
        "no password supplied": f"Put the password into {name}.",
        "does not exist": "Create the database and its user: `createdb aftersail`, see docs/operations.md.",
        "permission denied": "Make the user the owner of the database: ALTER DATABASE … OWNER TO ….",
        "too many": "Raise max_connections of PostgreSQL, see docs/operations.md.",
        "connection refused": f"Start PostgreSQL, or correct host and port in {name}.",
        "resolve host": f"Correct the host in {name}.",
        "connection": "Check that PostgreSQL runs and can be reached from this machine.",
    }
    return next((hint for part, hint in hints.items() if part in text), "Run `aftersail doctor`.")
