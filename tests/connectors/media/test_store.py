import errno
import hashlib
import os
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from connectors.delivery.errors import Refused, TryAgain
from connectors.media.store import MediaStore, Stored
from core.errors import NotFound, RetryLater
from tests.connectors.media import files


async def pieces(data: bytes, size: int = 7) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def left(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media", reserve=0)


async def test_the_bytes_lie_there_by_their_hash(store: MediaStore, tmp_path: Path) -> None:
    data = files.png()
    stored = await store.put(pieces(data), 1_000)
    sha256 = hashlib.sha256(data).hexdigest()
    assert stored == Stored(sha256, len(data), "image/png")
    path = tmp_path / "media" / sha256[:2] / sha256[2:4] / sha256
    assert left(tmp_path) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.parent.stat().st_mode) == 0o700
    with store.open(sha256) as file:
        assert file.read() == data


async def test_the_same_bytes_lie_there_once(store: MediaStore, tmp_path: Path) -> None:
    first = await store.put(pieces(files.png()), 1_000)
    assert await store.put(pieces(files.png(), 3), 1_000) == first
    assert len(left(tmp_path)) == 1


async def test_too_many_bytes_leave_nothing(store: MediaStore, tmp_path: Path) -> None:
    assert (await store.put(pieces(b"x" * 100), 100)).size == 100
    with pytest.raises(Refused) as caught:
        await store.put(pieces(b"y" * 101), 100)
    assert caught.value.code == "media_size"
    assert len(left(tmp_path)) == 1


async def test_a_broken_connection_leaves_nothing(store: MediaStore, tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise TryAgain("broken", "the line is dead")

    with pytest.raises(TryAgain):
        await store.put(broken(), 100)
    assert not left(tmp_path)


async def test_what_the_check_refuses_never_enters(store: MediaStore, tmp_path: Path) -> None:
    def check(stored: Stored) -> None:
        raise Refused("media_kind", stored.mime)

    with pytest.raises(Refused, match="text/html"):
        await store.put(pieces(files.HTML), 1_000, check)
    assert not left(tmp_path)


async def test_a_full_disk_leaves_nothing(store: MediaStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RetryLater, match="No space left on device; make room"):
        await store.put(pieces(files.png()), 1_000)
    assert not left(tmp_path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
async def test_a_disk_that_fills_up_while_writing_is_told(
    store: MediaStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = os.open

    def full(path: str | Path, flags: int, mode: int = 0o777) -> int:
        return really("/dev/full", os.O_WRONLY) if str(path).endswith(".part") else really(path, flags, mode)

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(RetryLater, match="No space left on device"):
        await store.put(pieces(b"x" * 200_000, 50_000), 1_000_000)
    assert not left(tmp_path)


async def test_the_last_space_is_not_taken(tmp_path: Path) -> None:
    with pytest.raises(RetryLater, match="nearly full"):
        await MediaStore(tmp_path, reserve=2**60).put(pieces(b"x"), 100)


async def test_deleting_twice_does_no_harm(store: MediaStore) -> None:
    stored = await store.put(pieces(files.png()), 1_000)
    assert store.delete(stored.sha256)
    assert not store.delete(stored.sha256)
    with pytest.raises(NotFound):
        store.open(stored.sha256)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n", "/etc/passwd"])
def test_only_a_hash_names_a_file(store: MediaStore, name: str) -> None:
    for use in (store.open, store.delete, store.path):
        with pytest.raises(NotFound):
            use(name)


_KILLED = """
import asyncio, sys
from pathlib import Path
from connectors.media.store import MediaStore

async def endless():
    yield b"x" * 100_000
    print("writing", flush=True)
    await asyncio.sleep(60)

asyncio.run(MediaStore(Path(sys.argv[1]), reserve=0).put(endless(), 10**9))
"""


def test_a_killed_process_leaves_a_draft_that_is_swept(store: MediaStore, tmp_path: Path) -> None:
    command = [sys.executable, "-c", _KILLED, str(tmp_path / "media")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]) as process:
        assert process.stdout
        assert process.stdout.readline() == b"writing\n"
        assert store.sweep() == 0  # it is being written
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    assert len(left(tmp_path)) == 1
    assert store.sweep() == 1
    assert not left(tmp_path)


def test_an_empty_store_has_nothing_to_sweep(store: MediaStore) -> None:
    assert store.sweep() == 0
