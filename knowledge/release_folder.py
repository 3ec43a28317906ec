"""Writing a release's folder so that it is there whole or not at all, and removing old ones."""

import os
import shutil
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

import structlog

from core.errors import SetupError
from knowledge.manifest import MANIFEST, Manifest, file_digest

logger = structlog.get_logger(__name__)

_UNFINISHED = ".unfinished-"
_STALE_AFTER_S = 3600


def write_folder(
    releases_dir: Path, manifest: Manifest, fill: Callable[[Path], object], check: Callable[[Path], object]
) -> str:
    """SHA-256 of the manifest of the new folder `<releases_dir>/<manifest.id>`, complete and on the disk.

    `fill` writes the files; `check` is called with the folder before it gets its name, and what it raises stops the
    writing. Raises SetupError when the disk refuses; nothing is left behind.
    """
    unfinished = releases_dir / f"{_UNFINISHED}{manifest.id}-{os.getpid()}"
    try:
        unfinished.mkdir(parents=True)
        fill(unfinished)
        names = [str(path.relative_to(unfinished)) for path in sorted(unfinished.rglob("*")) if path.is_file()]
        complete = replace(manifest, files={name: file_digest(unfinished / name) for name in names})
        (unfinished / MANIFEST).write_bytes(complete.to_json())
        for path in (unfinished, *unfinished.rglob("*")):
            _sync(path)
        check(unfinished)
        unfinished.rename(releases_dir / manifest.id)
        _sync(releases_dir)
    except OSError as error:
        where = error.filename or releases_dir
        remedy = f"Free some disk space, or make {releases_dir} writable for this user, and publish again"
        raise SetupError(f"{where}: {error.strerror or error}; nothing was published. {remedy}") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return file_digest(releases_dir / manifest.id / MANIFEST)


def remove_folder(folder: Path) -> None:
    """Remove a release's folder; a folder that resists stays, with a line in the log."""
    try:
        shutil.rmtree(folder)
    except OSError as error:
        logger.warning("release.not_removed", folder=str(folder), error=str(error))


def prune_folders(releases_dir: Path, keep: Collection[str], newest: int) -> list[str]:
    """Names of the folders removed: all but the `newest` by name and those in `keep`, and stale unfinished ones."""
    folders = sorted((path for path in releases_dir.iterdir() if path.is_dir()), reverse=True)
    finished = [path for path in folders if not path.name.startswith(".")]
    now = time.time()
    stale = [
        path for path in folders if path.name.startswith(_UNFINISHED) and now - path.stat().st_mtime > _STALE_AFTER_S
    ]
    doomed = [path for path in finished[newest:] if path.name not in keep] + stale
    for path in doomed:
        remove_folder(path)
    return [path.name for path in doomed]


def _sync(path: Path) -> None:
    """Make a file's content, or a folder's names, last through a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
