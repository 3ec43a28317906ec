"""One HTTP call to a vendor: bounded in time and size. What its failures mean is each vendor's affair."""

import asyncio
import json
from typing import Any

import httpx

TIMEOUT = httpx.Timeout(connect=5.0, read=12.0, write=10.0, pool=5.0)
TOTAL_S = 18.0  # of one call, however slowly its bytes come; the sender gives up after 20
USER_AGENT = "aftersail"  # Meta's media servers turn some tools' default names away
# Nothing of the call has left when one of these is raised.
BEFORE_SENDING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


async def exchange(client: httpx.AsyncClient, request: httpx.Request, most: int) -> tuple[int, httpx.Headers, bytes]:
    """Status, headers and content, of which more than `most` bytes are not read. No redirect is followed.

    Raises httpx.RequestError, TimeoutError. The request inside an error carries the token: raise another `from None`.
    """
    async with asyncio.timeout(TOTAL_S):
        response = await client.send(request, stream=True, follow_redirects=False)
        try:
            content = bytearray()
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > most:
                    break
            return response.status_code, response.headers, bytes(content)
        finally:
            await response.aclose()


def json_object(content: bytes, most: int) -> dict[str, Any] | None:
    """The content's JSON object; None: it is none, or longer than `most` bytes."""
    try:
        value = json.loads(content) if len(content) <= most else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
