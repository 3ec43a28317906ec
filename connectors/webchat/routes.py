"""Routes of the web chat: session, socket, polling, widget and demo shop."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from anyio import to_thread
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket

from connectors.webchat import parse
from connectors.webchat.access import Access
from connectors.webchat.assets import build_widget, send_bundle
from connectors.webchat.chat import Chat, accepted
from connectors.webchat.deps import WebchatDeps
from connectors.webchat.errors import Refused
from connectors.webchat.failures import Unavailable, unavailable
from connectors.webchat.headers import SecurityHeaders
from connectors.webchat.limits import Action
from connectors.webchat.shop import shop_routes
from connectors.webchat.sockets import Connection
from connectors.webchat.tokens import Tokens, Visitor
from conversations.model import Receipt

CORS_AGE_S = 600
NO_HEADERS: Mapping[str, str] = {}
Answer = dict[str, Any]


def webchat_routes(deps: WebchatDeps) -> list[BaseRoute]:
    """Every route of the web chat. Raises SetupError for settings that cannot work."""
    tokens = Tokens(deps.settings, deps.clock)
    access = Access(deps.settings, tokens)
    api = Api(deps, Chat(deps, tokens), access)
    widget = build_widget()

    def send_widget(request: Request) -> Response:
        return send_bundle(widget, request)

    cors = Middleware(
        CORSMiddleware,
        allow_origins=sorted(access.origins.allowed),
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type"],
        expose_headers=["retry-after"],
        max_age=CORS_AGE_S,
    )
    chat = Mount("/webchat", routes=api.routes(), middleware=[Middleware(SecurityHeaders, kind="api"), cors])
    script = Route("/widget.js", send_widget, middleware=[Middleware(SecurityHeaders, kind="asset")])
    config = Route("/webchat/config", api.config, middleware=[Middleware(SecurityHeaders, kind="api")])
    return [config, chat, script, *shop_routes(deps, access)]


class Api:
    """The chat over HTTP, and the door of the socket. Answers have the shape of the socket's frames."""

    def __init__(self, deps: WebchatDeps, chat: Chat, access: Access) -> None:
        self._deps = deps
        self._chat = chat
        self._access = access

    def routes(self) -> list[BaseRoute]:
        """Routes below /webchat."""
        posts = {
            "/session": self._session,
            "/messages": self._message,
            "/buttons": self._button,
            "/seen": self._seen,
            "/language": self._language,
            "/conversations": self._conversation,
        }
        return [
            Route("/messages", self._door(self._messages), methods=["GET"]),
            *(Route(path, self._door(call), methods=["POST"]) for path, call in posts.items()),
            WebSocketRoute("/socket", self._socket),
        ]

    def config(self, request: Request) -> Response:
        """Words for the launcher. Any page may read them: they are public and say whether it may use the chat."""
        public = {"access-control-allow-origin": "*"}
        try:
            self._access.count(Action.PAGE, request)
            market = self._chat.market(request.query_params.get("market", "")[:8])
        except Refused as refused:
            return _refusal(refused, public)
        wanted = [tag[:48] for tag in request.query_params.get("languages", "").split(",")[:12] if tag]
        words = self._chat.words(market, parse.best_language(wanted, market.codes))
        return JSONResponse({**words, "allowed": self._access.may_use(request)}, headers=public)

    def _door(self, call: Callable[[Request], Awaitable[Answer]]) -> Callable[[Request], Awaitable[Response]]:
        async def handle(request: Request) -> Response:
            try:
                self._access.check_origin(request)
                return JSONResponse(await call(request))
            except Refused as refused:
                return _refusal(refused)
            except Unavailable as error:
                return _refusal(unavailable(error))

        return handle

    async def _socket(self, websocket: WebSocket) -> None:
        try:
            self._access.check_origin(websocket)
        except Refused as refused:
            if "websocket.http.response" in websocket.scope.get("extensions", {}):
                await websocket.send_denial_response(_refusal(refused))
            else:
                await websocket.close()
            return
        await Connection(websocket, self._deps, self._chat, self._access).run()

    async def _session(self, request: Request) -> Answer:
        self._access.count(Action.SESSION, request)
        body = parse.read_model(parse.SessionRequest, await _body(request))
        return await to_thread.run_sync(self._chat.open_session, body)

    async def _message(self, request: Request) -> Answer:
        visitor = self._visitor(request, Action.MESSAGE)
        body = parse.read_model(parse.TextMessage, await _body(request))
        return self._stored(await to_thread.run_sync(self._chat.write, visitor, body), body.id)

    async def _button(self, request: Request) -> Answer:
        visitor = self._visitor(request, Action.MESSAGE)
        body = parse.read_model(parse.ButtonPress, await _body(request))
        receipt = await to_thread.run_sync(self._chat.press, visitor, body, _shown(request))
        return self._stored(receipt, body.id)

    async def _seen(self, request: Request) -> Answer:
        visitor = self._visitor(request, Action.LOOK)
        body = parse.read_model(parse.Seen, await _body(request))
        await to_thread.run_sync(self._chat.see, visitor, _shown(request), body.seq, body.read)
        return {"type": "seen", "seq": body.seq}

    async def _language(self, request: Request) -> Answer:
        visitor = self._visitor(request, Action.LOOK)
        body = parse.read_model(parse.ChosenLanguage, await _body(request))
        return await to_thread.run_sync(self._chat.choose_language, visitor, _shown(request), body.code)

    async def _conversation(self, request: Request) -> Answer:
        visitor = self._visitor(request, Action.LOOK)
        conversation = await to_thread.run_sync(self._chat.start_over, visitor)
        self._deps.hub.move(visitor.id, conversation.id)
        return {"type": "ready", "conversation": conversation.id, "last_seq": conversation.last_seq}

    async def _messages(self, request: Request) -> Answer:
        visitor = self._visitor(request, Action.LOOK)
        since = _since(request)
        return await to_thread.run_sync(self._poll, visitor, _shown(request), since)

    def _poll(self, visitor: Visitor, shown: str | None, since: int) -> Answer:
        conversation = self._chat.conversation(visitor, shown)
        known = shown in (None, conversation.id)
        feed = self._chat.feed(conversation.id, min(since, conversation.last_seq) if known else 0)
        frames, more = self._chat.look(feed)
        return {"conversation": conversation.id, "last_seq": feed.sent, "more": more, "frames": frames}

    def _visitor(self, request: Request, action: Action) -> Visitor:
        visitor = self._access.visitor(request)
        self._access.count(action, request, visitor.id)
        return visitor

    def _stored(self, receipt: Receipt, client_id: str) -> Answer:
        self._deps.hub.wake(receipt.conversation.id)
        return accepted(receipt, client_id)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > parse.MAX_BODY:
            raise Refused("too_large", f"more than {parse.MAX_BODY} bytes")
    return bytes(body)


def _shown(request: Request) -> str | None:
    shown = request.query_params.get("conversation", "")
    return shown if 0 < len(shown) <= 64 else None


def _since(request: Request) -> int:
    since = request.query_params.get("since", "0")
    if not (since.isascii() and since.isdigit() and len(since) <= 9):
        raise Refused("invalid", "since must be a number from 0")
    return int(since)


def _refusal(refused: Refused, headers: Mapping[str, str] = NO_HEADERS) -> JSONResponse:
    wait = {"retry-after": str(max(1, round(refused.retry_after + 0.5)))} if refused.retry_after else {}
    return JSONResponse(refused.frame(), refused.status, {**headers, **wait})
