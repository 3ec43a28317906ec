"""Whether an `.argosmodel` file may be unpacked: one folder, nothing outside it, no bomb, a package that can work."""

import json
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from core.errors import AftersailError

MAX_FILES = 5_000
MAX_METADATA = 1_000_000  # bytes
# What zipfile raises for a damaged archive, depending on where the damage is.
UNREADABLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)
TOKENIZERS = ("sentencepiece.model", "bpe.model")
_CODE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,8})?")
_VERSION = re.compile(r"\d{1,6}(?:\.\d{1,6}){0,4}")


class PackageRefused(AftersailError):
    """A file is no package that may be installed; the text says why and what to do."""


@dataclass(frozen=True)
class CheckedArchive:
    """A file that may be unpacked."""

    path: Path
    folder: str  # the one folder inside
    source: str  # Argos' codes
    target: str
    version: str
    unpacked: int  # bytes


@dataclass(frozen=True)
class ArchiveLimits:
    """Bounds of a package."""

    unpacked: int = 3_000_000_000  # bytes
    ratio: int = 100  # unpacked to packed; model weights hardly shrink at all


def check_archive(path: Path, limits: ArchiveLimits = ArchiveLimits()) -> CheckedArchive:
    """What is in the archive `path`, read without unpacking it. Raises PackageRefused."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            folder = _one_folder(path, members)
            unpacked = _bounded(path, members, limits)
            metadata = _metadata(path, archive, folder)
    except FileNotFoundError as error:
        raise PackageRefused(f"{path}: there is no such file") from error
    except UNREADABLE as error:
        raise _refused(path, f"it cannot be read as a zip archive ({error})") from error
    source, target, version = _described(path, metadata)
    return CheckedArchive(path, folder, source, target, version, unpacked)


def _refused(path: Path, why: str) -> PackageRefused:
    return PackageRefused(f"{path}: {why}; get the .argosmodel file again from where it is published")


def _one_folder(path: Path, members: list[zipfile.ZipInfo]) -> str:
    names = [member.filename for member in members]
    if len(names) > MAX_FILES or len(set(names)) != len(names):
        raise _refused(path, f"it holds {len(names)} files, or one twice")
    for member in members:
        parts = PurePosixPath(member.filename).parts
        kind = stat.S_IFMT(member.external_attr >> 16)
        if (
            not parts
            or member.filename.startswith("/")
            or ".." in parts
            or re.search(r"[\\:\x00-\x1f]", member.filename)
        ):
            raise _refused(path, f"{member.filename!r} would be written outside its folder")
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or member.flag_bits & 0x1:
            raise _refused(path, f"{member.filename!r} is a link, a device or encrypted")
    folders = {PurePosixPath(name).parts[0] for name in names}
    if len(folders) != 1:
        raise _refused(path, f"it holds {len(folders)} folders, and a package is one")
    folder = folders.pop()
    if f"{folder}/model/model.bin" not in names or not any(f"{folder}/{name}" in names for name in TOKENIZERS):
        raise _refused(path, "it lacks model/model.bin or its tokenizer")
    return folder


def _bounded(path: Path, members: list[zipfile.ZipInfo], limits: ArchiveLimits) -> int:
    # zipfile never unpacks more of a member than its declared size, so the declared sizes bound the work.
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > limits.unpacked or unpacked > limits.ratio * max(packed, 10_000):
        raise _refused(path, f"{packed / 1e6:.1f} MB would become {unpacked / 1e6:.0f} MB")
    return unpacked


def _metadata(path: Path, archive: zipfile.ZipFile, folder: str) -> dict[str, Any]:
    try:
        about = archive.getinfo(f"{folder}/metadata.json")
        if about.file_size > MAX_METADATA:
            raise _refused(path, "its metadata.json is too long")
        metadata = json.loads(archive.read(about))
    except (KeyError, ValueError, RecursionError) as error:
        raise _refused(path, f"its metadata.json is missing or damaged ({error})") from error
    if not isinstance(metadata, dict):
        raise _refused(path, "its metadata.json is no object")
    return metadata


def _described(path: Path, metadata: dict[str, Any]) -> tuple[str, str, str]:
    """(source, target, version), safe to be part of a folder's name."""
    if metadata.get("type", "translate") != "translate":
        raise _refused(path, f"it is a package of type {metadata['type']!r} and not for translation")
    codes = [str(metadata.get(key, "")) for key in ("from_code", "to_code")]
    version = str(metadata.get("package_version", ""))
    if not all(_CODE.fullmatch(code) for code in codes) or not _VERSION.fullmatch(version):
        raise _refused(path, f"its metadata.json names no languages or version ({codes}, {version!r})")
    if codes[0] == codes[1]:
        raise _refused(path, f"it translates {codes[0]!r} into itself")
    return codes[0], codes[1], version
