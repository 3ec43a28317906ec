"""HTTP posts at a rate over open connections, with as little work as can be: the sender must not be the slow one."""

import asyncio
import time
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

CONNECTIONS = 64
TIMEOUT_S = 60.0

Post = tuple[bytes, Mapping[str, str]]  # body, headers


async def post_at_rate(url: str, count: int, rate: float, make: Callable[[int], Post]) -> tuple[list[float], list[int]]:
    """Seconds of each post from when it was due, and the statuses. Posts are due whether or not answers come."""
    parts = urlsplit(url)
    posts = [_request(parts.netloc, parts.path, *make(number)) for number in range(count)]
    due: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
    seconds: list[float] = []
    statuses: list[int] = []

    async def connection() -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        while True:
            at, request = await due.get()
            writer.write(request)
            statuses.append(await asyncio.wait_for(_status(reader), TIMEOUT_S))
            seconds.append(time.perf_counter() - at)
            due.task_done()

    connections = [asyncio.create_task(connection()) for _ in range(CONNECTIONS)]
    started = time.perf_counter()
    for number, request in enumerate(posts):
        at = started + number / rate
        if (left := at - time.perf_counter()) > 0:
            await asyncio.sleep(left)
        due.put_nowait((at, request))
    await due.join()
    for task in connections:
        task.cancel()
    await asyncio.gather(*connections, return_exceptions=True)
    return seconds, statuses


def _request(host: str, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    lines = [f"POST {path} HTTP/1.1", f"host: {host}", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


async def _status(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = next(line for line in head.split("\r\n") if line.startswith("content-length:"))
    await reader.readexactly(int(length.split(":")[1]))
    return int(head.split(" ", 2)[1])
