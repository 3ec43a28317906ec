"""An installation with the small content, ready to publish."""

from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from core.database import open_engine
from core.settings import Settings
from core.tables import metadata
from tests.support.hashing_embedder import HashingEmbedder
from tests.support.small_content import small_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return small_settings(tmp_path)


@pytest.fixture
def engine(settings: Settings) -> Engine:
    engine = open_engine(settings)
    metadata.create_all(engine)
    return engine


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()
