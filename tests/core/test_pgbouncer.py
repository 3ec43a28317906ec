"""Through PgBouncer, which gives each transaction another session: every promise is kept, and wake-ups have a way."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog
from sqlalchemy.engine import URL, Engine
from sqlalchemy.exc import OperationalError

from conversations.record import Record
from core import postgresql, relay
from core.database import migrate, open_engine, open_listening, reading
from core.database_copy import copy_rows
from core.errors import SetupError
from core.postgresql import BOUNDS
from core.relay import Relay
from core.schema import attempts
from core.settings import Settings
from core.wakeups import WEB, Listener
from tests.support import postgres
from tests.support.pgbouncer import pooled
from tests.support.records import MarketLanguage, inbound
from tests.support.rows import fill

pytestmark = pytest.mark.postgres

SESSIONS = 4  # of the pooler at the server, fewer than there are connections here
TOGETHER = 8


@pytest.fixture
def direct() -> Iterator[URL]:
    """The address of an empty database itself."""
    url = postgres.new_database("template0")
    yield url
    postgres.drop(url)


@pytest.fixture
def through(direct: URL) -> Iterator[URL]:
    """Its address through a pooler that pools by transaction."""
    with pooled(direct, "transaction", SESSIONS) as url:
        yield url


@pytest.fixture
def engine(through: URL) -> Iterator[Engine]:
    """A migrated database, through the pooler."""
    engine = open_engine(settings_of(through))
    migrate(engine)
    yield engine
    engine.dispose()


def settings_of(url: URL, **more: str) -> Settings:
    return Settings(_env_file=None, database_url=url.render_as_string(hide_password=False), **more)


def test_every_transaction_has_its_bounds_whichever_session_it_gets(engine: Engine) -> None:
    named = sa.select(*(sa.func.current_setting(name) for name in BOUNDS), sa.func.pg_backend_pid())
    together = threading.Barrier(SESSIONS)

    def read(_number: int) -> tuple[object, ...]:
        with reading(engine) as connection:
            found = tuple(connection.execute(named).one())
            together.wait(10)  # each has a session of its own now
            return found

    def bare(_number: int) -> None:  # what others leave behind in a session
        with closing(engine.raw_connection()) as pooled_connection:
            pooled_connection.driver_connection.execute("SET lock_timeout = 0")
            together.wait(10)

    with ThreadPoolExecutor(SESSIONS) as pool:
        list(pool.map(bare, range(SESSIONS)))
        seen = list(pool.map(read, range(SESSIONS)))
    assert len({pid for *_, pid in seen}) == SESSIONS
    assert {tuple(bounds) for *bounds, _ in seen} == {("10s", "1min", "30s")}


def test_waiting_for_the_lock_ends(through: URL, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(postgresql.BOUNDS, "lock_timeout", 200)
    other = open_engine(settings_of(through))
    with engine.begin(), pytest.raises(OperationalError, match="lock timeout"), other.begin():
        pass
    other.dispose()


def test_the_same_statement_again_and_again_finds_its_session(engine: Engine) -> None:
    """A prepared statement would be in another one."""

    def write(number: int) -> None:
        for _ in range(5):
            with engine.begin() as connection:
                for _ in range(10):
                    connection.execute(sa.insert(attempts).values(kind="x", key=str(number), at=1.0))
            with reading(engine) as connection:
                for _ in range(10):
                    connection.execute(sa.select(attempts).limit(1)).all()
                time.sleep(0.01)

    with ThreadPoolExecutor(TOGETHER) as pool:
        list(pool.map(write, range(TOGETHER)))
    with reading(engine) as connection:
        assert len(connection.execute(sa.select(attempts)).all()) == TOGETHER * 50


def test_many_who_write_at_once_lose_and_double_nothing(through: URL, engine: Engine) -> None:
    engines = [engine, open_engine(settings_of(through))]
    each = 10

    def receive(number: int) -> None:
        record = Record(engines[number % 2], MarketLanguage())
        for message in range(each):
            for _ in range(2):  # vendors repeat
                record.receive(inbound(f"{message}", f"m{number}-{message}", f"p{number}"))

    with ThreadPoolExecutor(TOGETHER) as pool:
        list(pool.map(receive, range(TOGETHER)))
    record = Record(engine, MarketLanguage())
    for number in range(TOGETHER):
        history = record.history(record.open_conversation("webchat", f"p{number}", "DE").id)
        assert [(row.seq, row.text) for row in history] == [(seq + 1, str(seq)) for seq in range(each)]
    engines[1].dispose()


def test_a_shop_moves_through_it(engine: Engine, tmp_path: Path) -> None:
    source = open_engine(Settings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'shop.db'}"))
    migrate(source)
    rows = fill(source, 5)
    with reading(source) as here, engine.begin() as there:
        assert copy_rows(here, there, lambda _name, _rows: None).rows == rows
    source.dispose()


async def test_wake_ups_come_past_the_pooler(direct: URL, through: URL, engine: Engine, tmp_path: Path) -> None:
    there = open_engine(settings_of(through.update_query_dict({"application_name": "aftersail@there"})))
    address = direct.render_as_string(hide_password=False)
    listening = open_listening(settings_of(through, database_listen_url=address), engine)
    with Relay(listening, tmp_path) as relaying, Listener(tmp_path, WEB, "web") as listener:
        assert relaying.listens.wait(10)
        Record(engine, MarketLanguage()).receive(inbound(sender="here"))  # its own processes know already
        assert await listener.wait(0.3) == set()
        told = Record(there, MarketLanguage()).receive(inbound(provider_id="m2", sender="there")).conversation
        assert await listener.wait(10) == {told.id}
    for used in (there, listening):
        used.dispose()


def test_who_hears_nothing_says_what_to_set(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "HEAR_S", 0.5)
    told = threading.Event()

    def keep(_logger: object, _name: str, line: structlog.types.EventDict) -> structlog.types.EventDict:
        if line["event"] == "relay_deaf" and "AFTERSAIL_DATABASE_LISTEN_URL" in line["remedy"]:
            told.set()
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(processors=[keep], cache_logger_on_first_use=False)
    try:
        with Relay(engine, tmp_path) as relaying:
            assert told.wait(20)
            assert not relaying.listens.is_set()
    finally:
        structlog.configure(**before)


def test_a_pooler_by_session_passes_wake_ups_on(direct: URL, tmp_path: Path) -> None:
    with pooled(direct, "session", 20) as url:
        engine = open_engine(settings_of(url))
        migrate(engine)
        with Relay(engine, tmp_path) as relaying:
            assert relaying.listens.wait(10)
        engine.dispose()


@pytest.mark.parametrize("wrong", ["nonsense", "sqlite:///a.db"])
def test_a_wrong_address_to_listen_at_is_named(engine: Engine, wrong: str) -> None:
    with pytest.raises(SetupError, match="AFTERSAIL_DATABASE_LISTEN_URL"):
        open_listening(Settings(_env_file=None, database_listen_url=wrong), engine)
