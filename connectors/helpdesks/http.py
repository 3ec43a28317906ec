"""Calls to a helpdesk's API: timeouts, bounded answers, and an error that says what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import time
from typing import Any

import httpx

from connectors.calls import BEFORE_SENDING, TIMEOUT, USER_AGENT, exchange, json_object
from connectors.delivery.errors import AccountDown, DeliveryError, Refused, TryAgain, Uncertain

MAX_ANSWER = 8 * 1024 * 1024  # bytes
MAX_REASON = 200
LONGEST_WAIT_S = 3600.0  # that a vendor may ask for
CHECK = "check its tokens in the helpdesks file"


@dataclass(frozen=True)
class Call:
    """A request to make. `headers` carry the secret, so it is never shown."""

    method: str
    url: str
    headers: Mapping[str, str]
    json: Any = None
    params: Mapping[str, str] | None = None

    def __repr__(self) -> str:
        return f"Call({self.method} {self.url})"


async def make(client: httpx.AsyncClient, call: Call) -> Mapping[str, Any]:
    """The answer's JSON object. Raises DeliveryError: Uncertain only when what changes something may have left."""
    request = client.build_request(
        call.method, call.url, headers={**call.headers, "user-agent": USER_AGENT}, json=call.json,
        params=call.params, timeout=TIMEOUT,
    )  # fmt: skip
    reads = call.method == "GET"
    try:
        status, headers, content = await exchange(client, request, MAX_ANSWER)
    except BEFORE_SENDING as error:
        raise TryAgain("unreachable", f"{type(error).__name__}: no connection", "check network and address") from None
    except (httpx.RequestError, TimeoutError) as error:
        # `from None`: the request inside the error carries the token.
        raise _unknown(f"{type(error).__name__} after the call had left", reads) from None
    if not 200 <= status < 300:
        raise _refusal(status, headers, content, reads)
    answer = json_object(content, MAX_ANSWER) if content.strip() else {}  # some calls are answered with a status alone
    if answer is None:
        raise _unknown(f"HTTP {status} with an answer that is no JSON object", reads)
    return answer


def _unknown(reason: str, reads: bool) -> DeliveryError:
    return TryAgain("no_answer", reason) if reads else Uncertain("no_answer", reason)


def _refusal(status: int, headers: httpx.Headers, content: bytes, reads: bool) -> DeliveryError:
    reason = f"HTTP {status} {_described(content)}".strip()
    if status == 429:
        return TryAgain("too_fast", reason, retry_after_s=_wait(headers))
    if status in (401, 403) or 300 <= status < 400:
        return AccountDown(f"http_{status}", reason, CHECK)
    if status == 503 and headers.get("retry-after"):
        return TryAgain("away", reason, retry_after_s=_wait(headers))
    if status >= 500 or status == 408:
        return _unknown(reason, reads)
    if status == 409:
        return TryAgain("conflict", reason)
    return Refused(f"http_{status}", reason)


def _described(content: bytes) -> str:
    """What the vendor says is wrong, without anything that we sent: error codes and fields, no values."""
    answer = json_object(content, MAX_ANSWER) or {}
    said = [str(answer[name]) for name in ("error", "message") if isinstance(answer.get(name), str)]
    details = answer.get("details")
    fields = ", ".join(map(str, details)) if isinstance(details, dict) else ""
    return " ".join([*said, fields])[:MAX_REASON].strip()


def _wait(headers: httpx.Headers) -> float | None:
    """Seconds that the vendor asks to wait: a number or a date; None: it does not say."""
    asked = headers.get("retry-after", "")
    try:
        seconds = float(asked)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(asked).timestamp() - time()
        except (TypeError, ValueError):
            return None
    return min(max(seconds, 0.0), LONGEST_WAIT_S)
