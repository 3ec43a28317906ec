"""Runs a simulator in a thread of its own, for tests; and tears connections down on demand."""

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

START_S = 15.0
CALL_S = 15.0
TRANSPORT = "simulator.transport"

T = TypeVar("T")


class OpenProtocol(HttpToolsProtocol):
    """Puts the connection into the ASGI scope, so that a simulator can reset it."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {TRANSPORT: {"transport": self.transport}}


async def reset_connection(scope: Any) -> None:
    """Tear down the connection of this request. Raises ConnectionResetError where there is no real connection."""
    extension = (scope.get("extensions") or {}).get(TRANSPORT)
    if extension is None:
        raise ConnectionResetError("connection reset by the simulator")
    extension["transport"].abort()
    for _ in range(3):  # lets the server notice, else it answers 500 into the closed connection
        await asyncio.sleep(0)


def server_config(app: ASGIApp, host: str, port: int, log_level: str = "warning") -> uvicorn.Config:
    """Settings of uvicorn for a simulator."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level=log_level,
        http=OpenProtocol,
        ws="none",
        timeout_graceful_shutdown=1,
        lifespan="on",
    )


class AnnouncingServer(uvicorn.Server):
    """Says when it listens, or that it never will."""

    def __init__(self, config: uvicorn.Config, ready: threading.Event) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets=sockets)
        finally:
            self._ready.set()


class ThreadServer:
    """Serves an app on a free loopback port; `call` runs a function on the app's event loop."""

    def __init__(self, app: ASGIApp, port: int = 0) -> None:
        # asyncio switches Nagle's delay off only for sockets that say they are TCP
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._ready = threading.Event()
        self._server = AnnouncingServer(server_config(app, "127.0.0.1", self.port), self._ready)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name=f"simulator-{self.port}", daemon=True)

    def start(self) -> None:
        """Listen. Raises TimeoutError when the server does not come up."""
        self._thread.start()
        if not self._ready.wait(START_S) or not self._server.started:
            raise TimeoutError("simulator did not start; its thread may have failed")

    def stop(self) -> None:
        """Stop listening and end the thread."""
        self._server.should_exit = True
        self._thread.join(START_S)
        self._socket.close()

    def call(self, function: Callable[[], T]) -> T:
        """The result of a function run on the event loop, where the simulator's state lives."""
        if self._loop is None:
            raise RuntimeError("the simulator is not running")

        async def run() -> T:
            return function()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(CALL_S)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self._server.serve(sockets=[self._socket])
