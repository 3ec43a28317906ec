"""The project's own four small translation packages, for the demo shop only."""

from pathlib import Path

from rich.console import Console

from core.settings import PROJECT, Settings
from languages.translation.argos_packages import InstalledPackage, PackageStore
from languages.translation.package_check import check_new
from languages.translation.package_install import install

DEMO_PACKAGES = PROJECT / "translators" / "packages"


def install_demo_packages(settings: Settings, console: Console, folder: Path = DEMO_PACKAGES) -> int:
    """Number of packages installed: those for pairs that have none yet, and only for the demo shop with Argos.

    Raises PackageRefused or SetupError when one does not work.
    """
    if settings.orders != "demo" or settings.translation_engine != "argos":
        return 0
    store = PackageStore(settings.packages_dir)
    there = set(store.newest())
    new = [path for path in sorted(folder.glob("*.argosmodel")) if _pair(path) not in there]
    for path in new:
        install(store, path, _examine)
    if new:
        console.print(f"{len(new)} demo translation packages are installed; they are too small for real customers.")
    return len(new)


def _examine(alone: PackageStore, package: InstalledPackage) -> None:
    check_new(alone, package)


def _pair(path: Path) -> tuple[str, str]:
    """The languages in a package's file name: translate-de_en-0_1."""
    source, _, target = path.stem.split("-")[1].partition("_")
    return source, target
