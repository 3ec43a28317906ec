"""Calls to the Graph API: every one with timeouts, bounded answers, and an error that says what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from connectors.calls import BEFORE_SENDING, TIMEOUT, USER_AGENT, exchange, json_object
from connectors.delivery.errors import TryAgain
from connectors.whatsapp.account import WhatsAppAccount
from connectors.whatsapp.errors import ErrorTable, in_doubt
from connectors.whatsapp.wire import mapping

MAX_ANSWER = 4 * 1024 * 1024  # bytes


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

    async def upload(
        self, account: WhatsAppAccount, path: str, fields: Mapping[str, str], file: tuple[str, bytes, str]
    ) -> Answer:
        """What the API took of a file (name, bytes, type). Raises DeliveryError, never Uncertain."""
        request = self._request("POST", account, path, data=dict(fields), files={"file": file})
        return await self._call(request, repeatable=True)

    def _request(self, method: str, account: WhatsAppAccount, path: str, **more: Any) -> httpx.Request:
        url, headers = f"{account.api_url}/{path}", authorised(account)
        return self.http.build_request(method, url, headers=headers, timeout=TIMEOUT, **more)

    async def _call(self, request: httpx.Request, repeatable: bool) -> Answer:
        try:
            status, headers, content = await exchange(self.http, request, MAX_ANSWER)
        except BEFORE_SENDING as error:
            raise unreachable(error) from None
        except (httpx.RequestError, TimeoutError) as error:
            # `from None`: the request inside the error carries the token.
            name = type(error).__name__
            raise (unreachable(error) if repeatable else in_doubt(f"{name} after the call had left")) from None
        found = json_object(content, MAX_ANSWER)
        answer = None if found is None else mapping(found)
        if not 200 <= status < 300:
            raise self.errors.answer(status, answer, headers, repeatable)
        if answer is None:
            reason = f"HTTP {status} with an answer that is no JSON object"
            raise TryAgain("bad_answer", reason) if repeatable else in_doubt(reason)
        return Answer(answer, headers)


def unreachable(error: Exception) -> TryAgain:
    """The vendor could not be reached, or a call that may be repeated got no answer."""
    reason = f"{type(error).__name__}: no answer from the vendor"
    return TryAgain("unreachable", reason, "Check the network; it is tried again.")
