"""Packages put in and taken out: unpacked beside, examined there, and moved in with one rename."""

import json
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from core.errors import NotFound, SetupError
from languages.translation.archive_check import UNREADABLE, ArchiveLimits, CheckedArchive, PackageRefused, check_archive
from languages.translation.argos_packages import RECORD, InstalledPackage, PackageStore, digests, sha256
from languages.translation.package_check import damaged_files

Examine = Callable[[PackageStore, InstalledPackage], None]
ABANDONED = 86_400  # seconds after which half-done work is cleared away


@dataclass(frozen=True)
class Installation:
    """What an installation has done."""

    package: InstalledPackage
    replaced: tuple[str, ...]  # folders of older packages of the pair, now gone
    new: bool  # False: this very package was there already


def install(
    store: PackageStore, archive: Path, examine: Examine, limits: ArchiveLimits = ArchiveLimits()
) -> Installation:
    """The package in `archive`, installed; older ones of the pair are removed.

    `examine` gets a store that holds the new package alone, and raises when it does not work; it may write beside it.
    Raises PackageRefused, SetupError, and what `examine` raises; the installed packages are as before then.
    """
    checked = check_archive(archive, limits)
    digest = sha256(archive)
    there = next((package for package in store.packages() if package.sha256 == digest), None)
    if there and not damaged_files(there):
        return Installation(there, (), new=False)
    _clear_abandoned(store)
    work = _work_folder(store, checked)
    try:
        package = _unpack(PackageStore(work, store.argos_home), checked, digest)
        examine(PackageStore(work, store.argos_home), package)
        if there:
            _remove(store, there)  # damaged, and in the new one's place
        path = _move_in(store, package)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    package = replace(package, path=path)
    return Installation(package, _remove_others(store, package), new=True)


def remove(store: PackageStore, name: str) -> InstalledPackage:
    """The package of folder `name`, removed. Raises NotFound, and SetupError when it cannot be removed."""
    package = next((package for package in store.packages() if package.name == name), None)
    if package is None and name in store.broken():
        package = InstalledPackage(store.installed_dir / name, "", "", "", "", "")
    if package is None:
        raise NotFound(f"there is no package {name}; `aftersail languages list` names them")
    _remove(store, package)
    return package


def _work_folder(store: PackageStore, checked: CheckedArchive) -> Path:
    try:
        store.staging_dir.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(store.staging_dir).free
        if free < checked.unpacked + 100_000_000:
            raise SetupError(
                f"{checked.path.name} needs {checked.unpacked / 1e6:.0f} MB and {store.folder} has "
                f"{free / 1e6:.0f} MB; free some space"
            )
        return Path(tempfile.mkdtemp(dir=store.staging_dir))
    except OSError as error:
        raise SetupError(f"{store.staging_dir}: {error.strerror}; make it writable for this user") from error


def _unpack(store: PackageStore, checked: CheckedArchive, digest: str) -> InstalledPackage:
    # argostranslate.package.install_from_path does no more than extractall, imports torch for it, and unpacks straight
    # into the folder that others read.
    name = f"translate-{checked.source}_{checked.target}-{checked.version}-{digest[:8]}"
    try:
        with zipfile.ZipFile(checked.path) as archive:
            archive.extractall(store.folder / "unpacked")
    except UNREADABLE as error:
        raise PackageRefused(f"{checked.path}: it cannot be unpacked ({error}); get the file again") from error
    store.installed_dir.mkdir()
    path = (store.folder / "unpacked" / checked.folder).rename(store.installed_dir / name)
    record = {
        "archive": checked.path.name,
        "sha256": digest,
        "installed_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": digests(path),
    }
    (path / RECORD).write_text(json.dumps(record, indent=1), "utf-8")
    package = store.read(path)
    if package is None:
        raise PackageRefused(f"{checked.path}: argostranslate does not read it as a translation package")
    return package


def _move_in(store: PackageStore, package: InstalledPackage) -> Path:
    try:
        store.installed_dir.mkdir(parents=True, exist_ok=True)
        return package.path.rename(store.installed_dir / package.name)
    except OSError as error:
        raise SetupError(
            f"{store.installed_dir / package.name}: {error.strerror}; remove it, or make it writable"
        ) from error


def _remove_others(store: PackageStore, kept: InstalledPackage) -> tuple[str, ...]:
    pair = (kept.source, kept.target)
    others = [old for old in store.packages() if (old.source, old.target) == pair and old.name != kept.name]
    for old in others:
        _remove(store, old)
    return tuple(old.name for old in others)


def _remove(store: PackageStore, package: InstalledPackage) -> None:
    """Out of sight with one rename, then gone: nobody sees half a package."""
    try:
        store.staging_dir.mkdir(parents=True, exist_ok=True)
        grave = Path(tempfile.mkdtemp(dir=store.staging_dir))
        shutil.rmtree(package.path.rename(grave / package.name).parent)
    except OSError as error:
        raise SetupError(f"{package.path} cannot be removed ({error}); make it writable for this user") from error


def _clear_abandoned(store: PackageStore) -> None:
    with suppress(FileNotFoundError):
        for folder in store.staging_dir.iterdir():
            if folder.stat().st_mtime < time.time() - ABANDONED:
                shutil.rmtree(folder, ignore_errors=True)
