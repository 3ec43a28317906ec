"""Checks of message objects: what can be sent."""

import re
from collections.abc import Mapping
from typing import Any

from tests.simulators.line.answers import Problem, Rejected, bad_body, bad_message
from tests.simulators.line.check_actions import QUICK_REPLY, TAPPED_PICTURE, check_action
from tests.simulators.line.check_flex import check_flex
from tests.simulators.line.check_templates import check_template
from tests.simulators.line.checks import Checker, dotted, rooted, slashed

TEXT_MAX = 5000
MESSAGES_MAX = 5
QUICK_REPLIES_MAX = 13
COMMON = {"type", "quickReply", "sender"}
DURATION_MAX_MS = 24 * 3600 * 1000
SUBSTITUTE = re.compile(r"[0-9A-Za-z_]{1,20}")


def check_messages(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The message objects of a request. Raises Rejected with every problem of all of them."""
    checker = Checker(dotted)
    messages = checker.items(body, "", "messages", 1, MESSAGES_MAX)
    for index, message in enumerate(messages):
        _message(checker, message, f"messages[{index}]")
    if checker.problems:
        raise Rejected(bad_body(checker.problems))
    for index, message in enumerate(messages):
        inner = _inside(message)
        if inner:
            raise Rejected(bad_message(index, inner))
    return messages


def _inside(message: Mapping[str, Any]) -> list[Problem]:
    """Problems within a template or a Flex Message, which the platform reports after all others."""
    checker = Checker(rooted if message["type"] == "flex" else slashed)
    if message["type"] == "template":
        check_template(checker, message["template"], "template")
    elif message["type"] == "flex":
        check_flex(checker, message["contents"], "")
    return checker.problems


def _message(checker: Checker, message: Mapping[str, Any], where: str) -> None:
    if not checker.one_of(message, where, "type", _CHECKS):
        return
    keys, check = _CHECKS[str(message["type"])]
    checker.keys(message, where, COMMON | keys)
    check(checker, message, where)
    if "quickReply" in message:
        _quick_reply(checker, message, where)
    if "sender" in message:
        _sender(checker, message, where)


def _quick_reply(checker: Checker, message: Mapping[str, Any], where: str) -> None:
    reply = checker.object(message, where, "quickReply")
    if reply is None:
        return
    here = dotted(where, "quickReply")
    checker.keys(reply, here, {"items"})
    for number, item in enumerate(checker.items(reply, here, "items", 1, QUICK_REPLIES_MAX)):
        place = f"{here}.items[{number}]"
        checker.keys(item, place, {"type", "imageUrl", "action"})
        checker.one_of(item, place, "type", ("action",))
        checker.url(item, place, "imageUrl", required=False)
        action = checker.object(item, place, "action")
        if action is not None:
            check_action(checker, action, dotted(place, "action"), QUICK_REPLY)


def _sender(checker: Checker, message: Mapping[str, Any], where: str) -> None:
    sender = checker.object(message, where, "sender")
    if sender is None:
        return
    here = dotted(where, "sender")
    checker.keys(sender, here, {"name", "iconUrl"})
    checker.text(sender, here, "name", 20, required=False)
    checker.url(sender, here, "iconUrl", required=False)
    if "line" in str(sender.get("name", "")).lower():
        checker.say(dotted(here, "name"), "contains a word that may not be used")


def _text(checker: Checker, message: Mapping[str, Any], where: str) -> None:
    checker.text(message, where, "text", TEXT_MAX)
    if "emojis" not in message:
        return
    text = str(message.get("text", "")).encode("utf-16-le")
    for number, emoji in enumerate(checker.items(message, where, "emojis", 0, 20)):
        here = f"{where}.emojis[{number}]"
        index = emoji.get("index")
        if not isinstance(index, int) or index < 0 or text[2 * index : 2 * index + 2] != "$".encode("utf-16-le"):
            checker.say(f"{here}.index", "there is no $ at this index")
        checker.text(emoji, here, "productId", 100)
        checker.text(emoji, here, "emojiId", 100)


def _text_v2(checker: Checker, message: Mapping[str, Any], where: str) -> None:
    checker.text(message, where, "text", TEXT_MAX)
    text = re.sub(r"\{\{|\}\}", "", str(message.get("text", "")))
    substitution = message.get("substitution", {})
    if not isinstance(substitution, dict) or len(substitution) > 100:
        checker.say(dotted(where, "substitution"), "Size must be between 0 and 100")
        return
    for key in substitution:
        if not SUBSTITUTE.fullmatch(key):
            checker.say(f"{where}.substitution.{key}", "invalid key")
    for key in sorted(set(re.findall(r"\{([^{}]*)\}", text)) - set(substitution)):
        checker.say(dotted(where, "text"), f"'{{{key}}}' has no substitution")


def _sticker(checker: Checker, message: Mapping[str, Any], where: str) -> None:
    checker.text(message, where, "packageId", 20)
    checker.text(message, where, "stickerId", 20)


def _image(checker: Checker, message: Mapping[str, Any], where: str) -> None:
    checker.url(message, where, "originalContentUrl")
    checker.url(message, where, "previewImageUrl")


def _video(checker: Checker, message: Mapping[str, Any], where: str) -> None:
    _image(checker, message, where)
    checker.text(message, where, "trackingId", 100, required=False)


def _audio(checker: Checker, message: Mapping[str, Any], where: str) -> None:
    checker.url(message, where, "originalContentUrl")
    checker.integer(message, where, "duration", 1, DURATION_MAX_MS)


def _location(checker: Checker, message: Mapping[str, Any], where: str) -> None:
    checker.text(message, where, "title", 100)
    checker.text(message, where, "address", 100)
    checker.number(message, where, "latitude", 90)
    checker.number(message, where, "longitude", 180)


def _alt(checker: Checker, message: Mapping[str, Any], where: str, inner: str) -> None:
    checker.text(message, where, "altText", 400)
    checker.object(message, where, inner)


def _imagemap(checker: Checker, message: Mapping[str, Any], where: str) -> None:
    checker.url(message, where, "baseUrl")
    _alt(checker, message, where, "baseSize")
    for number, action in enumerate(checker.items(message, where, "actions", 1, 50)):
        here = f"{where}.actions[{number}]"
        plain = {key: value for key, value in action.items() if key not in ("area", "linkUri")}
        if action.get("type") == "uri":
            plain["uri"] = action.get("linkUri")
        check_action(checker, plain, here, TAPPED_PICTURE)
        checker.object(action, here, "area")


_CHECKS = {
    "text": ({"text", "emojis", "quoteToken"}, _text),
    "textV2": ({"text", "substitution", "quoteToken"}, _text_v2),
    "sticker": ({"packageId", "stickerId", "quoteToken"}, _sticker),
    "image": ({"originalContentUrl", "previewImageUrl"}, _image),
    "video": ({"originalContentUrl", "previewImageUrl", "trackingId"}, _video),
    "audio": ({"originalContentUrl", "duration"}, _audio),
    "location": ({"title", "address", "latitude", "longitude"}, _location),
    "imagemap": ({"baseUrl", "altText", "baseSize", "video", "actions"}, _imagemap),
    "template": ({"altText", "template"}, lambda c, m, w: _alt(c, m, w, "template")),
    "flex": ({"altText", "contents"}, lambda c, m, w: _alt(c, m, w, "contents")),
}
