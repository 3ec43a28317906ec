"""A web server on a free loopback port, in a thread, that can be stopped and started again on the same port."""

import asyncio
import socket
import threading
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from connectors.webchat.hub import Hub

START_S = 10.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class LiveServer:
    """Serves an app; use it in a `with` statement."""

    def __init__(self, app: ASGIApp, hub: Hub) -> None:
        self._app = app
        self._hub = hub
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._server: uvicorn.Server
        self._thread: threading.Thread
        self._loop: asyncio.AbstractEventLoop | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Listen. Raises TimeoutError when the server does not come up."""
        ready = threading.Event()
        config = uvicorn.Config(
            self._app,
            host="127.0.0.1",
            port=self.port,
            log_level="error",
            lifespan="off",
            ws="wsproto",  # uvicorn's default needs a newer websockets than rasa allows
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config, ready)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        if not ready.wait(START_S):
            raise TimeoutError("the server did not start")

    def stop(self) -> None:
        """Stop listening and drop every connection."""
        self._server.should_exit = True
        self._thread.join(timeout=START_S)
        self._loop = None

    def wake(self, conversation_id: str) -> None:
        """What the background listener does in the web process; lost while the server is down."""
        loop = self._loop
        if loop is not None and loop.is_running():
            loop.call_soon_threadsafe(self._hub.wake, conversation_id)

    def _run(self) -> None:
        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            await self._server.serve()

        asyncio.run(serve())


class _Server(uvicorn.Server):
    """Tells when it listens."""

    def __init__(self, config: uvicorn.Config, ready: threading.Event) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready.set()
