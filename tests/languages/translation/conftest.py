"""The project's own test packages, installed once, and a Python that has imported nothing yet."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from languages.translation.argos_packages import PackageStore
from languages.translation.package_check import check_new
from languages.translation.package_install import install

ROOT = Path(__file__).parents[3]
PACKAGES = ROOT / "translators" / "packages"


def archive(source: str, target: str) -> Path:
    """The test package of a pair."""
    found = sorted(PACKAGES.glob(f"translate-{source}_{target}-*.argosmodel"))
    assert found, f"no test package {source}_{target} in {PACKAGES}; see translators/"
    return found[-1]


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> PackageStore:
    """A store with all test packages; tests do not change it."""
    store = PackageStore(tmp_path_factory.mktemp("packages"))
    for source, target in (("de", "en"), ("en", "de"), ("ja", "en"), ("en", "ja")):
        install(store, archive(source, target), check_new)
    return store


@pytest.fixture
def fresh_python(tmp_path: Path) -> Callable[[str], "subprocess.CompletedProcess[str]"]:
    """Runs code in a new process with an empty home folder."""

    def run(code: str) -> "subprocess.CompletedProcess[str]":
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "ARGOS_"))}
        return subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=environment | {"HOME": str(home)},
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    return run
