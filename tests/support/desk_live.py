"""A browser's stream of news, without a browser."""

import json
import socket
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from desk.web.routing import COOKIE

WAIT_S = 10.0


class Stream:
    """An open /desk/stream; use it in a `with` statement. Refused when `status` is not 200."""

    def __init__(self, port: int, token: str, query: str = "") -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), WAIT_S)
        head = (f"GET /desk/stream{query} HTTP/1.1", "host: x", f"cookie: {COOKIE}={token}", "", "")
        self._socket.sendall("\r\n".join(head).encode())
        self._buffer = b""
        self.ended = False
        answer = self._until(b"\r\n\r\n", WAIT_S)
        self.status = int(answer.split()[1]) if answer else 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def next(self, name: str, wait_s: float = WAIT_S) -> Mapping[str, Any] | None:
        """Data of the next event of this name; None when none came in time, or the stream ended."""
        deadline = time.monotonic() + wait_s
        while (event := self._event(deadline)) is not None:
            if event[0] == name:
                return event[1]
        return None

    def wait_end(self, wait_s: float = WAIT_S) -> bool:
        """Whether the server ended it in time."""
        deadline = time.monotonic() + wait_s
        while self._event(deadline) is not None:
            pass
        return self.ended

    def _event(self, deadline: float) -> tuple[str, Mapping[str, Any]] | None:
        while True:
            block = self._until(b"\n\n", deadline - time.monotonic())
            if block is None:
                return None
            fields = [line.partition(": ") for line in block.decode().splitlines() if ": " in line]
            given = {name: value for name, _, value in fields}
            if "event" in given:
                return given["event"], json.loads(given["data"])

    def _until(self, end: bytes, wait_s: float) -> bytes | None:
        deadline = time.monotonic() + wait_s
        while end not in self._buffer:
            if b"\r\n0\r\n\r\n" in self._buffer or self._buffer == b"0\r\n\r\n":
                self.ended = True
                return None
            self._socket.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                data = self._socket.recv(65_536)
            except TimeoutError:
                return None
            if not data:
                self.ended = True
                return None
            self._buffer += data
        found, _, self._buffer = self._buffer.partition(end)
        return found
