"""Endpoints of the simulator itself, under /sim, and its page."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from tests.simulators.common.page import FRAME
from tests.simulators.common.scheduler import Scheduler
from tests.simulators.line.act import Act, ImpossibleError
from tests.simulators.line.delivery import Delivery
from tests.simulators.line.inbound import perform
from tests.simulators.line.pictures import MOST, BrokenPicture, load
from tests.simulators.line.state import World
from tests.simulators.line.view import bots_view, chat_view, state_view

PAGE = Path(__file__).parent / "page"
HEADERS = {
    # Pictures that a bot sends lie on https hosts that nobody knows beforehand.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' blob: https:; media-src 'self' blob: https:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
Work = Callable[[Any], Any]


class Control:
    """Lets people and tests act on the platform."""

    def __init__(self, world: World, delivery: Delivery, scheduler: Scheduler) -> None:
        self._world = world
        self._delivery = delivery
        self._scheduler = scheduler
        self._files = {path.name: path for folder in (FRAME, PAGE) for path in folder.iterdir() if path.is_file()}

    def routes(self) -> list[Route]:
        """Routes of /, /page and /sim."""
        return [
            Route("/", self._index),
            Route("/page/{name}", self._asset),
            Route("/sim/state", self._state),
            Route("/sim/bots", self._bots),
            Route("/sim/chat", self._chat),
            Route("/sim/media/{message_id}", self._media),
            Route("/sim/picture/{message_id}/{which}", self._picture),
            Route("/sim/inbound", self._doing(self.act), methods=["POST"]),
            Route("/sim/advance", self._doing(self._advance), methods=["POST"]),
            Route("/sim/faults", self._doing(self._faults), methods=["POST"]),
            Route("/sim/settings", self._doing(self._settings), methods=["POST"]),
            Route("/sim/verify", self._verify, methods=["POST"]),
        ]

    def act(self, body: Any) -> dict[str, Any]:
        """Perform one action, or those in {"acts": [...]} whose events go out in one body; the events made.

        Raises ImpossibleError and pydantic.ValidationError; then nothing was sent, but earlier acts of a list have
        happened in their chats.
        """
        several = body["acts"] if isinstance(body, dict) and "acts" in body else [body]
        made: list[dict[str, Any]] = []
        bots = {}
        for item in several:
            bot, events = perform(self._world, Act.model_validate(item))
            bots[bot.bot.user_id] = bot
            made += events
        if len(bots) > 1:
            raise ImpossibleError("one body carries events of one bot only")
        for bot in bots.values():
            self._delivery.send(bot, made)
        return {"events": made}

    def advance(self, seconds: float) -> None:
        """Move the clock and do what is due by then."""
        self._world.clock.advance(seconds)
        self._scheduler.wake()

    def _advance(self, body: Any) -> dict[str, Any]:
        self.advance(float(body["seconds"]))
        return {"now_ms": self._world.now_ms()}

    def _faults(self, body: Any) -> dict[str, Any]:
        self._world.set_faults(self._world.dice.faults.changed(body))
        return {}

    def _settings(self, body: Any) -> dict[str, Any]:
        for name, value in body.items():
            if not hasattr(self._world.settings, name):
                raise ImpossibleError(f"unknown setting {name}")
            setattr(self._world.settings, name, value)
        return {}

    def _doing(self, work: Work) -> Callable[[Request], Awaitable[Response]]:
        async def respond(request: Request) -> Response:
            try:
                return JSONResponse(work(await request.json()))
            except ValidationError as error:
                return JSONResponse({"message": str(error)}, 400)
            except (ImpossibleError, ValueError, KeyError, TypeError) as error:
                return JSONResponse({"message": str(error)}, 400)

        return respond

    async def _verify(self, request: Request) -> Response:
        made = await self._delivery.attempt(self._world.find_bot(request.query_params.get("bot", "")), [])
        return JSONResponse({"status": made.status, "reason": made.reason})

    async def _state(self, request: Request) -> Response:
        del request
        return JSONResponse(state_view(self._world, self._delivery))

    async def _bots(self, request: Request) -> Response:
        del request
        return JSONResponse({"bots": bots_view(self._world)})

    async def _chat(self, request: Request) -> Response:
        query = request.query_params
        try:
            bot = self._world.find_bot(query.get("bot", ""))
            return JSONResponse(chat_view(self._world, bot, query["chat"], int(query.get("after", "0"))))
        except (KeyError, ValueError) as error:
            return JSONResponse({"message": f"no such chat: {error}"}, 400)

    async def _picture(self, request: Request) -> Response:
        """A picture that a bot sent, as the phone loads it; 502 with the reason when it would show none."""
        message_id, which = request.path_params["message_id"], request.path_params["which"]
        entry = self._world.find_entry(message_id)
        if entry is None or which not in MOST:
            return Response(status_code=404)
        try:
            data, kind = await load(self._world, entry, which)
        except BrokenPicture as broken:
            return JSONResponse({"error": str(broken)}, 502, HEADERS)
        return Response(data, media_type=kind, headers=HEADERS)

    async def _media(self, request: Request) -> Response:
        media = self._world.media.get(request.path_params["message_id"])
        if media is None or media.gone:
            return Response(status_code=404)
        return Response(media.data, media_type=media.mime, headers={"X-Content-Type-Options": "nosniff"})

    async def _index(self, request: Request) -> Response:
        del request
        return FileResponse(self._files["index.html"], headers=HEADERS)

    async def _asset(self, request: Request) -> Response:
        path = self._files.get(request.path_params["name"])
        return FileResponse(path, headers=HEADERS) if path else Response(status_code=404)
