"""`aftersail languages`: translation packages listed, installed, removed and tried."""

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from core.errors import SetupError
from core.settings import load_settings
from languages.translation.argos_engine import ArgosEngine, ArgosOptions, memory_mb
from languages.translation.argos_packages import InstalledPackage, PackageStore, mask_rates
from languages.translation.codes import load_codes
from languages.translation.engine import Pair
from languages.translation.open_engine import translation_options
from languages.translation.package_check import check_new, check_package, damaged_files
from languages.translation.package_index import download
from languages.translation.package_install import Installation, install, remove
from languages.translation.probes import Examination

languages = typer.Typer(no_args_is_help=True, help="Translation packages: list, install, remove, verify.")
console = Console(stderr=True, highlight=False)

PATTERN = "*.argosmodel"


@languages.command("list")
def list_packages() -> None:
    """List the installed packages."""
    packages, options = _store().packages(), _options()
    table = Table("from", "to", "version", "MB on disk", "MB in memory", "masks", "installed", "sha-256", "folder")
    for package in packages:
        size, memory = f"{package.size / 1e6:.1f}", f"{memory_mb(package, options):.0f}"
        rates = mask_rates(package)
        masks = f"{next(iter(rates))} {next(iter(rates.values())):.0%}" if rates else "never measured"
        when, digest = package.installed_at[:10] or "by hand", package.sha256[:12] or "–"
        source, target = _languages(package)
        table.add_row(source, target, package.version, size, memory, masks, when, digest, package.name)
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 200).print(table)
    console.print(f"{len(packages)} package(s) in {_store().installed_dir}.", markup=False, soft_wrap=True)
    for problem in _store().broken().values():
        console.print(f"wrong: {problem}", style="red", markup=False, soft_wrap=True)


@languages.command("install")
def install_packages(
    source: Annotated[str, typer.Argument(help="Language to translate from, such as de.")] = "",
    target: Annotated[str, typer.Argument(help="Language to translate into.")] = "",
    file: Annotated[Path | None, typer.Option(help="An .argosmodel file, or a folder of them; no network.")] = None,
) -> None:
    """Install packages from files, or one from Argos's index; each is tried before it is used."""
    store = _store()
    if file is not None:
        for archive in _archives(file):
            _install(store, archive)
        return
    if not source or not target:
        raise SetupError("say which: `aftersail languages install de en`, or `aftersail languages install --file FILE`")
    console.print("Fetching the package from Argos's index …")
    archive = download(store, Pair(source, target))
    try:
        _install(store, archive)
    finally:
        shutil.rmtree(archive.parent, ignore_errors=True)


@languages.command("remove")
def remove_package(
    name: Annotated[str, typer.Argument(help="Folder, as `aftersail languages list` names it.")],
) -> None:
    """Remove a package."""
    package = remove(_store(), name)
    console.print(f"{package.name} is removed.", markup=False)


@languages.command()
def verify(name: Annotated[str, typer.Argument(help="One package's folder; empty: all.")] = "") -> None:
    """Load each package, translate probes, and measure which shape of mask it carries through best."""
    store = _store()
    engine = ArgosEngine(store, _options())
    packages = [package for package in store.packages() if name in ("", package.name)]
    if not packages:
        raise SetupError("no such package; `aftersail languages list` names them, `… install` installs them")
    failed = 0
    for package in packages:
        try:
            faults = [f"{file} was changed after the installation" for file in damaged_files(package)]
            found = check_package(engine, package)
            _show(package, found)
            faults += found.faults
        except SetupError as error:
            faults = [str(error)]
        for fault in faults:
            console.print(f"  wrong: {fault}", style="red", markup=False, soft_wrap=True)
        failed += bool(faults)
    if failed:
        raise SetupError(f"{failed} of {len(packages)} package(s) do not work; remove them and install them again")
    console.print(f"{len(packages)} package(s) work.")


def _store() -> PackageStore:
    return PackageStore(load_settings().packages_dir)


def _options() -> ArgosOptions:
    return translation_options(load_settings()).argos


def _archives(path: Path) -> list[Path]:
    """The file, or the packages in the folder. Raises SetupError when there are none."""
    found = sorted(path.glob(PATTERN)) if path.is_dir() else [path]
    if not found:
        raise SetupError(f"{path} holds no {PATTERN} file; name a file, or a folder with such files")
    return found


def _install(store: PackageStore, archive: Path) -> None:
    found: list[Examination] = []

    def examine(alone: PackageStore, package: InstalledPackage) -> None:
        found.append(check_new(alone, package))

    result = install(store, archive, examine)
    _tell(result)
    for examination in found:
        _show(result.package, examination)


def _tell(result: Installation) -> None:
    source, target = _languages(result.package)
    state = "installed" if result.new else "was installed already"
    console.print(f"{source}→{target} {result.package.version} {state}.", markup=False)
    for old in result.replaced:
        console.print(f"  {old} is replaced.", markup=False)


def _show(package: InstalledPackage, found: Examination) -> None:
    source, target = _languages(package)
    shapes = ", ".join(f"{name} {survival.rate:.0%}" for name, survival in found.survival.items())
    console.print(f"{source}→{target}: {found.milliseconds:.0f} ms a sentence", markup=False)
    console.print(f"  {found.sample[0]} → {found.sample[1]}", markup=False, soft_wrap=True)
    console.print(f"  masks that come through: {shapes}", markup=False, soft_wrap=True)


def _languages(package: InstalledPackage) -> tuple[str, str]:
    codes = load_codes("argos")
    return codes.language_of(package.source), codes.language_of(package.target)
