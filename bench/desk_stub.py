"""The baseline of bench.desk: server-sent events by Starlette and nothing else. `python -m bench.desk_stub PORT`."""

import asyncio
import sys
from collections.abc import AsyncIterator

import uvicorn
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

PART = "x" * 3_000  # as long as a line of the queue


def build_app() -> Starlette:
    """/stream passes on what is posted to /ring; /part is a text."""
    queues: set[asyncio.Queue[str]] = set()

    async def events(queue: asyncio.Queue[str]) -> AsyncIterator[ServerSentEvent]:
        queues.add(queue)
        try:
            while True:
                yield ServerSentEvent(await queue.get(), event="queue", sep="\n")
        finally:
            queues.discard(queue)

    async def stream(_: Request) -> Response:
        return EventSourceResponse(events(asyncio.Queue()), sep="\n")

    async def ring(request: Request) -> Response:
        for queue in queues:
            queue.put_nowait((await request.body()).decode())
        return PlainTextResponse("")

    async def part(_: Request) -> Response:
        return PlainTextResponse(PART)

    return Starlette(routes=[Route("/stream", stream), Route("/ring", ring, methods=["POST"]), Route("/part", part)])


if __name__ == "__main__":
    uvicorn.run(build_app(), host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False, ws="none")
