"""One running platform for a module's tests, empty at the beginning of each."""

from collections.abc import Iterator

import httpx
import pytest

from tests.simulators.line import LineSimulator
from tests.simulators.line.small import SMALL, client_of


@pytest.fixture(scope="module")
def running() -> Iterator[LineSimulator]:
    with LineSimulator(SMALL) as simulator:
        yield simulator


@pytest.fixture
def line(running: LineSimulator) -> Iterator[LineSimulator]:
    running.reset()
    yield running
    running.settle()  # what is under way would reach the next test


@pytest.fixture
def api(line: LineSimulator) -> Iterator[httpx.Client]:
    with client_of(line) as client:
        yield client
