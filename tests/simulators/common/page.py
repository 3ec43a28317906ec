"""The page on which a person plays the customer: static files, nothing from elsewhere."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

FRAME = Path(__file__).parent / "frame"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src 'self' blob:; "
    "img-src 'self' blob: http://127.0.0.1:* http://localhost:*; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


def page_routes(folder: Path) -> list[Route]:
    """Routes of a page: `/` is its index.html, /page/NAME its other files or those of the common frame."""
    files = {path.name: path for place in (FRAME, folder) for path in place.iterdir() if path.is_file()}

    async def index(request: Request) -> Response:
        return FileResponse(files["index.html"], headers=HEADERS)

    async def asset(request: Request) -> Response:
        path = files.get(request.path_params["name"])
        return FileResponse(path, headers=HEADERS) if path else Response(status_code=404)

    async def icon(request: Request) -> Response:
        return Response(status_code=204)

    return [Route("/", index), Route("/page/{name}", asset), Route("/favicon.ico", icon)]
