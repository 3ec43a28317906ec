"""The real identifier, opened once: its models take a second to load."""

import pytest

from languages.identify import Identifier
from languages.opening import open_identifier


@pytest.fixture(scope="session")
def identifier() -> Identifier:
    return open_identifier(("Orikka", "NightOwl Cam", "PureSteam 2"))
