"""A LINE API that takes everything, and a bare webhook endpoint: `python -m bench.line_stub PORT SECRET`."""

import base64
import hashlib
import hmac
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route


def build(secret: str) -> Starlette:
    """The app."""

    async def bare(request: Request) -> Response:
        digest = hmac.new(secret.encode(), await request.body(), hashlib.sha256).digest()
        known = request.headers.get("x-line-signature", "")
        good = hmac.compare_digest(known.encode(), base64.b64encode(digest))
        return PlainTextResponse("ok" if good else "wrong", 200 if good else 401)

    async def taken(request: Request) -> Response:
        await request.body()
        return JSONResponse({"sentMessages": [{"id": "1"}], "language": "ja", "displayName": "Bench"})

    return Starlette(
        routes=[
            Route("/bare", bare, methods=["POST"]),
            Route("/{path:path}", taken, methods=["GET", "POST"]),
        ]
    )


if __name__ == "__main__":
    uvicorn.run(build(sys.argv[2]), host="127.0.0.1", port=int(sys.argv[1]), log_level="error", ws="none")
