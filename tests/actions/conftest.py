"""Demo orders for the actions, built once."""

import pytest

from orders.demo_store import DemoOrderStore
from tests.support.turns import demo_store


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> DemoOrderStore:
    """The demo orders."""
    return demo_store(tmp_path_factory.mktemp("orders"))
