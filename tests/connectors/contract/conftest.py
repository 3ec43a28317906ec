"""One running office for all contract tests; each test brings customers of its own."""

import contextlib
from collections.abc import Iterator

import pytest

from tests.connectors.contract.driver import Driver
from tests.connectors.contract.drivers import CHANNELS, Vendors
from tests.support.channel_office import Office


@pytest.fixture(scope="package")
def vendors() -> Iterator[Vendors]:
    made = Vendors()
    with contextlib.ExitStack() as stack:
        stack.enter_context(made.whatsapp)
        stack.enter_context(made.line)
        yield made


@pytest.fixture(scope="package")
def office(vendors: Vendors, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with Office(tmp_path_factory.mktemp("office"), vendors.open_channels, vendors.settle) as running:
        yield running


@pytest.fixture(scope="package")
def drivers(office: Office, vendors: Vendors) -> dict[str, Driver]:
    return {driver.name: driver for driver in vendors.drivers(office)}


@pytest.fixture(params=CHANNELS)
def channel(request: pytest.FixtureRequest, drivers: dict[str, Driver]) -> Driver:
    """Each channel in its turn."""
    return drivers[request.param]


@pytest.fixture(params=[name for name in CHANNELS if name != "webchat"])  # its customers send text only
def vendor_channel(request: pytest.FixtureRequest, drivers: dict[str, Driver]) -> Driver:
    """Each channel with a vendor behind it."""
    return drivers[request.param]
