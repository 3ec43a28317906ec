"""The vendor's endpoints over HTTP."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulators.common.faults import Fault
from tests.simulators.common.limits import RollingWindow
from tests.simulators.common.server import reset_connection
from tests.simulators.line import reading, sending
from tests.simulators.line.answers import RATE_LIMIT, UNAUTHORIZED, Answer, Rejected, bad_property, error, not_found
from tests.simulators.line.checks import without_nulls
from tests.simulators.line.delivery import Delivery
from tests.simulators.line.sending import Call
from tests.simulators.line.state import BotState, World

BODY_MAX = 2 * 1024 * 1024
SENDING = ("/v2/bot/message/reply", "/v2/bot/message/push", "/v2/bot/message/multicast")
RATES = {  # requests in so many seconds, for each channel
    "/v2/bot/message/multicast": (200, 1.0),
    "/v2/bot/chat/loading/start": (100, 1.0),
    "/v2/bot/channel/webhook/test": (60, 3600.0),
    "/v2/bot/channel/webhook/endpoint": (1000, 60.0),
    "/v2/bot/message/reply": (2000, 1.0),
    "/v2/bot/message/push": (2000, 1.0),
}
EVERY_OTHER = (2000, 1.0)
Handler = Callable[[World, Call], Answer]
Reader = Callable[[BotState, Request], Answer]
Respond = Callable[[Request], Awaitable[Response]]


class Api:
    """Answers the vendor's endpoints from the world's state."""

    def __init__(self, world: World, delivery: Delivery) -> None:
        self._world = world
        self._delivery = delivery

    def routes(self) -> list[Route]:
        """Routes of api.line.me and api-data.line.me together."""
        world = self._world
        bot = "/v2/bot"
        message = f"{bot}/message/{{message_id}}/content"
        endpoint = f"{bot}/channel/webhook/endpoint"
        return [
            self._post(f"{bot}/message/reply", sending.reply),
            self._post(f"{bot}/message/push", sending.push),
            self._post(f"{bot}/message/multicast", sending.multicast),
            self._post(f"{bot}/message/validate/reply", sending.validate),
            self._post(f"{bot}/message/validate/push", sending.validate),
            self._post(f"{bot}/chat/loading/start", reading.loading),
            self._post(f"{bot}/chat/markAsRead", reading.mark_as_read),
            self._get(f"{bot}/message/quota", lambda b, r: reading.quota(world, b)),
            self._get(f"{bot}/message/quota/consumption", lambda b, r: reading.consumption(world, b)),
            self._get(f"{bot}/info", lambda b, r: reading.info(world, b)),
            self._get(f"{bot}/profile/{{user}}", lambda b, r: reading.profile(b, r.path_params["user"])),
            self._get(f"{bot}/group/{{chat}}/member/{{user}}", _member),
            self._get(f"{bot}/room/{{chat}}/member/{{user}}", _member),
            self._get(message, lambda b, r: reading.content(world, b, _id(r))),
            self._get(f"{message}/transcoding", lambda b, r: reading.transcoding(world, b, _id(r))),
            self._get(f"{message}/preview", lambda b, r: reading.preview(world, b, _id(r))),
            self._get(endpoint, lambda b, r: reading.get_endpoint(world, b)),
            Route(endpoint, self._caller(reading.put_endpoint), methods=["PUT"]),
            Route(f"{bot}/channel/webhook/test", self._faulty(self._test), methods=["POST"]),
            self._post(f"{bot}/message/markAsRead", reading.partners_only),
            Route("/v2/{rest:path}", self._faulty(self._nothing), methods=["GET", "POST", "PUT", "DELETE"]),
        ]

    def _post(self, path: str, handler: Handler) -> Route:
        return Route(path, self._caller(handler), methods=["POST"])

    def _get(self, path: str, reader: Reader) -> Route:
        async def answer(request: Request, request_id: str) -> Answer:
            del request_id
            return reader(self._bot(request), request)

        return Route(path, self._faulty(answer), methods=["GET"])

    def _caller(self, handler: Handler) -> Respond:
        async def answer(request: Request, request_id: str) -> Answer:
            bot = self._bot(request)
            body = await _body(request)
            return handler(self._world, Call(bot, body, request_id, request.headers.get("x-line-retry-key", "")))

        return self._faulty(answer)

    def _faulty(self, work: Callable[[Request, str], Awaitable[Answer]]) -> Respond:
        """Lets go wrong what the faults say, around the work."""

        async def respond(request: Request) -> Response:
            dice = self._world.dice
            fault = dice.call(planned=request.url.path in SENDING)
            request_id = self._world.ids.request()
            if fault is Fault.RESET:
                await reset_connection(request.scope)
                return Response(status_code=500)
            if fault is Fault.RATE_LIMIT:
                wait = dice.faults.retry_after_s
                headers = {} if wait is None else {"retry-after": f"{wait:g}"}
                return _response(error(429, RATE_LIMIT, headers=headers), request_id)
            if fault is Fault.SERVER_ERROR:
                return _response(error(500, "Internal server error"), request_id)
            try:
                answer = await work(request, request_id)
            except Rejected as rejected:
                answer = rejected.answer
            if fault is Fault.LATE_ANSWER:
                await asyncio.sleep(dice.faults.late_answer_s)
            return _response(answer, request_id)

        return respond

    def _bot(self, request: Request) -> BotState:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        expired = self._world.now_ms() < self._world.expired_until_ms
        for bot in self._world.bots.values():
            if scheme == "Bearer" and token == bot.bot.access_token and not expired:
                self._limit(bot, request.url.path)
                return bot
        raise Rejected(error(401, UNAUTHORIZED))

    def _limit(self, bot: BotState, path: str) -> None:
        """Raises Rejected when a channel asks an endpoint too often."""
        name = next((name for name in RATES if path.startswith(name)), "")
        window = self._world.windows.setdefault((bot.bot.user_id, name), RollingWindow(*RATES.get(name, EVERY_OTHER)))
        if not window.take(self._world.clock.now()):
            raise Rejected(error(429, RATE_LIMIT))

    async def _nothing(self, request: Request, request_id: str) -> Answer:
        """404 for what the platform does not have, or this simulator not yet."""
        del request_id
        self._bot(request)
        raise Rejected(not_found())

    async def _test(self, request: Request, request_id: str) -> Answer:
        """Post an empty list of events to the endpoint, as the console's "Verify" does."""
        del request_id
        bot = self._bot(request)
        if not bot.webhook:
            raise Rejected(not_found())
        made = await self._delivery.attempt(bot, [])
        body = {
            "success": made.taken,
            "timestamp": datetime.fromtimestamp(made.at_ms / 1000, UTC).isoformat().replace("+00:00", "Z"),
            "statusCode": made.status,
            "reason": "OK" if made.taken else made.reason.upper(),
            "detail": str(made.status or made.reason),
        }
        return Answer(body=body)


