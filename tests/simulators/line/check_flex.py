"""Checks of Flex Messages: sizes, kinds of containers and parts, addresses and actions."""

import json
from collections.abc import Mapping
from typing import Any

from tests.simulators.line.check_actions import FLEX_BUTTON, TAPPED_PICTURE, check_action
from tests.simulators.line.checks import Checker

BUBBLE_MAX_BYTES = 30_000
CAROUSEL_MAX_BYTES = 50_000
BUBBLES_MAX = 12
DEPTH_MAX = 20
SIZES = ("nano", "micro", "deca", "hecto", "kilo", "mega", "giga")
BUBBLE_KEYS = {"type", "size", "direction", "header", "hero", "body", "footer", "styles", "action"}
BLOCKS = ("header", "body", "footer")
PARTS = ("box", "button", "image", "video", "icon", "text", "span", "separator", "filler", "spacer")
HEROES = ("box", "image", "video")


def check_flex(checker: Checker, contents: Mapping[str, Any], where: str) -> None:
    """Note what is wrong with the `contents` of a Flex Message."""
    if not checker.one_of(contents, where, "type", ("bubble", "carousel")):
        return
    carousel = contents["type"] == "carousel"
    if carousel:
        _carousel(checker, contents, where)
    else:
        _bubble(checker, contents, where)
    size = len(json.dumps(contents, ensure_ascii=False, separators=(",", ":")).encode())
    if size > (CAROUSEL_MAX_BYTES if carousel else BUBBLE_MAX_BYTES):
        checker.say(where, "Too large flex message. The maximum size of JSON data is exceeded")


def _carousel(checker: Checker, contents: Mapping[str, Any], where: str) -> None:
    checker.keys(contents, where, {"type", "contents"})
    bubbles = checker.items(contents, where, "contents", 1, BUBBLES_MAX)
    place = checker.place(where, "contents")
    for number, bubble in enumerate(bubbles):
        _bubble(checker, bubble, checker.place(place, str(number)))
    if len({bubble.get("size", "mega") for bubble in bubbles}) > 1:
        checker.say(place, "all bubbles must have the same size")


def _bubble(checker: Checker, bubble: Mapping[str, Any], where: str) -> None:
    if not checker.one_of(bubble, where, "type", ("bubble",)):
        return
    checker.keys(bubble, where, BUBBLE_KEYS)
    if "direction" in bubble:
        checker.one_of(bubble, where, "direction", ("ltr", "rtl"))
    if "size" in bubble:
        checker.one_of(bubble, where, "size", SIZES)
    if not any(name in bubble for name in (*BLOCKS, "hero")):
        checker.say(where or "/", "At least one block must be specified")
    for name in BLOCKS:
        _block(checker, bubble, where, name, ("box",))
    _block(checker, bubble, where, "hero", HEROES)
    _tap(checker, bubble, where, button=False)


def _block(checker: Checker, bubble: Mapping[str, Any], where: str, name: str, kinds: tuple[str, ...]) -> None:
    if name not in bubble:
        return
    part = checker.object(bubble, where, name)
    here = checker.place(where, name)
    if part is not None and checker.one_of(part, here, "type", kinds):
        _part(checker, part, here, 0)


def _part(checker: Checker, part: Mapping[str, Any], where: str, depth: int) -> None:
    if not checker.one_of(part, where, "type", PARTS):
        return
    kind = part["type"]
    if depth > DEPTH_MAX:
        checker.say(where, "nested too deep")
    elif kind == "box":
        _box(checker, part, where, depth)
    elif kind == "text":
        _text(checker, part, where, depth)
    elif kind in ("image", "icon", "video"):
        checker.url(part, where, "url")
    _tap(checker, part, where, button=kind == "button")


def _box(checker: Checker, part: Mapping[str, Any], where: str, depth: int) -> None:
    checker.one_of(part, where, "layout", ("horizontal", "vertical", "baseline"))
    _children(checker, part, where, depth)


def _text(checker: Checker, part: Mapping[str, Any], where: str, depth: int) -> None:
    if "contents" in part:
        _children(checker, part, where, depth)
    else:
        checker.text(part, where, "text", 2000)


def _children(checker: Checker, part: Mapping[str, Any], where: str, depth: int) -> None:
    for number, child in enumerate(checker.items(part, where, "contents", 0, 1000)):
        _part(checker, child, checker.place(checker.place(where, "contents"), str(number)), depth + 1)


def _tap(checker: Checker, holder: Mapping[str, Any], where: str, *, button: bool) -> None:
    if "action" not in holder:
        if button:
            checker.say(checker.place(where, "action"), "must be specified")
        return
    action = checker.object(holder, where, "action")
    if action is not None:
        home = FLEX_BUTTON if button else TAPPED_PICTURE
        check_action(checker, action, checker.place(where, "action"), home)
