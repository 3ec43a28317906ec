"""Pictures that bots send by address: loaded by the phone when it shows them, as LINE's documents allow them."""

from urllib.parse import urlsplit

import httpx

from tests.simulators.line.state import Entry, World

MB = 1_000_000
MOST = {"originalContentUrl": 10 * MB, "previewImageUrl": 1 * MB}
MARKS = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}
LOAD_S = 10.0


class BrokenPicture(Exception):
    """The person sees a grey field in place of the picture."""


def is_reachable(world: World, address: str) -> bool:
    """Whether this simulator knows where the address really is."""
    return _origin(address) in world.tunnels


async def load(world: World, entry: Entry, which: str) -> tuple[bytes, str]:
    """(bytes, media type) of `which`, originalContentUrl or previewImageUrl. Raises BrokenPicture."""
    address = str(entry.message.get(which, ""))
    if not is_reachable(world, address):
        raise BrokenPicture(f"nobody knows {_origin(address) or 'an address'}")
    real = world.tunnels[_origin(address)] + address.removeprefix(_origin(address))
    try:
        async with httpx.AsyncClient(timeout=LOAD_S) as client:
            answer = await client.get(real)
    except httpx.HTTPError as error:
        raise BrokenPicture(type(error).__name__) from error
    kind = answer.headers.get("content-type", "")
    if answer.status_code != 200:
        raise BrokenPicture(f"HTTP {answer.status_code}")
    if kind not in MARKS or not answer.content.startswith(MARKS[kind]):
        raise BrokenPicture(f"{kind} is neither JPEG nor PNG, or the bytes are others")
    if len(answer.content) > MOST[which]:
        raise BrokenPicture(f"{len(answer.content)} bytes, {MOST[which]} at most")
    return answer.content, kind


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
