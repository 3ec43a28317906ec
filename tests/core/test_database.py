"""Opening and migrating the database."""

import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from core import database
from core.errors import SetupError
from core.settings import Settings
from core.tables import metadata
from tests.support.records import new_engine


def test_a_new_database_has_every_table(tmp_path: Path) -> None:
    tables = sa.inspect(new_engine(tmp_path)).get_table_names()
    assert set(metadata.tables) <= set(tables)


def test_the_migrations_give_the_schema_that_the_code_has(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with new_engine(tmp_path).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_migrated_database_is_opened_while_somebody_writes(tmp_path: Path) -> None:
    engine = new_engine(tmp_path)
    with engine.begin():  # holds the write lock
        started = time.monotonic()
        database.migrate(database.open_engine(Settings(data_dir=tmp_path, _env_file=None)))
        assert time.monotonic() - started < database.BUSY_TIMEOUT_MS / 1000


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "aftersail.db").write_bytes(b"no database at all" * 100)
    engine = database.open_engine(Settings(data_dir=tmp_path, _env_file=None))
    with pytest.raises(SetupError, match="restore a backup"):
        database.migrate(engine)


@pytest.mark.parametrize("wrong", ["nonsense", "mysql://ann:geheim@host/aftersail", "postgresql://host:port:x/a"])
def test_an_address_that_is_none_is_told_without_its_password(wrong: str) -> None:
    with pytest.raises(SetupError, match="AFTERSAIL_DATABASE_URL is no address") as raised:
        database.open_engine(Settings(_env_file=None, database_url=wrong))
    assert "geheim" not in str(raised.value)


def test_a_database_of_a_newer_version_is_named(tmp_path: Path) -> None:
    engine = database.open_engine(Settings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'newer.db'}"))
    database.migrate(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SetupError, match="another version of Aftersail"):
        database.migrate(engine)


@pytest.mark.parametrize(
    "address",
    ["postgresql://ann:geheim@host/a", "postgresql://host/a?user=ann&password=geheim&sslpassword=geheim"],
)
def test_an_address_is_shown_without_its_passwords(address: str) -> None:
    shown = database.shown(database.read_address(address, "--to"))
    assert "geheim" not in shown
    assert shown.startswith("postgresql://")
    assert "ann" in shown


def test_half_a_password_is_no_host() -> None:
    with pytest.raises(SetupError, match="write an @ in a password as %40") as raised:
        database.read_address("postgresql://ann:ge@heim@host/a", "--to")
    assert "heim" not in str(raised.value)
