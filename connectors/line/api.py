"""HTTP to LINE: one call, its timeouts, and what it means when no answer comes."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import httpx

from connectors.delivery.errors import DeliveryError
from connectors.line.account import LineAccount
from connectors.line.errors import Answer, ErrorTable
from connectors.line.fields import tamed

CONNECT_S = 3.0
SILENCE_S = 10.0  # without a byte from LINE
WHOLE_CALL_S = 15.0
MAX_ANSWER = 256 * 1024
MAX_RETRY_AFTER_S = 3600.0
# Nothing left this machine, or not all of it before the connection stood.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)


@dataclass(frozen=True)
class Request:
    """One call. `repeatable`: doing it twice harms nobody, so no answer means try again."""

    method: Literal["GET", "POST"]
    path: str  # percent-encoded
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] | None = None
    repeatable: bool = True
    silence_s: float = SILENCE_S


class LineApi:
    """Calls for every account over one client."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        errors: ErrorTable,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._clock = clock
        self.errors = errors

    async def call(self, account: LineAccount, request: Request) -> Answer:
        """LINE's answer, whatever its status. Raises TryAgain, or Uncertain when it may have been taken."""
        try:
            async with asyncio.timeout(WHOLE_CALL_S), self._open(account, account.api_url, request) as response:
                return self._answer(response, await _read(response))
        except TimeoutError as error:
            raise self._silence(request, "no whole answer in time") from error

    @asynccontextmanager
    async def stream(self, account: LineAccount, request: Request) -> AsyncIterator[httpx.Response]:
        """An answer of the data host whose body is not read yet. Raises TryAgain."""
        async with self._open(account, account.data_url, request) as response:
            yield response

    async def data_of(self, response: httpx.Response) -> Mapping[str, Any]:
        """The JSON object of a streamed answer; empty: none."""
        return await _read(response)

    async def refusal(self, response: httpx.Response) -> DeliveryError:
        """The error that a streamed answer is."""
        return self.errors.of_answer(self._answer(response, await _read(response)))

    @asynccontextmanager
    async def _open(self, account: LineAccount, host: str, request: Request) -> AsyncIterator[httpx.Response]:
        try:
            response = await self._client.send(self._built(account, host, request), stream=True, follow_redirects=False)
        except _NOT_SENT as error:
            raise self.errors.named("unreachable", f"{type(error).__name__} at {host}") from error
        except httpx.TransportError as error:
            raise self._silence(request, type(error).__name__) from error
        try:
            yield response
        finally:
            await response.aclose()

    def _built(self, account: LineAccount, host: str, request: Request) -> httpx.Request:
        headers = {"Authorization": f"Bearer {account.access_token.get_secret_value()}", **(request.headers or {})}
        timeout = httpx.Timeout(request.silence_s, connect=CONNECT_S, pool=CONNECT_S)
        return self._client.build_request(
            request.method, host + request.path, json=request.body, headers=headers, timeout=timeout
        )

    def _silence(self, request: Request, what: str) -> DeliveryError:
        return self.errors.named("unreachable" if request.repeatable else "no_answer", what)

    def _answer(self, response: httpx.Response, data: Mapping[str, Any]) -> Answer:
        return Answer(
            status=response.status_code,
            data=data,
            request_id=response.headers.get("x-line-request-id", "")[:100],
            retry_after_s=_seconds(response.headers.get("retry-after", ""), self._clock()),
            date=response.headers.get("date", "")[:64],
        )


async def _read(response: httpx.Response) -> Mapping[str, Any]:
    """The body's JSON object; empty: none, too large, or broken off: the status alone says what happened."""
    body = bytearray()
    try:
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > MAX_ANSWER:
                return {}
        data = json.loads(bytes(body))
    except (httpx.TransportError, httpx.DecodingError, ValueError, RecursionError):
        return {}
    return tamed(data) if isinstance(data, dict) else {}


def _seconds(retry_after: str, now: float) -> float | None:
    """Seconds of a Retry-After header, at most an hour; None: there is none that can be read."""
    if retry_after.isascii() and retry_after.isdecimal():
        return min(float(retry_after[:10]), MAX_RETRY_AFTER_S)
    moment = http_date(retry_after)
    return None if moment is None else min(max(moment - now, 0.0), MAX_RETRY_AFTER_S)


def http_date(value: str) -> float | None:
    """Seconds since 1970 of an HTTP date; None: it is none."""
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
