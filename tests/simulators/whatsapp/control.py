"""Endpoints under /sim/: play the customer, move the clock, set faults, read the record."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulators.whatsapp import reports
from tests.simulators.whatsapp.config import Document
from tests.simulators.whatsapp.simulation import Simulation
from tests.simulators.whatsapp.webhooks import Event

LARGEST = 140 * 1024 * 1024  # a file of 100 MB in Base64

Handler = Callable[[Request], Awaitable[Response]]


class Control:
    """Endpoints that the vendor does not have."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    def routes(self) -> list[Route]:
        """All routes under /sim/."""
        posts: dict[str, Callable[[Any], Any]] = {
            "inbound": lambda body: {"ids": self._simulation.act(body)},
            "advance": lambda body: {"now": self._simulation.advance(float(body["seconds"]))},
            "faults": lambda body: asdict(self._simulation.set_faults(body)),
            "customer": self._customer,
            "template": self._template,
            "notify": self._notify,
            "webhook": self._webhook,
        }
        made = [Route(f"/sim/{name}", self._posted(work), methods=["POST"]) for name, work in posts.items()]
        return [
            *made,
            Route("/sim/handshake", self.handshake, methods=["POST"]),
            Route("/sim/state", self.state, methods=["GET"]),
            Route("/sim/faults", self.faults, methods=["GET"]),
            Route("/sim/setup", self.setup, methods=["GET"]),
            Route("/sim/chat", self.chat, methods=["GET"]),
            Route("/sim/media/{media_id}", self.media, methods=["GET"]),
        ]

    async def handshake(self, request: Request) -> Response:
        """Subscribe again."""
        return JSONResponse({"answers": await self._simulation.handshake()})

    async def state(self, request: Request) -> Response:
        """Everything that happened."""
        return JSONResponse(reports.state_json(self._simulation))

    async def faults(self, request: Request) -> Response:
        """The faults that are set."""
        return JSONResponse(asdict(self._simulation.faults))

    async def setup(self, request: Request) -> Response:
        """Numbers and customers."""
        return JSONResponse(reports.setup_json(self._simulation))

    async def chat(self, request: Request) -> Response:
        """One chat."""
        query = request.query_params
        return JSONResponse(reports.chat_json(self._simulation, query.get("phone", ""), query.get("user", "")))

    async def media(self, request: Request) -> Response:
        """Bytes of a file, for the page; pictures and sound only, the rest as a download."""
        media = self._simulation.engine.media.get(request.path_params["media_id"], self._simulation.clock.now())
        if media is None:
            return Response(status_code=404)
        shown = media.mime_type.split("/")[0] in {"image", "audio", "video"}
        headers = {"X-Content-Type-Options": "nosniff"}
        if not shown:
            headers["Content-Disposition"] = "attachment"
        return Response(
            media.data, media_type=media.mime_type if shown else "application/octet-stream", headers=headers
        )

    def _customer(self, body: Document) -> Document:
        self._simulation.set_customer(body)
        return {"success": True}

    def _template(self, body: Document) -> Document:
        self._simulation.set_template(**body)
        return {"success": True}

    def _notify(self, body: Document) -> Document:
        self._simulation.emit(Event(str(body["account"]), str(body["field"]), body["value"]))
        return {"success": True}

    def _webhook(self, body: Document) -> Document:
        self._simulation.webhook_urls = [str(url) for url in body["urls"]]
        return {"success": True}

    def _posted(self, work: Callable[[Any], Any]) -> Handler:
        async def endpoint(request: Request) -> Response:
            body = bytearray()
            async for chunk in request.stream():
                body += chunk
                if len(body) > LARGEST:
                    return JSONResponse({"message": "too large"}, status_code=413)
            try:
                return JSONResponse(work(json.loads(body)))
            except KeyError as error:
                return JSONResponse({"message": f"give {error}"}, status_code=400)
            except (ValueError, TypeError) as error:
                return JSONResponse({"message": str(error)}, status_code=400)

        return endpoint
