"""A conversation as a person needs it on the command line: words, files with links, delivery, cost of an answer."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.engine import Engine

from aftersail.channel_clock import open_clocks
from aftersail.files import open_links
from connectors.media.links import MediaLinks
from conversations.media import MediaRecord
from conversations.model import Conversation, Message
from conversations.uploads import FILES
from core.settings import Settings


def messages_view(settings: Settings, engine: Engine, messages: Sequence[Message]) -> list[dict[str, Any]]:
    """Each message with what else came with it; links to files are good for a month."""
    links, media = open_links(settings), MediaRecord(engine)
    return [_message(item, _files(media, links, item)) for item in messages]


def channel_clock(settings: Settings, engine: Engine, conversation: Conversation) -> Mapping[str, Any] | None:
    """Until when an answer is free, and what it takes then; None where nothing costs."""
    if not settings.channels or not conversation.account:
        return None
    clock = open_clocks(settings, engine).of(conversation)
    if clock is None:
        return None
    return {"free_until": clock.free_until and shown_time(clock.free_until), "then": clock.then}


def shown_time(seconds: float) -> str:
    """The moment, to the minute."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _message(item: Message, files: list[dict[str, Any]]) -> dict[str, Any]:
    view: dict[str, Any] = {"at": shown_time(item.created_at), "author": item.author, "language": item.language}
    view |= {"text": item.text, "status": item.status}
    content = item.payload.get("content")
    if content and content != "text":
        view |= {"content": content, "details": item.payload.get("details", {})}
    return {**view, "files": files} if files else view


def _files(media: MediaRecord, links: MediaLinks, item: Message) -> list[dict[str, Any]]:
    if "media" not in item.payload and FILES not in item.payload:
        return []
    return [
        {"state": file.state, "type": file.mime, "bytes": file.size, "reason": file.reason}
        | ({"link": links.link(file.id)} if file.state == "kept" else {})
        for file in media.of_message(item.id)
    ]
