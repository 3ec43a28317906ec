"""A SQLite file as a whole: held alone while it is read, and copied while others write."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import OperationalError

from core.errors import SetupError

WAIT_S = 5.0  # for a command that is about to end
PRIVATE = 0o600


@contextmanager
def alone(url: URL) -> Iterator[Connection]:
    """A connection to the file while nobody else has it open, not even to read; nothing is changed in it.

    Raises SetupError when somebody has.
    """
    path = file_of(url)
    engine = sa.create_engine(url, connect_args={"timeout": WAIT_S}, poolclass=sa.NullPool, hide_parameters=True)
    sa.event.listen(engine, "connect", lambda driver, _: driver.execute("PRAGMA locking_mode=EXCLUSIVE"))
    with engine.connect() as connection:
        try:
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
        except OperationalError as error:
            if "locked" not in str(error.orig):
                raise
            raise SetupError(
                f"Another program has {path} open. Stop Aftersail and whatever else uses the file, then try again."
            ) from error
        yield connection


def file_of(url: URL) -> Path:
    """The database's file. Raises SetupError when there is none."""
    path = Path(url.database or "")
    if not path.is_file():
        raise SetupError(f"There is no database {path}; set AFTERSAIL_DATA_DIR to the data folder of the shop.")
    return path


def back_up(url: URL, copy: Path) -> int:
    """Size in bytes of the copy of one moment, which whoever writes meanwhile does not wait for.

    Only this user may read it. Raises SetupError when `copy` exists or cannot be written; then nothing is left of it.
    """
    path = file_of(url)
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    try:
        if copy.exists():
            raise SetupError(f"{copy} exists; name a new file")
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE))
        try:
            _copy(path, unfinished)
            unfinished.rename(copy)
        finally:
            unfinished.unlink(missing_ok=True)
        return copy.stat().st_size
    except OSError as error:
        raise SetupError(f"{copy}: {error.strerror}; name a file in a folder that you can write") from error
    except sqlite3.Error as error:
        raise SetupError(
            f"{path} cannot be copied to {copy}: {error}. Free some disk space, or name another"
        ) from error


def _copy(path: Path, copy: Path) -> None:
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, which needs no others beside it
        found = target.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise SetupError(f"{path} is damaged ({found}): stop Aftersail and restore an older backup")
