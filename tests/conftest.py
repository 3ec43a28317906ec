"""Fixtures that several folders use."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from conversations.record import Record
from core.settings import Settings, quiet_libraries
from tests.support import postgres
from tests.support.installation import Installation, install
from tests.support.records import MarketLanguage, new_engine

quiet_libraries()
if postgres.is_wanted():
    # Every data folder has its database on PostgreSQL: whatever a test opens, it need not know.
    Settings.database = property(lambda settings: settings.database_url or postgres.database_of(settings))  # type: ignore[assignment]


@pytest.fixture(autouse=postgres.is_wanted())
def _databases_end_with_their_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """A run on PostgreSQL uses them again."""
    folder: Path | None = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    yield
    if folder:
        postgres.free_below(folder)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A new database."""
    engine = new_engine(tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def record(engine: Engine) -> Record:
    """A record on the new database."""
    return Record(engine, MarketLanguage())


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A working installation of the test file's own."""
    return install(tmp_path_factory.mktemp("installation") / "var")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright keeps an event loop running in the main thread until the session ends."""
    items.sort(key=lambda item: "tests/browser/" in item.path.as_posix())
