"""A database file is held alone, and copied while others write."""

import sqlite3
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine, make_url

from core import sqlite_file
from core.database import migrate, open_engine, reading
from core.errors import SetupError
from core.schema import attempts
from core.settings import Settings
from core.sqlite_file import alone, back_up
from tests.support.rows import fill

ROWS = 3


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "shop.db"


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    """The shop's database, on SQLite whatever the others run on."""
    engine = open_engine(Settings(_env_file=None, database_url=f"sqlite:///{path}"))
    migrate(engine)
    fill(engine, ROWS)
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "WAIT_S", 0.1)


def test_a_file_that_somebody_has_open_is_not_held(engine: Engine, path: Path) -> None:
    with reading(engine) as connection:
        connection.execute(sa.select(attempts))
    with pytest.raises(SetupError, match=r"shop\.db open\. Stop Aftersail"), alone(make_url(f"sqlite:///{path}")):
        pass
    engine.dispose()
    with alone(make_url(f"sqlite:///{path}")) as connection:
        assert len(connection.execute(sa.select(attempts)).all()) == ROWS


def test_nobody_reads_or_writes_a_file_that_is_held(engine: Engine, path: Path) -> None:
    engine.dispose()
    with alone(make_url(f"sqlite:///{path}")) as connection:
        connection.execute(sa.select(attempts)).all()
        for statement in ("SELECT * FROM attempts", "DELETE FROM attempts"):
            other = sqlite3.connect(path, timeout=0.1)
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute(statement)
            other.close()
    with reading(engine) as connection:  # it is free again
        assert len(connection.execute(sa.select(attempts)).all()) == ROWS


def test_a_file_that_is_not_there_is_not_made(path: Path) -> None:
    with pytest.raises(SetupError, match="There is no database"), alone(make_url(f"sqlite:///{path}")):
        pass
    assert not path.exists()


def test_a_backup_is_of_one_moment_while_somebody_writes(engine: Engine, path: Path, tmp_path: Path) -> None:
    stopped = threading.Event()

    def write() -> None:  # always two rows together
        while not stopped.is_set():
            with engine.begin() as connection:
                connection.execute(sa.insert(attempts), [{"kind": "pair", "key": "x", "at": 1.0}] * 2)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        sizes = [back_up(make_url(f"sqlite:///{path}"), tmp_path / f"copy-{number}.db") for number in range(5)]
    finally:
        stopped.set()
        writer.join(10)
    assert all(sizes)
    found = []
    for number in range(5):
        with sqlite3.connect(tmp_path / f"copy-{number}.db") as connection:
            pairs = "SELECT count(*) FROM attempts WHERE kind = 'pair'"
            found.append(connection.execute(pairs).fetchone()[0])
    assert found == sorted(found)
    assert all(count % 2 == 0 for count in found)


def test_a_backup_is_one_file_that_only_its_owner_reads(engine: Engine, path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    with engine.connect():  # it is in use
        back_up(make_url(f"sqlite:///{path}"), folder / "copy.db")
    assert [found.name for found in folder.iterdir()] == ["copy.db"]
    assert stat.S_IMODE((folder / "copy.db").stat().st_mode) == 0o600


def test_a_backup_overwrites_nothing_and_leaves_no_half(engine: Engine, path: Path, tmp_path: Path) -> None:
    url = make_url(f"sqlite:///{path}")
    there = tmp_path / "there.db"
    there.write_text("something")
    with pytest.raises(SetupError, match="exists; name a new file"):
        back_up(url, there)
    assert there.read_text() == "something"
    with pytest.raises(SetupError, match="a folder that you can write"):
        back_up(url, tmp_path / "no-folder" / "copy.db")
    engine.dispose()
    path.write_bytes(path.read_bytes()[:20_000] + b"\xff" * 30_000)
    with pytest.raises(SetupError, match=r"damaged|cannot be copied"):
        back_up(url, tmp_path / "copy.db")
    assert not list(tmp_path.glob("copy.db*"))
