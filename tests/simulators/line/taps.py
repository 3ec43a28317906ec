"""Buttons that a customer can tap now."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.simulators.line.act import Act, ImpossibleError
from tests.simulators.line.state import BotState, Chat, Entry, QuickReply

NOW = {"date": "2017-06-18", "time": "10:00", "datetime": "2017-12-25T01:00"}


def quick_replies(chat: Chat) -> tuple[QuickReply, ...]:
    """What stands above the keyboard: the newest message's, until it is used or another message comes."""
    entry = newest(chat)
    return () if entry is None or entry.tapped or not entry.way else entry.quick_replies


def newest(chat: Chat) -> Entry | None:
    """The last message of the chat."""
    return chat.entries[-1] if chat.entries else None


def buttons_of(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Actions within a template, a Flex Message or an image map, in reading order."""
    return list(_actions(message.get("template") or message.get("contents") or message.get("actions") or {}))


def button(bot: BotState, act: Act) -> tuple[Entry, dict[str, Any]]:
    """The newest button with the label. Raises ImpossibleError when the customer sees none."""
    chat = bot.chat(act.group or act.user)
    above = quick_replies(chat)
    for entry in reversed(chat.entries):
        if not entry.way or (act.message_id and entry.message_id != act.message_id):
            continue
        shown = [reply.action for reply in above] if entry is newest(chat) else []
        for action in [*shown, *buttons_of(entry.message)]:
            if action.get("label", "") == act.label:
                return entry, action
    raise ImpossibleError(f"the customer sees no button {act.label!r}")


def postback_params(act: Act, action: Mapping[str, Any]) -> dict[str, str] | None:
    """What a picker adds to the data."""
    if act.params is not None:
        return act.params
    if action["type"] == "datetimepicker":
        return {action["mode"]: str(action.get("initial") or NOW[action["mode"]])}
    if action["type"] == "richmenuswitch":
        return {"newRichMenuAliasId": action["richMenuAliasId"], "status": "SUCCESS"}
    return None


def _actions(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from _actions(item)
    elif isinstance(value, dict):
        if value.get("type") in ("postback", "message", "uri", "datetimepicker", "richmenuswitch", "clipboard"):
            yield value
            return
        for item in value.values():
            yield from _actions(item)
