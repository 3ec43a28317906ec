"""What both helpdesk simulators need: a network that fails on demand, and webhooks on their way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response


@dataclass(frozen=True)
class Webhook:
    """A delivery: the raw body and what was signed over it."""

    headers: Mapping[str, str]
    body: bytes


@dataclass
class Wire(httpx.AsyncBaseTransport):
    """Leads calls to the simulator's app. Each fault is used up by one call that `fails_on` wants.

    down: no connection. lost: the app does it, and its answer never comes. 429, 500: refused, nothing is done.
    half: an answer that is no JSON, after it was done.
    """

    app: Starlette
    faults: list[str] = field(default_factory=list)
    fails_on: Callable[[httpx.Request], bool] = lambda request: request.method != "GET"
    calls: list[tuple[str, str]] = field(default_factory=list)
    retry_after: str = "7"

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        fault = self.faults.pop(0) if self.faults and self.fails_on(request) else ""
        self.calls.append((request.method, request.url.path))
        if fault == "down":
            raise httpx.ConnectError("refused", request=request)
        if fault == "429":
            return httpx.Response(429, headers={"retry-after": self.retry_after}, json={"error": "too many"})
        if fault == "500":
            return httpx.Response(500, json={"error": "internal"})
        answer = await httpx.ASGITransport(self.app).handle_async_request(request)
        if fault == "lost":
            raise httpx.ReadTimeout("no answer", request=request)
        if fault == "half":
            return httpx.Response(200, text="<html>")
        return answer


async def read_body(request: Request, model: type[BaseModel]) -> Any:
    """The request's body as the vendor's schema wants it. Raises BadRequest."""
    try:
        return model.model_validate_json(await request.body())
    except ValidationError as error:
        raise BadRequest(str(error)) from error


class BadRequest(Exception):
    """The body is not what the vendor takes."""


def refusal(status: int, **body: Any) -> Response:
    """An error as the vendor words it."""
    return JSONResponse(body, status)


async def bad_request(_request: Request, error: Exception) -> Response:
    """Handler for BadRequest."""
    return refusal(422, error="RecordInvalid", details={"base": [{"description": str(error)}]})
