"""Desks that write: with the small test packages, and with accounts at the vendors."""

from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from aftersail.demo_packages import install_demo_packages
from core.settings import Settings
from tests.support.desk import DeskWorld, MakeDesk


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the four test packages, German and Japanese from and to English."""
    settings = Settings(_env_file=None, data_dir=tmp_path_factory.mktemp("packages"))
    assert install_demo_packages(settings, Console(quiet=True)) == 4
    return settings.packages_dir


@pytest.fixture
def translating(tmp_path: Path, make_desk: MakeDesk, packages: Path) -> DeskWorld:
    """A desk that translates."""
    (tmp_path / "packages").symlink_to(packages)
    return make_desk(translation_engine="argos")


@pytest.fixture
def waiting(desk: DeskWorld) -> Callable[[str, str], str]:
    """Makes a customer of (market, language) who waits; the conversation's id."""
    return lambda market, language: desk.waiting("Hilfe", market=market, language=language).conversation_id
