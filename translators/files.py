"""Names and fingerprints of package files."""

import hashlib
from pathlib import Path

from translators.corpus import Direction
from translators.recipe import VERSION

PACKAGES = Path(__file__).parent / "packages"


def package_name(direction: Direction) -> str:
    """The name that Argos gives a package, without its ending."""
    version = VERSION.replace(".", "_")
    return f"translate-{direction.source.code}_{direction.target.code}-{version}"


def package_path(direction: Direction, folder: Path = PACKAGES) -> Path:
    """Where the package of `direction` lies."""
    return folder / f"{package_name(direction)}.argosmodel"


def sha256(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
