"""A release's manifest: what the folder holds, who made it, and a digest of every file."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from core.errors import SetupError

MANIFEST = "manifest.json"
FORMAT = 2  # 2: with the glossary
_CHUNK = 1 << 20
REMEDY = "roll back with `aftersail publish --rollback`, or publish again with `aftersail publish`"


class BrokenRelease(SetupError):
    """A release's folder is incomplete, changed, or made for something else: do not use it."""


@dataclass(frozen=True)
class Manifest:
    """`files` and `inputs` are SHA-256 in hexadecimal."""

    id: str
    created_at: float  # seconds since 1970
    author: str
    note: str
    embedder: str  # fingerprint of the model that made the vectors
    inputs: str  # digest of everything the release was made from; equal inputs need no new release
    counts: Mapping[str, int]
    files: Mapping[str, str]  # by path inside the folder
    format: int = FORMAT

    def to_json(self) -> bytes:
        """The manifest as UTF-8 JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()


def read_manifest(folder: Path) -> Manifest:
    """The folder's manifest. Raises BrokenRelease."""
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_bytes()))
    except OSError as error:
        raise BrokenRelease(f"{folder / MANIFEST}: {error.strerror}; {REMEDY}") from error
    except (ValueError, TypeError) as error:
        raise BrokenRelease(f"{folder / MANIFEST} is damaged ({error}); {REMEDY}") from error
    if manifest.format != FORMAT:
        message = f"{folder} has format {manifest.format}, this version reads {FORMAT}; run `aftersail publish`"
        raise BrokenRelease(message)
    return manifest


def verify(folder: Path, manifest: Manifest, names: list[str]) -> None:
    """Check that the named files are what the manifest says. Raises BrokenRelease."""
    for name in names:
        if name not in manifest.files:
            raise BrokenRelease(f"{folder / MANIFEST} does not list {name}; {REMEDY}")
        try:
            found = file_digest(folder / name)
        except OSError as error:
            raise BrokenRelease(f"{folder / name}: {error.strerror}; {REMEDY}") from error
        if found != manifest.files[name]:
            raise BrokenRelease(f"{folder / name} is not the file that was published; {REMEDY}")


def file_digest(path: Path) -> str:
    """SHA-256 of the file in hexadecimal. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
