"""Fixtures of the intake's tests."""

from collections.abc import Iterator

import pytest
import structlog
from sqlalchemy.engine import Engine

from tests.support.channel_desk import Desk


@pytest.fixture
def desk(engine: Engine) -> Desk:
    """Intake and sender with one account."""
    return Desk(engine)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Mistakes that a test makes on purpose are not shown."""
    with structlog.testing.capture_logs():
        yield
