"""The bytes of files on disk, named by their SHA-256: the same bytes lie there once."""

import asyncio
import contextlib
import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar
from uuid import uuid4

from connectors.delivery.errors import Refused
from connectors.media.mime import read_mime
from core.errors import NotFound, RetryLater

RESERVE = 512 * 1024 * 1024  # bytes of the disk that files never take: the database needs them more
THREADS = 2
_DRAFTS = "drafts"
_T = TypeVar("_T")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Stored:
    """A file in the store."""

    sha256: str  # hex
    size: int  # bytes
    mime: str  # read from the bytes


class MediaStore:
    """Files in a folder of its own; every method but `put` blocks."""

    def __init__(self, folder: Path, reserve: int = RESERVE) -> None:
        self._folder = folder
        self._reserve = reserve
        # Its own threads: a slow disk may not take those that answer webhooks.
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="media")

    async def put(
        self, chunks: AsyncIterator[bytes], limit: int, check: Callable[[Stored], None] | None = None
    ) -> Stored:
        """The file, complete on disk. What `check` raises keeps it out of the store.

        `limit`: bytes. Raises Refused (media_size) above it, RetryLater when the disk does not take it.
        """
        draft = await self._call(self._begin)
        try:
            async for chunk in chunks:
                if draft.size + len(chunk) > limit:
                    raise Refused("media_size", f"the file has more than {limit:,} bytes", "Ask for a smaller file.")
                await self._call(draft.add, chunk)
            return await self._call(self._finish, draft, check)
        finally:
            draft.discard()

    def path(self, sha256: str) -> Path:
        """Where the bytes are if they are here. Raises NotFound when `sha256` is none."""
        if not _SHA256.fullmatch(sha256):
            raise NotFound("that is no SHA-256 of a file")
        return self._folder / sha256[:2] / sha256[2:4] / sha256

    def open(self, sha256: str) -> BinaryIO:
        """The bytes, to be read and closed. Raises NotFound."""
        try:
            return self.path(sha256).open("rb")
        except FileNotFoundError:
            raise NotFound(f"the store does not have the file {sha256}") from None

    def delete(self, sha256: str) -> bool:
        """Whether the bytes were here until now. Raises RetryLater."""
        try:
            self.path(sha256).unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise _trouble(self._folder, error) from error
        return True

    def sweep(self) -> int:
        """Number of drafts removed that a killed process left behind; those being written stay."""
        drafts = list((self._folder / _DRAFTS).glob("*.part"))
        return sum(_abandoned(path) for path in drafts)

    async def _call(self, function: Callable[..., _T], *values: Any) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *values)

    def _begin(self) -> "_Draft":
        try:
            folder = _make(self._folder, _DRAFTS)
            if shutil.disk_usage(folder).free < self._reserve:
                raise RetryLater(f"{self._folder}: the disk is nearly full; free space, then files are fetched again")
            return _Draft(folder / f"{uuid4().hex}.part")
        except OSError as error:
            raise _trouble(self._folder, error) from error

    def _finish(self, draft: "_Draft", check: Callable[[Stored], None] | None) -> Stored:
        try:
            draft.write_out()
            stored = Stored(draft.digest(), draft.size, read_mime(draft.path))
        except OSError as error:
            raise _trouble(self._folder, error) from error
        if check is not None:
            check(stored)
        try:
            target = self.path(stored.sha256)
            _make(self._folder, target.parent.parent.name, target.parent.name)
            draft.path.replace(target)
            _sync_folder(target.parent)
        except OSError as error:
            raise _trouble(self._folder, error) from error
        return stored


class _Draft:
    """A file being written; locked, so that nobody takes it for left behind."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self._folder = path.parent
        self._hash = hashlib.sha256()
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def add(self, chunk: bytes) -> None:
        """Write and hash. Raises RetryLater."""
        try:
            self._file.write(chunk)
        except OSError as error:
            raise _trouble(self._folder, error) from error
        self._hash.update(chunk)
        self.size += len(chunk)

    def write_out(self) -> None:
        """Bring the bytes to the disk. Raises OSError."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def digest(self) -> str:
        """The SHA-256 of what was added, hex."""
        return self._hash.hexdigest()

    def discard(self) -> None:
        """Close it, and remove it unless it has become a file of the store."""
        with contextlib.suppress(OSError):  # what could not be written is thrown away anyway
            self._file.close()
        self.path.unlink(missing_ok=True)


def _make(root: Path, *names: str) -> Path:
    """The folder below `root`, there and open to nobody else."""
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in names:
        root = root / name
        root.mkdir(mode=0o700, exist_ok=True)
    return root


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _abandoned(path: Path) -> bool:
    """Whether the draft had no writer any more, and is removed."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
    except (BlockingIOError, FileNotFoundError):
        return False
    return True


def _trouble(folder: Path, error: OSError) -> RetryLater:
    return RetryLater(f"{folder}: {error.strerror}; make room or the folder writable, then files are fetched again")
