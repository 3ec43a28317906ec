"""The stream of news that an open page reads, and the word that its agent types."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from anyio import to_thread
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from core.database import reading
from desk.errors import TooOften
from desk.live.hub import Hub
from desk.live.notes import typing_note
from desk.live.seat import Event, Seat
from desk.viewer import Right
from desk.visible import visible_conversation
from desk.web.ask import Ask

PING_S = 15
SEND_S = 30.0  # a page that takes nothing for so long is gone
TRY_AGAIN_S = 30.0


def stream_of(hub: Hub) -> Callable[[Ask], Awaitable[Response]]:
    """The handler of /stream?c=ID: news of the viewer's markets, and of the conversation that the page shows."""

    async def stream(ask: Ask) -> Response:
        shown = ask.query.get("c", "")
        if shown:
            await to_thread.run_sync(_check_visible, ask, shown)
        if hub.is_full(ask.viewer):
            raise TooOften(TRY_AGAIN_S)
        news = _events(hub, Seat(ask.viewer, shown), ask)
        return EventSourceResponse(news, ping=PING_S, ping_message_factory=_ping, send_timeout=SEND_S, sep="\n")

    return stream


async def _events(hub: Hub, seat: Seat, ask: Ask) -> AsyncIterator[ServerSentEvent]:
    hub.join(seat)  # here: a page that goes away before it begins leaves nothing behind
    try:
        yield _said("ready", {"now": ask.now})
        while not seat.ended:
            await seat.bell.wait()
            for event in seat.drain():
                if seat.ended:
                    return
                yield _written(event, ask)
    finally:
        hub.leave(seat)


def _written(event: Event, ask: Ask) -> ServerSentEvent:
    name, data = event
    if name == "alert":
        data = {**data, "text": ask.words(data["word"])}
    return _said(name, data)


def _said(name: str, data: Mapping[str, Any]) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=name, sep="\n")


def _ping() -> ServerSentEvent:
    """An event that scripts hear; the usual comment they do not."""
    return _said("ping", {})


def _check_visible(ask: Ask, conversation_id: str) -> None:
    with reading(ask.deps.engine) as connection:
        visible_conversation(connection, ask.viewer, conversation_id)


def type_in(ask: Ask) -> Response:
    """Tell the others who look at the conversation that the viewer types (`on` 1) or stopped (0)."""
    on = ask.number("on", 0, 1) == 1
    with reading(ask.deps.engine) as connection:
        found = ask.conversation(connection, Right.ANSWER)
    ask.deps.notify("web", typing_note(found.id, ask.viewer.owner, on, ask.viewer.display_name))
    return Response(status_code=204)
