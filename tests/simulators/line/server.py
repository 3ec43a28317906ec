"""The thread that a simulator serves from."""

import socket

from starlette.types import ASGIApp

from tests.simulators.common.server import ThreadServer


class QuickServer(ThreadServer):
    """Sends answers without waiting for more: asyncio does so itself only for sockets made with IPPROTO_TCP."""

    def __init__(self, app: ASGIApp, port: int = 0) -> None:
        super().__init__(app, port)
        # Accepted connections inherit it. Without it every answer takes 40 ms longer.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
