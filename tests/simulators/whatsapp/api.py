"""The vendor's endpoints: POST /messages, media, templates, numbers, tokens."""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulators.common.faults import Fault
from tests.simulators.common.limits import RollingWindow
from tests.simulators.common.multipart import read_multipart
from tests.simulators.common.server import reset_connection
from tests.simulators.whatsapp import objects
from tests.simulators.whatsapp.checks.envelope import is_receipt
from tests.simulators.whatsapp.config import Document
from tests.simulators.whatsapp.errors import VendorError, unknown_object
from tests.simulators.whatsapp.media import KINDS
from tests.simulators.whatsapp.simulation import Simulation
from tests.simulators.whatsapp.webhooks import template_event

LARGEST_JSON = 1024 * 1024
LARGEST_FORM = KINDS["document"][1] + 64 * 1024
TRACE = "AsimulatedTraceId0000000"


class GraphApi:
    """Endpoints under /vN.N/."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._engine = simulation.engine
        calls = simulation.config.management_calls_per_h
        self._management = {account: RollingWindow(calls, 3600.0) for account in simulation.config.accounts()}

    def routes(self) -> list[Route]:
        """Routes for any version, the download address, and the vendor's refusal of everything else."""
        return [
            Route("/{version}/debug_token", self.debug_token, methods=["GET"]),
            Route("/{version}/{name}/messages", self.messages, methods=["POST"]),
            Route("/{version}/{name}/media", self.upload, methods=["POST"]),
            Route("/{version}/{name}/message_templates", self.templates, methods=["GET", "POST"]),
            Route("/{version}/{name}/{edge:str}", self.edge, methods=["GET"]),
            Route("/{version}/{name}", self.object, methods=["GET", "DELETE"]),
            Route("/lookaside", self.download, methods=["GET"]),
            Route("/{path:path}", self.nothing, methods=["GET", "POST", "DELETE", "PUT", "PATCH"]),
        ]

    async def messages(self, request: Request) -> Response:
        """Send a message, or mark one as read."""
        body = await _json(request)
        name = request.path_params["name"]
        if is_receipt(body):
            return await self._guarded(request, lambda: self._engine.receipt(name, body))
        return await self._guarded(request, lambda: self._engine.send(name, body), planned=True)

    async def upload(self, request: Request) -> Response:
        """Store a file."""
        body = await _bounded(request, LARGEST_FORM)
        kind = request.headers.get("content-type", "")
        return await self._guarded(
            request, lambda: objects.upload(self._engine, request.path_params["name"], kind, body, read_multipart)
        )

    async def templates(self, request: Request) -> Response:
        """List templates or create one, which is reviewed."""
        account = request.path_params["name"]
        body = await _json(request) if request.method == "POST" else None

        def work() -> Document:
            self._count(account, request.method)
            if request.method == "GET":
                return self._engine.templates.page(
                    account, dict(request.query_params), str(request.url.replace(query=""))
                )
            made = self._engine.templates.create(account, body)
            review = self._simulation.config.speeds.template_review_s
            self._engine.later(self._engine.clock.now() + review, lambda: self._approve(account, made.document))
            return {"id": made.document["id"], "status": "PENDING", "category": made.category}

        return await self._guarded(request, work)

    async def edge(self, request: Request) -> Response:
        """subscribed_apps and phone_numbers of an account."""
        account, edge = request.path_params["name"], request.path_params["edge"]

        def work() -> Document:
            if edge not in objects.EDGES:
                raise _unknown_path(request)
            self._count(account, request.method)
            return objects.EDGES[edge](self._simulation.config, account, dict(request.query_params))

        return await self._guarded(request, work)

    async def object(self, request: Request) -> Response:
        """A number, an account, a template or a file by its id; files can be deleted."""
        name = request.path_params["name"]
        query = dict(request.query_params)
        base = str(request.base_url).rstrip("/")

        def work() -> Document:
            if request.method == "DELETE":
                return objects.delete(self._engine, name, query)
            return objects.describe(self._engine, name, query, lambda ticket: f"{base}/lookaside?{urlencode(ticket)}")

        return await self._guarded(request, work)

    async def debug_token(self, request: Request) -> Response:
        """What a token is worth."""
        asked = request.query_params.get("input_token", "")
        return await self._guarded(request, lambda: objects.token(self._simulation, asked))

    async def download(self, request: Request) -> Response:
        """The bytes of a file, with the token, within five minutes."""
        try:
            self._simulation.check_token(request.headers.get("authorization", ""))
        except VendorError as error:
            return self._refused(request, error)
        media = self._engine.media.redeem(dict(request.query_params), self._engine.clock.now())
        self._log(request, 200 if media else 404)
        if media is None:
            return Response(status_code=404)
        return Response(media.data, media_type=media.mime_type)

    async def nothing(self, request: Request) -> Response:
        """The vendor's answer for a path that does not exist."""
        return self._refused(request, _unknown_path(request))

    async def _guarded(self, request: Request, work: Callable[[], Document], planned: bool = False) -> Response:
        fault = self._simulation.dice.call(planned)
        if fault is Fault.RESET:
            self._log(request, 0)
            await reset_connection(request.scope)
            return Response()
        try:
            if not _is_version(request.path_params["version"]):
                raise _unknown_path(request)
            self._simulation.check_token(request.headers.get("authorization", ""))
            if fault is Fault.SERVER_ERROR:
                raise VendorError(131000, "Message failed to send due to an unknown error.")
            if fault is Fault.RATE_LIMIT:
                raise VendorError(130429, "Cloud API message throughput has been reached.")
            answer: Response = JSONResponse(work())
        except VendorError as error:
            return self._refused(request, error)
        self._log(request, 200)
        if fault is Fault.LATE_ANSWER:
            await asyncio.sleep(self._simulation.faults.late_answer_s)
        return answer

    def _refused(self, request: Request, error: VendorError) -> Response:
        self._log(request, error.status)
        self._engine.refusals.append((self._engine.clock.now(), error.code, error.details))
        headers = {}
        if error.status == 401:
            headers["WWW-Authenticate"] = f'OAuth "Facebook Platform" "invalid_token" "{error.details}"'
        pause = self._simulation.faults.retry_after_s
        if error.code in {4, 80007, 130429} and pause is not None:
            headers["Retry-After"] = f"{pause:g}"
        if error.code == 80007:
            usage = [{"type": "whatsapp_business_management", "call_count": 100, "estimated_time_to_regain_access": 60}]
            headers["X-Business-Use-Case-Usage"] = json.dumps({request.path_params["name"]: usage})
        return JSONResponse(error.body(TRACE), status_code=error.status, headers=headers)

    def _log(self, request: Request, status: int) -> None:
        self._simulation.calls.append((self._engine.clock.now(), request.method, request.url.path, status))

    def _count(self, account: str, method: str) -> None:
        if account not in self._management:
            raise unknown_object(method, account)
        if not self._management[account].take(self._engine.clock.now()):
            raise VendorError(80007, "The WhatsApp Business Account has reached its rate limit.")

    def _approve(self, account: str, document: Document) -> None:
        if document["status"] == "PENDING":
            document["status"] = "APPROVED"
            self._engine.emit(template_event(account, document))


def _is_version(text: str) -> bool:
    number, point, rest = text.removeprefix("v").partition(".")
    return text.startswith("v") and number.isdigit() and (not point or rest.isdigit())


def _unknown_path(request: Request) -> VendorError:
    text = f"Unknown path components: {request.url.path}"
    return VendorError(2500, text, message=text, http=400)


async def _bounded(request: Request, most: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            body = bytearray()
            break
    return bytes(body)


async def _json(request: Request) -> Any:
    try:
        return json.loads(await _bounded(request, LARGEST_JSON))
    except ValueError:
        return {}
