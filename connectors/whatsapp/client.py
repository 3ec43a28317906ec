"""Calls to the Graph API: every one with timeouts, bounded answers, and an error that says what to do."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from connectors.delivery.errors import TryAgain
from connectors.whatsapp.account import WhatsAppAccount
from connectors.whatsapp.errors import ErrorTable, in_doubt
from connectors.whatsapp.wire import mapping

TIMEOUT = httpx.Timeout(connect=5.0, read=12.0, write=10.0, pool=5.0)
TOTAL_S = 18.0  # of one call, however slowly its bytes come; the sender gives up after 20
MAX_ANSWER = 4 * 1024 * 1024  # bytes
USER_AGENT = "aftersail"  # Meta's media servers turn some tools' default names away
# Nothing of the call has left when one of these is raised.
BEFORE_SENDING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


@dataclass(frozen=True)
class Answer:
    """A success of the API."""

    body: Mapping[str, Any]
    headers: Mapping[str, str]  # names in lower case


def authorised(account: WhatsAppAccount) -> dict[str, str]:
    """Headers that show who we are."""
    return {"Authorization": f"Bearer {account.access_token.get_secret_value()}", "User-Agent": USER_AGENT}


class Graph:
    """The Graph API behind one HTTP client. It follows no redirects, and no secret gets into an error."""

    def __init__(self, client: httpx.AsyncClient, errors: ErrorTable) -> None:
        self.http = client
        self.errors = errors

    async def get(self, account: WhatsAppAccount, path: str, params: Mapping[str, str] | None = None) -> Answer:
        """What the API says. Raises DeliveryError, never Uncertain."""
        request = self._request("GET", account, path, params=params)
        return await self._call(request, repeatable=True)

    async def post(
        self, account: WhatsAppAccount, path: str, body: Mapping[str, Any], repeatable: bool = False
    ) -> Answer:
        """What the API took. Raises DeliveryError; Uncertain unless the call is `repeatable` without harm."""
        return await self._call(self._request("POST", account, path, json=body), repeatable)

    def _request(self, method: str, account: WhatsAppAccount, path: str, **more: Any) -> httpx.Request:
        url, headers = f"{account.api_url}/{path}", authorised(account)
        return self.http.build_request(method, url, headers=headers, timeout=TIMEOUT, **more)

    async def _call(self, request: httpx.Request, repeatable: bool) -> Answer:
        try:
            async with asyncio.timeout(TOTAL_S):
                status, headers, content = await self._exchange(request)
        except BEFORE_SENDING as error:
            raise unreachable(error) from None
        except (httpx.RequestError, TimeoutError) as error:
            # `from None`: the request inside the error carries the token.
            name = type(error).__name__
            raise (unreachable(error) if repeatable else in_doubt(f"{name} after the call had left")) from None
        answer = _json(content)
        if not 200 <= status < 300:
            raise self.errors.answer(status, answer, headers, repeatable)
        if answer is None:
            reason = f"HTTP {status} with an answer that is no JSON object"
            raise TryAgain("bad_answer", reason) if repeatable else in_doubt(reason)
        return Answer(answer, headers)

    async def _exchange(self, request: httpx.Request) -> tuple[int, dict[str, str], bytes]:
        response = await self.http.send(request, stream=True, follow_redirects=False)
        try:
            content = b""
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > MAX_ANSWER:
                    break
            return response.status_code, {name.lower(): value for name, value in response.headers.items()}, content
        finally:
            await response.aclose()


def unreachable(error: Exception) -> TryAgain:
    """The vendor could not be reached, or a call that may be repeated got no answer."""
    reason = f"{type(error).__name__}: no answer from the vendor"
    return TryAgain("unreachable", reason, "Check the network; it is tried again.")


def _json(content: bytes) -> Mapping[str, Any] | None:
    try:
        value = json.loads(content) if len(content) <= MAX_ANSWER else None
    except (ValueError, RecursionError):
        return None
    return mapping(value) if isinstance(value, dict) else None
