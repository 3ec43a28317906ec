from datetime import date
from pathlib import Path

import pytest

from orders.demo_store import DemoOrderStore, build_demo_store

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def demo_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo_orders.db"
    build_demo_store(path, TODAY)
    return path


@pytest.fixture(scope="session")
def store(demo_path: Path) -> DemoOrderStore:
    return DemoOrderStore(demo_path)
