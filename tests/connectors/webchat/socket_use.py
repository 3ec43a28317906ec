"""Using the socket in tests."""

from typing import Any

from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from tests.connectors.webchat.conftest import VisitorAtWork
from tests.support.bot import StandInBot
from tests.support.webchat import Clock, Installation


def connect(visitor: VisitorAtWork, **headers: str) -> WebSocketTestSession:
    return visitor.client.websocket_connect("/webchat/socket", headers=headers)


def greet(socket: WebSocketTestSession, visitor: VisitorAtWork, **hello: Any) -> dict[str, Any]:
    socket.send_json({"type": "hello", "token": visitor.token, **hello})
    return next_frame(socket, "ready")


def next_frame(socket: WebSocketTestSession, kind: str) -> dict[str, Any]:
    for _ in range(50):
        frame: dict[str, Any] = socket.receive_json()
        if frame["type"] == kind:
            return frame
    raise AssertionError(f"no {kind} among 50 frames")


def closing_code(socket: WebSocketTestSession) -> int:
    for _ in range(50):
        try:
            socket.receive_json()
        except WebSocketDisconnect as error:
            return error.code
    raise AssertionError("the socket stayed open")


def answer_and_wake(chat: Installation, clock: Clock, socket: WebSocketTestSession) -> None:
    # The wake-up belongs into the socket's event loop, where the web process has its listener.
    for conversation in StandInBot(chat.engine, chat.hub.wake, clock).answer_waiting():
        socket.portal.call(chat.hub.wake, conversation)
