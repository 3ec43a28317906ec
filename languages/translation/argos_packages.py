"""The folder of installed Argos packages: which there are, and what was found out about each.

installed/<name>/   the package as Argos unpacks it, with installed.json and masks.json of ours
staging/            half-done work of an installation
argos/              what argostranslate itself wants to write
"""

import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from core.errors import SetupError
from languages.translation.argos_library import argos_package

RECORD = "installed.json"
MASKS = "masks.json"


@dataclass(frozen=True)
class InstalledPackage:
    """A package on disk; two with the same `key` hold the same model."""

    path: Path
    source: str  # Argos' codes
    target: str
    version: str
    sha256: str  # of the archive; empty when the folder was put there by hand
    installed_at: str  # ISO 8601; empty likewise

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.path.name

    @property
    def key(self) -> str:
        """Version and hash, as the cache names what has translated."""
        return f"{self.version}+{self.sha256[:12] or self._stamp}"

    @cached_property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.stat().st_size for file in self.path.rglob("*") if file.is_file())

    @property
    def model_bytes(self) -> int:
        """Bytes of the model file alone. Raises SetupError when it is gone."""
        try:
            return (self.path / "model" / "model.bin").stat().st_size
        except OSError as error:
            raise SetupError(f"{self.path} has no readable model ({error}); install the package again") from error

    @cached_property
    def _stamp(self) -> str:
        about = (self.path / "model" / "model.bin").stat()
        return f"{about.st_size:x}-{about.st_mtime_ns:x}"


Newest = Mapping[tuple[str, str], InstalledPackage]


class PackageStore:
    """Reads the folder; installs and removals by other processes are seen at the next call. Thread-safe."""

    def __init__(self, folder: Path, argos_home: Path | None = None) -> None:
        self.folder = folder
        self.argos_home = argos_home or folder / "argos"  # where argostranslate may write
        self._lock = threading.Lock()
        self._seen: tuple[int, tuple[InstalledPackage, ...]] = (-1, ())
        self._broken: dict[str, str] = {}
        self._newest: tuple[object, Newest] = (None, {})

    @property
    def installed_dir(self) -> Path:
        """Where packages lie; LibreTranslate can use it as its ARGOS_PACKAGES_DIR."""
        return self.folder / "installed"

    @property
    def staging_dir(self) -> Path:
        """Where an installation works; on the same file system, so that the last step is one rename."""
        return self.folder / "staging"

    def packages(self) -> tuple[InstalledPackage, ...]:
        """The installed packages by name; empty when there are none. A broken one is left out, see `broken`."""
        try:
            stamp = self.installed_dir.stat().st_mtime_ns
        except FileNotFoundError:
            return ()
        with self._lock:
            if stamp != self._seen[0]:
                self._broken = {}
                self._seen = (stamp, tuple(filter(None, map(self._readable, self._folders()))))
            return self._seen[1]

    def broken(self) -> dict[str, str]:
        """What is wrong with each installed folder that cannot be read, by its name; one costs only its own pair."""
        self.packages()
        return dict(self._broken)

    def _folders(self) -> list[Path]:
        return sorted(path.parent for path in self.installed_dir.glob("*/metadata.json"))

    def _readable(self, path: Path) -> InstalledPackage | None:
        try:
            return self.read(path)
        except SetupError as error:
            self._broken[path.name] = str(error)
            return None

    def newest(self) -> Newest:
        """The package to use for each pair of Argos' codes: the highest version, then the latest installed.

        The same object as long as nothing changes.
        """
        packages = self.packages()
        if self._newest[0] is not packages:
            ordered = sorted(packages, key=lambda package: (_version(package.version), package.installed_at))
            self._newest = (packages, {(package.source, package.target): package for package in ordered})
        return self._newest[1]

    def read(self, path: Path) -> InstalledPackage | None:
        """The package in folder `path`; None when it is no translation package. Raises SetupError when it is broken."""
        try:
            package = argos_package(self.argos_home).Package(path)
        except (OSError, ValueError, AttributeError, TypeError, KeyError) as error:
            raise SetupError(
                f"{path} is no readable package ({error}); remove the folder and install it again"
            ) from error
        if package.type != "translate":
            return None
        record = read_json(path / RECORD)
        return InstalledPackage(
            path, str(package.from_code), str(package.to_code), str(package.package_version),
            str(record.get("sha256", "")), str(record.get("installed_at", "")),
        )  # fmt: skip


def mask_rates(package: InstalledPackage) -> dict[str, float]:
    """Share of probes, 0 to 1, that each mask shape has survived; empty when that was not measured or not kept."""
    try:
        shapes = read_json(package.path / MASKS).get("shapes", {})
        return {str(name): float(figures["rate"]) for name, figures in shapes.items()}
    except (SetupError, KeyError, TypeError, ValueError, AttributeError):
        return {}  # as if never measured; `aftersail languages verify` measures and writes it anew


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of a package by its path, without the files that are ours."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file() and file.name not in (RECORD, MASKS))
    return {file.relative_to(folder).as_posix(): sha256(file) for file in files}


def sha256(file: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_json(path: Path) -> dict[str, Any]:
    """The object in `path`; empty when there is no such file. Raises SetupError when it is no JSON object."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise SetupError(f"{path} is damaged ({error}); remove the package and install it again") from error
    if not isinstance(data, dict):
        raise SetupError(f"{path} is damaged (no object); remove the package and install it again")
    return data


def _version(text: str) -> Version:
    try:
        return Version(text)
    except InvalidVersion:
        return Version("0")
