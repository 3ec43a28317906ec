"""The desk of a test: a new database, the project's release."""

from pathlib import Path

import pytest

from knowledge.release_holder import ReleaseHolder
from tests.support.desk import DeskWorld, MakeDesk
from tests.support.installation import Installation, install


@pytest.fixture(scope="session")
def desk_installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Release and demo orders for every test of the desk."""
    return install(tmp_path_factory.mktemp("desk") / "var")


@pytest.fixture(scope="session")
def desk_holder(desk_installation: Installation) -> ReleaseHolder:
    """The release, loaded once."""
    holder = ReleaseHolder(desk_installation.settings, desk_installation.engine, with_vectors=False)
    holder.current()
    return holder


@pytest.fixture
def make_desk(tmp_path: Path, desk_holder: ReleaseHolder, desk_installation: Installation) -> MakeDesk:
    """Makes a desk with settings."""

    def make(**settings: object) -> DeskWorld:
        return DeskWorld(tmp_path, desk_holder, desk_installation.settings, **settings)

    return make


@pytest.fixture
def desk(make_desk: MakeDesk) -> DeskWorld:
    """A desk."""
    return make_desk()
