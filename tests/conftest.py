"""Fixtures that several folders use."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from conversations.record import Record
from core.settings import quiet_libraries
from tests.support.installation import Installation, install
from tests.support.records import MarketLanguage, new_engine

quiet_libraries()


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
