from collections.abc import Mapping
from pathlib import Path

import pytest

from core.settings import PROJECT
from markets.load import load_markets
from markets.profile import MarketProfile

DATA = PROJECT / "markets" / "data"


@pytest.fixture(scope="session")
def markets() -> Mapping[str, MarketProfile]:
    return load_markets(DATA)


@pytest.fixture
def german(tmp_path: Path) -> Path:
    """A folder with one good market file, to be broken."""
    (tmp_path / "DE.yml").write_text((DATA / "DE.yml").read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path
