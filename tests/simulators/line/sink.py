"""A webhook endpoint that keeps what it gets, for the simulator's own tests."""

import asyncio
import json
from collections import deque
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.simulators.line.server import QuickServer


@dataclass(frozen=True)
class Received:
    """One webhook."""

    body: str
    signature: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """Its events."""
        events: list[dict[str, Any]] = json.loads(self.body)["events"]
        return events


class WebhookSink:
    """Answers 200, or what `plan` says first: (status, seconds to wait before)."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.plan: deque[tuple[int, float]] = deque()
        self._server = QuickServer(Starlette(routes=[Route("/webhooks/line", self._take, methods=["POST"])]))
        self.url = f"{self._server.url}/webhooks/line"

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events of all webhooks, in order of arrival."""
        return [event for webhook in self.received for event in webhook.events]

    async def _take(self, request: Request) -> Response:
        body = (await request.body()).decode()
        self.received.append(Received(body, request.headers["x-line-signature"]))
        status, wait_s = self.plan.popleft() if self.plan else (200, 0.0)
        await asyncio.sleep(wait_s)
        return Response(status_code=status)
