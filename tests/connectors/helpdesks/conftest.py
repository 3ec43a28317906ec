"""An office for each vendor."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.connectors.helpdesks.office import ACCOUNTS, Office
from tests.desk.conftest import desk_holder, desk_installation, make_desk
from tests.support.desk import MakeDesk
from tests.support.installation import Installation

__all__ = ["desk_holder", "desk_installation", "make_desk"]
MakeOffice = Callable[..., Office]


@pytest.fixture(params=sorted(ACCOUNTS))
def vendor(request: pytest.FixtureRequest) -> str:
    """Each vendor in turn."""
    return str(request.param)


@pytest.fixture
def make_office(vendor: str, make_desk: MakeDesk, tmp_path: Path, desk_installation: Installation) -> MakeOffice:
    """Makes an office of the vendor."""

    def make(**options: str) -> Office:
        return Office(vendor, make_desk, tmp_path, desk_installation, **options)

    return make


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """An office of the vendor."""
    return make_office()
