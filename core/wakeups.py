"""Wake-ups between processes of one machine: "there is a new row", never the row itself.

A wake-up may be lost (a full socket, a dead process), so every listener also looks by itself now and then.
"""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

WEB, WORKER, COURIER = "web", "worker", "courier"  # roles that wake-ups name
MAX_NOTE = 256  # bytes; a conversation id is far shorter


class Notifier:
    """Sends wake-ups to every listener of a role."""

    def __init__(self, run_dir: Path) -> None:
        self._run_dir = run_dir
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    def wake(self, role: str, note: str = "") -> int:
        """Number of listeners reached; `note` is an id of at most 256 bytes."""
        return sum(self._send(path, note) for path in self._run_dir.glob(f"{role}-*.sock"))

    def news(self, conversation_id: str) -> None:
        """Wake whoever shows or sends messages: the conversation has something new."""
        for role in (WEB, COURIER):
            self.wake(role, conversation_id)

    def _send(self, path: Path, note: str) -> bool:
        try:
            self._socket.sendto(note.encode()[:MAX_NOTE], str(path))
        except BlockingIOError:
            return True  # its queue is full, so it is awake already
        except (ConnectionRefusedError, FileNotFoundError):
            with contextlib.suppress(FileNotFoundError):
                path.unlink()  # left behind by a killed process
            return False
        return True

    def close(self) -> None:
        """Give the socket back."""
        self._socket.close()


class Bell:
    """A wake-up within one process and event loop."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Let the one who waits, or who waits next, go on at once."""
        self._event.set()

    async def wait(self, timeout_s: float) -> None:
        """Until it rings, or for `timeout_s` seconds."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._event.wait(), timeout_s)
        self._event.clear()


class Listener:
    """Receives wake-ups for one process; use it in a `with` statement."""

    def __init__(self, run_dir: Path, role: str, name: str) -> None:
        self._path = run_dir / f"{role}-{name}.sock"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.unlink(missing_ok=True)
        self._socket.bind(str(self._path))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()
        self._path.unlink(missing_ok=True)

    async def wait(self, timeout_s: float) -> set[str]:
        """The notes that came; empty when nothing came within `timeout_s` seconds."""
        loop = asyncio.get_running_loop()
        try:
            first = await asyncio.wait_for(loop.sock_recv(self._socket, MAX_NOTE), timeout_s)
        except TimeoutError:
            return set()
        return {first.decode(), *self._waiting()}

    def _waiting(self) -> Iterator[str]:
        for _ in range(1000):
            try:
                yield self._socket.recv(MAX_NOTE).decode()
            except BlockingIOError:
                return
