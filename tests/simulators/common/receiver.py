"""A stand-in for the product: takes webhooks, keeps them, and answers as a test wants."""

import asyncio
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tests.simulators.common.server import ThreadServer


@dataclass(frozen=True)
class Taken:
    """A webhook as it came in; header names in lower case."""

    body: bytes
    headers: dict[str, str]


class Receiver:
    """Answers 200, but for `answers`: statuses used up first, one a request; 0 means no answer for `silence_s`."""

    def __init__(self, verify_token: str = "", silence_s: float = 5.0) -> None:
        self.taken: list[Taken] = []
        self.answers: list[int] = []
        self.verify_token = verify_token
        self._silence_s = silence_s
        routes = [Route("/hook", self._get, methods=["GET"]), Route("/hook", self._post, methods=["POST"])]
        self._server = ThreadServer(Starlette(routes=routes))
        self.url = f"{self._server.url}/hook"

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()

    async def _get(self, request: Request) -> Response:
        query = request.query_params
        if query.get("hub.mode") != "subscribe" or query.get("hub.verify_token") != self.verify_token:
            return Response(status_code=403)
        return PlainTextResponse(query["hub.challenge"])

    async def _post(self, request: Request) -> Response:
        body = await request.body()
        self.taken.append(Taken(body, {name.lower(): value for name, value in request.headers.items()}))
        status = self.answers.pop(0) if self.answers else 200
        if status == 0:
            await asyncio.sleep(self._silence_s)
        return Response(status_code=status or 200)
