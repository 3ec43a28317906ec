"""The web-chat socket: a reader, a writer and a follower of the record for each one."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import structlog
from anyio import to_thread
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from connectors.webchat import parse
from connectors.webchat.access import Access
from connectors.webchat.chat import Chat, accepted
from connectors.webchat.deps import WebchatDeps
from connectors.webchat.errors import Refused
from connectors.webchat.failures import Unavailable, unavailable
from connectors.webchat.feed import Feed, Frame
from connectors.webchat.hub import Seat
from connectors.webchat.limits import Action
from connectors.webchat.tokens import Visitor
from conversations.model import Conversation, Receipt

HELLO_S = 10.0
IDLE_S = 90.0  # the widget pings every 25 s
SEND_S = 30.0
CLOSE_S = 2.0
TOO_MANY_S = 30.0
LOOK_S = 15.0  # a wake-up may be lost, so look by oneself
TYPING_GAP_S = 3.0
MAX_QUEUE = 1000
MAX_FAULTS = 5
POLICY_VIOLATION, TOO_BIG, TRY_LATER, GOING_AWAY = 1008, 1009, 1013, 1001

log = structlog.get_logger()


class Closing(Exception):
    """The socket must be closed with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Connection:
    """One socket from its first frame to its last."""

    def __init__(self, websocket: WebSocket, deps: WebchatDeps, chat: Chat, access: Access) -> None:
        self._websocket = websocket
        self._deps = deps
        self._chat = chat
        self._access = access
        self._queue: asyncio.Queue[Frame] = asyncio.Queue(MAX_QUEUE)
        self._faults = 0
        self._typing_told = 0.0
        self._visitor: Visitor
        self._seat: Seat
        self._feed: Feed

    async def run(self) -> None:
        """Serve until either side closes."""
        await self._websocket.accept()
        try:
            await self._greet()
            await self._serve()
        except Closing as closing:
            await self._close(closing.code)
        except WebSocketDisconnect:
            return

    async def _serve(self) -> None:
        ended: list[Exception] = []

        async def until_end(work: Callable[[], Awaitable[None]], scope: anyio.CancelScope) -> None:
            try:
                await work()
            except (Closing, WebSocketDisconnect) as end:
                ended.append(end)
                scope.cancel()

        try:
            async with anyio.create_task_group() as group:
                for work in (self._read, self._write, self._follow):
                    group.start_soon(until_end, work, group.cancel_scope)
        finally:
            self._deps.hub.leave(self._seat)
        if ended:
            raise ended[0]

    async def _greet(self) -> None:
        try:
            with anyio.fail_after(HELLO_S):
                hello = parse.read_model(parse.Hello, await self._receive())
            self._visitor = self._access.read(hello.token)
            self._access.count(Action.LOOK, self._websocket, self._visitor.id)
            conversation = await to_thread.run_sync(self._chat.conversation, self._visitor, hello.conversation)
            self._sit(hello, conversation)
        except Refused as refused:
            self._put(refused.frame())
            raise Closing(TRY_LATER if refused.retry_after else POLICY_VIOLATION) from refused
        except TimeoutError as error:
            raise Closing(POLICY_VIOLATION) from error
        except Unavailable as error:
            self._put(unavailable(error).frame())
            raise Closing(TRY_LATER) from error

    def _sit(self, hello: parse.Hello, conversation: Conversation) -> None:
        seat = Seat(self._visitor.id, conversation.id)
        if not self._deps.hub.join(seat):
            raise Refused("too_many", "this visitor has too many sockets", retry_after=TOO_MANY_S)
        self._seat = seat
        known = hello.conversation in (None, conversation.id)
        since = min(hello.since, conversation.last_seq) if known else 0
        self._feed = self._chat.feed(conversation.id, since)
        self._put(_ready(conversation.id, conversation.last_seq))

    async def _read(self) -> None:
        while True:
            try:
                with anyio.fail_after(IDLE_S):
                    raw = await self._receive()
            except TimeoutError as error:
                raise Closing(GOING_AWAY) from error
            await self._handle(raw)

    async def _handle(self, raw: str | bytes) -> None:
        frame_id = ""
        try:
            frame = parse.read_frame(raw)
            frame_id = getattr(frame, "id", "")
            await self._do(frame)
        except Refused as refused:
            self._put(refused.frame(frame_id))
            self._count_fault(refused.code)
        except Unavailable as error:
            self._put(unavailable(error).frame(frame_id))

    def _count_fault(self, code: str) -> None:
        if code == "too_large":
            raise Closing(TOO_BIG)
        self._faults += code in ("bad_json", "invalid")
        if self._faults >= MAX_FAULTS:
            raise Closing(POLICY_VIOLATION)

    async def _do(self, frame: parse.Frame) -> None:
        match frame:
            case parse.TextMessage() | parse.ButtonPress():
                self._access.count(Action.MESSAGE, self._websocket, self._visitor.id)
                await self._store(frame)
            case parse.Ping():
                self._put({"type": "pong"})
            case parse.Typing():
                self._tell_typing()
            case parse.Seen() | parse.ChosenLanguage() | parse.NewConversation():
                self._access.count(Action.LOOK, self._websocket, self._visitor.id)
                await self._change(frame)

    async def _store(self, frame: parse.TextMessage | parse.ButtonPress) -> None:
        receipt = await to_thread.run_sync(self._receipt, frame)
        self._put(accepted(receipt, frame.id))
        if receipt.message.conversation_id != self._seat.conversation_id and receipt.conversation.state == "open":
            self._deps.hub.move(self._visitor.id, receipt.conversation.id)
        self._deps.hub.wake(receipt.conversation.id)

    def _receipt(self, frame: parse.TextMessage | parse.ButtonPress) -> Receipt:
        if isinstance(frame, parse.TextMessage):
            return self._chat.write(self._visitor, frame)
        return self._chat.press(self._visitor, frame, self._seat.conversation_id)

    async def _change(self, frame: parse.Seen | parse.ChosenLanguage | parse.NewConversation) -> None:
        shown = self._seat.conversation_id
        match frame:
            case parse.Seen(seq=seq, read=read):
                await to_thread.run_sync(self._chat.see, self._visitor, shown, seq, read)
            case parse.ChosenLanguage(code=code):
                told = await to_thread.run_sync(self._chat.choose_language, self._visitor, shown, code)
                self._visitor = self._access.read(told["token"])
                self._put(told)
            case parse.NewConversation():
                conversation = await to_thread.run_sync(self._chat.start_over, self._visitor)
                self._deps.hub.move(self._visitor.id, conversation.id)
                if conversation.id == shown:
                    self._put(_ready(conversation.id, conversation.last_seq))

    def _tell_typing(self) -> None:
        now = self._deps.clock()
        if now - self._typing_told >= TYPING_GAP_S:
            self._typing_told = now
            self._deps.notify("web", f"typing:{self._seat.conversation_id}:customer:1")

    async def _follow(self) -> None:
        while True:
            self._seat.bell.clear()
            if not await self._look():
                try:
                    with anyio.fail_after(self._feed.typing_ends_in(self._deps.clock()) or LOOK_S):
                        await self._seat.bell.wait()
                except TimeoutError:
                    continue

    async def _look(self) -> bool:
        """True when more rows are waiting."""
        self._feed.agent_types(self._seat.news_of_agent(), self._deps.clock())
        if self._seat.conversation_id != self._feed.conversation_id:
            self._feed = self._chat.feed(self._seat.conversation_id, 0)
            self._put(_ready(self._seat.conversation_id, 0))
        try:
            frames, more = await to_thread.run_sync(self._chat.look, self._feed)
        except Unavailable as error:
            log.warning("webchat_look_failed", conversation=self._feed.conversation_id, error=type(error).__name__)
            await asyncio.sleep(1)
            return True
        for frame in frames:
            self._put(frame)
        return more

    async def _write(self) -> None:
        while True:
            frame = await self._queue.get()
            try:
                with anyio.fail_after(SEND_S, shield=True):  # a frame taken is a frame sent
                    await self._websocket.send_text(json.dumps(frame, separators=(",", ":")))
            except TimeoutError as error:
                raise Closing(GOING_AWAY) from error

    async def _receive(self) -> str | bytes:
        message: dict[str, Any] = dict(await self._websocket.receive())
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1006))
        return message.get("text") or message.get("bytes") or ""

    def _put(self, frame: Frame) -> None:
        try:
            self._queue.put_nowait(frame)
        except asyncio.QueueFull as error:
            raise Closing(TRY_LATER) from error

    async def _close(self, code: int) -> None:
        # What is queued may explain why; a browser that does not read must not keep us.
        with anyio.move_on_after(CLOSE_S):
            while not self._queue.empty() and self._websocket.application_state == WebSocketState.CONNECTED:
                await self._websocket.send_json(self._queue.get_nowait())
            if self._websocket.application_state == WebSocketState.CONNECTED:
                await self._websocket.close(code)


def _ready(conversation_id: str, last_seq: int) -> Frame:
    return {"type": "ready", "conversation": conversation_id, "last_seq": last_seq}