def _id(request: Request) -> str:
    return str(request.path_params["message_id"])


def _member(bot: BotState, request: Request) -> Answer:
    return reading.member_profile(bot, request.path_params["chat"], request.path_params["user"])


async def _body(request: Request) -> dict[str, Any]:
    """The JSON object of a request. Raises Rejected: 413 over 2 MB, 415 when it is not JSON by its type, else 400."""
    kind = request.headers.get("content-type", "")
    if kind.split(";")[0].strip().lower() != "application/json":
        raise Rejected(error(415, f"The content type, {kind}, is not supported"))
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > BODY_MAX:
            raise Rejected(error(413, "The request exceeds the max size of 2MB"))
    try:
        body = json.loads(data.decode())
    except json.JSONDecodeError as fault:
        place = f"(line: {fault.lineno}, column: {fault.colno})"
        raise Rejected(error(400, f"The request body could not be parsed as JSON {place}")) from None
    except UnicodeDecodeError:
        raise Rejected(error(400, "The request body could not be parsed as JSON (line: -, column: -)")) from None
    if not isinstance(body, dict):
        raise Rejected(bad_property("-"))
    clean: dict[str, Any] = without_nulls(body)
    return clean


def _response(answer: Answer, request_id: str) -> Response:
    headers = {"x-line-request-id": request_id, **answer.headers}
    if isinstance(answer.body, bytes):
        return Response(answer.body, answer.status, headers, answer.media_type)
    return JSONResponse(answer.body, answer.status, headers)
