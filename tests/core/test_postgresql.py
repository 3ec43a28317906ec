"""PostgreSQL keeps what SQLite keeps: one writer, readers who wait for nobody, and every text that a customer sends."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy.engine import URL, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from conversations.record import Record
from core import postgresql
from core.database import MIGRATIONS, migrate, open_engine, reading
from core.errors import SetupError
from core.relay import Relay
from core.schema import attempts, conversations, messages
from core.settings import Settings
from core.tables import metadata
from core.wakeups import WEB, Listener
from tests.support import postgres
from tests.support.records import MarketLanguage, inbound

pytestmark = pytest.mark.postgres


def engine_on(url: URL, **query: str) -> Engine:
    """An engine like that of a process."""
    address = url.update_query_dict(query).render_as_string(hide_password=False)
    return open_engine(Settings(_env_file=None, database_url=address))


@pytest.fixture
def url() -> Iterator[URL]:
    url = postgres.new_database()
    yield url
    postgres.drop(url)


@pytest.fixture
def on_postgres(url: URL) -> Iterator[Engine]:
    """A migrated database."""
    engine = engine_on(url)
    yield engine
    engine.dispose()


def add_attempt(engine: Engine) -> None:
    """Write something."""
    with engine.begin() as connection:
        connection.execute(sa.insert(attempts).values(kind="x", key="x", at=1.0))


def test_migrations_lead_from_nothing_to_the_schema_and_back() -> None:
    empty = postgres.new_database("template0")
    engine = engine_on(empty)
    migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert sa.inspect(engine).get_table_names() == ["alembic_version"]
    migrate(engine)
    assert set(metadata.tables) <= set(sa.inspect(engine).get_table_names())
    engine.dispose()
    postgres.drop(empty)


def test_one_open_conversation_and_nothing_past_the_gate(on_postgres: Engine) -> None:
    kept = Record(on_postgres, MarketLanguage()).receive(inbound()).conversation
    with on_postgres.connect() as connection:
        row = dict(connection.execute(sa.select(conversations)).one()._mapping)
        said = dict(connection.execute(sa.select(messages)).one()._mapping)
    with pytest.raises(IntegrityError, match="uq_conversations_open"), on_postgres.begin() as connection:
        connection.execute(sa.insert(conversations).values({**row, "id": "other"}))
    bare = {**said, "id": "other", "seq": 2, "provider_id": None, "direction": "out", "gate": sa.null()}
    with pytest.raises(IntegrityError, match="ck_messages_gate"), on_postgres.begin() as connection:
        connection.execute(sa.insert(messages).values(bare))
    with on_postgres.begin() as connection:  # a closed one is no obstacle
        connection.execute(sa.insert(conversations).values({**row, "id": "old", "state": "closed"}))
    assert kept.id == row["id"]


@pytest.mark.parametrize("long", [129, 300, 2_000])
def test_ids_of_any_length_fit(on_postgres: Engine, long: int) -> None:
    record = Record(on_postgres, MarketLanguage())
    first = record.receive(inbound(provider_id="i" * long, sender="s" * long))
    again = record.receive(inbound(provider_id="i" * long, sender="s" * long))
    assert again.duplicate
    assert again.message.id == first.message.id


def test_a_nul_is_no_reason_to_lose_a_message(on_postgres: Engine) -> None:
    record = Record(on_postgres, MarketLanguage())
    payload = {"a\0": ["b\0", {"c": "\\u0000"}], "n": 1}
    stored = record.receive(inbound("he\0llo", provider_id="m\0", payload=payload)).message
    kept = record.message(stored.id)
    assert (kept.text, kept.provider_id) == ("hello", "m")
    assert {name: kept.payload[name] for name in ("a", "n")} == {"a": ["b", {"c": "\\u0000"}], "n": 1}
    with reading(on_postgres) as connection:  # PostgreSQL can look into it
        looked = sa.select(messages.c.id).where(messages.c.payload["n"].as_string() == "1")
        assert connection.execute(looked).scalar_one() == stored.id


def test_a_writer_waits_for_the_one_before_it_and_then_sees_what_it_wrote(on_postgres: Engine) -> None:
    seen: list[int] = []
    begun = threading.Event()

    def write() -> None:
        begun.set()
        with on_postgres.begin() as connection:
            seen.append(connection.execute(sa.select(sa.func.count()).select_from(attempts)).scalar_one())

    with on_postgres.begin() as connection:
        thread = threading.Thread(target=write)
        thread.start()
        begun.wait(5)
        time.sleep(0.1)
        assert seen == []
        connection.execute(sa.insert(attempts).values(kind="x", key="x", at=1.0))
    thread.join(10)
    assert seen == [1]


def test_a_reader_waits_for_nobody_sees_one_moment_and_writes_nothing(on_postgres: Engine) -> None:
    count = sa.select(sa.func.count()).select_from(attempts)
    with reading(on_postgres) as reader:
        assert reader.execute(count).scalar_one() == 0
        with on_postgres.begin() as writer:
            writer.execute(sa.insert(attempts).values(kind="x", key="x", at=1.0))
            assert reader.execute(count).scalar_one() == 0
        assert reader.execute(count).scalar_one() == 0
    with reading(on_postgres) as reader:
        assert reader.execute(count).scalar_one() == 1
        with pytest.raises(DBAPIError, match="read-only"):
            reader.execute(sa.delete(attempts))
    add_attempt(on_postgres)  # the same connection writes again


def test_waiting_for_the_lock_ends(url: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(postgresql.BOUNDS, "lock_timeout", 100)
    engine = engine_on(url)
    with engine.begin(), pytest.raises(OperationalError, match="lock timeout"):  # what every door calls "try again"
        add_attempt(engine)
    add_attempt(engine)
    engine.dispose()


def test_a_writer_that_hangs_gives_the_lock_back(url: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(postgresql.BOUNDS, "idle_in_transaction_session_timeout", 200)
    engine = engine_on(url)
    hanging = engine.connect()
    hanging.execute(sa.select(1))
    add_attempt(engine)  # waits for the lock and gets it
    with pytest.raises(DBAPIError):
        hanging.execute(sa.select(1))
    hanging.close()
    engine.dispose()


def test_a_server_that_restarted_is_used_again(on_postgres: Engine, url: URL) -> None:
    add_attempt(on_postgres)
    other = engine_on(url)
    with other.connect() as connection:  # what a restart does to every connection
        connection.execute(
            sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        )
    other.dispose()
    add_attempt(on_postgres)


def test_a_server_that_is_away_is_named_without_its_password(tmp_path: Path) -> None:
    engine = open_engine(Settings(_env_file=None, database_url="postgresql://ann:geheim@127.0.0.1:1/aftersail"))
    with pytest.raises(SetupError, match="Start PostgreSQL") as raised:
        migrate(engine)
    assert "geheim" not in str(raised.value)


async def test_what_another_machine_changed_wakes_this_one(url: URL, on_postgres: Engine, tmp_path: Path) -> None:
    there = engine_on(url, application_name="aftersail@there")
    with Relay(on_postgres, tmp_path) as relay, Listener(tmp_path, WEB, "web") as listener:
        assert relay.listens.wait(10)
        Record(on_postgres, MarketLanguage()).receive(inbound(sender="here"))  # its own processes know already
        assert await listener.wait(0.3) == set()
        told = Record(there, MarketLanguage()).receive(inbound(provider_id="m2", sender="there")).conversation
        assert await listener.wait(10) == {told.id}
    there.dispose()
