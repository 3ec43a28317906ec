"""Files that people sent: asked for by id, then read from a short-lived address."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

import httpx

from connectors.calls import USER_AGENT
from connectors.channel import Fetched
from connectors.delivery.errors import AccountDown, DeliveryError, Refused, TryAgain
from connectors.events import MediaRef
from connectors.whatsapp.account import WhatsAppAccount
from connectors.whatsapp.client import Graph, authorised, unreachable
from connectors.whatsapp.wire import number, words

TIMEOUT = httpx.Timeout(connect=5.0, read=30.0, write=10.0, pool=5.0)
TOTAL_S = 120.0  # of one file: the address lives for 5 minutes
CHUNK = 64 * 1024  # bytes
MAX_REDIRECTS = 3
_REDIRECT = (301, 302, 303, 307, 308)
_REF = re.compile(r"[A-Za-z0-9_-]{1,128}")
_REPORT = "Report it: Meta gave an address that it should not give."
_ASK_AGAIN = "Ask the person to send it again."
_NOT_THERE = ("33", "100", "131052")  # Meta's codes for an id that it does not know


@dataclass(frozen=True)
class _Info:
    url: str
    mime: str
    size: int  # bytes; 0: not told


@asynccontextmanager
async def fetch(graph: Graph, account: WhatsAppAccount, media: MediaRef) -> AsyncIterator[Fetched]:
    """The file being read; its chunks raise TryAgain when the connection breaks. Raises DeliveryError."""
    if not _REF.fullmatch(media.ref):
        raise Refused("media_ref", "the file has no id that Meta gives", _ASK_AGAIN)
    info, response = await _opened(graph, account, media.ref)
    try:
        mime = info.mime or response.headers.get("content-type", "")
        yield Fetched(mime, info.size or _length(response), _chunks(response))
    finally:
        await response.aclose()


async def _opened(graph: Graph, account: WhatsAppAccount, ref: str) -> tuple[_Info, httpx.Response]:
    status = 0
    for _ in range(2):  # an address may have ended its life before it was read
        info = await _info(graph, account, ref)
        response = await _get(graph, account, info.url)
        if response.status_code == 200:
            return info, response
        await response.aclose()
        status = response.status_code
        if status >= 500 or status == 429:
            raise graph.errors.answer(status, None, dict(response.headers), repeatable=True)
    raise Refused("media_gone", f"the vendor does not give the file (HTTP {status})", _ASK_AGAIN)


async def _info(graph: Graph, account: WhatsAppAccount, ref: str) -> _Info:
    try:
        answer = await graph.get(account, quote(ref, safe=""), {"phone_number_id": account.phone_number_id})
    except (AccountDown, Refused) as error:
        if error.code in _NOT_THERE:
            raise Refused("media_gone", f"the vendor does not have the file ({error.reason})", _ASK_AGAIN) from None
        raise
    size = number(answer.body.get("file_size")) or 0.0
    return _Info(
        url=words(answer.body.get("url"), 4_096),
        mime=words(answer.body.get("mime_type"), 256),
        size=int(size) if 0 < size < 2**40 else 0,
    )


async def _get(graph: Graph, account: WhatsAppAccount, url: str) -> httpx.Response:
    """The open answer; redirects are followed by hand, and the token goes to the first host only."""
    headers = authorised(account)
    for _ in range(MAX_REDIRECTS + 1):
        if not _is_allowed(account, url):
            raise Refused("media_address", "the file's address is neither https nor Meta's API", _REPORT)
        try:
            request = graph.http.build_request("GET", url, headers=headers, timeout=TIMEOUT)
            response = await graph.http.send(request, stream=True, follow_redirects=False)
        except httpx.RequestError as error:
            raise unreachable(error) from None
        except httpx.InvalidURL:
            raise Refused("media_address", "the file's address is none", _REPORT) from None
        if response.status_code not in _REDIRECT:
            return response
        await response.aclose()
        target = _target(url, response)
        if _origin(target) != _origin(url):
            headers = {"User-Agent": USER_AGENT}
        url = target
    raise Refused("media_redirects", "the file's address leads in circles", _ASK_AGAIN)


def _target(url: str, response: httpx.Response) -> str:
    try:
        target: str = urljoin(url, response.headers.get("location", ""))
        _origin(target)
    except ValueError:
        raise Refused("media_address", "the file's address leads to none", _REPORT) from None
    return target


def _is_allowed(account: WhatsAppAccount, url: str) -> bool:
    try:
        scheme, host, _ = origin = _origin(url)
        return bool(host) and (scheme == "https" or origin == _origin(account.api_url))
    except ValueError:  # no address at all
        return False


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port


def _length(response: httpx.Response) -> int:
    told = response.headers.get("content-length", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 13 else 0


async def _chunks(response: httpx.Response) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    ends = loop.time() + TOTAL_S
    try:
        async for chunk in response.aiter_bytes(CHUNK):
            if loop.time() > ends:
                raise _broken(TimeoutError())
            yield chunk
    except httpx.RequestError as error:
        raise _broken(error) from None


def _broken(error: Exception) -> DeliveryError:
    return TryAgain("media_broken", f"{type(error).__name__} while the file was read", "It is read again.")
