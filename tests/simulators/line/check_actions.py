"""Checks of action objects: what a tap does."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.simulators.line.checks import Checker
from tests.simulators.line.count import graphemes

MODES = {"date", "time", "datetime"}
INPUT_OPTIONS = ("closeRichMenu", "openRichMenu", "openKeyboard", "openVoice")
KEYS = {
    "postback": {"data", "displayText", "text", "inputOption", "fillInText"},
    "message": {"text"},
    "uri": {"uri", "altUri"},
    "datetimepicker": {"data", "mode", "initial", "max", "min"},
    "camera": set(),
    "cameraRoll": set(),
    "location": set(),
    "richmenuswitch": {"richMenuAliasId", "data"},
    "clipboard": {"clipboardText"},
}
ONLY_QUICK_REPLY = {"camera", "cameraRoll", "location"}


@dataclass(frozen=True)
class Home:
    """Where an action sits, which decides about its label and its kinds."""

    label_max: int
    label_required: bool = True
    quick_reply: bool = False


QUICK_REPLY = Home(20, quick_reply=True)
TEMPLATE = Home(20)
IMAGE_CAROUSEL = Home(12, label_required=False)
FLEX_BUTTON = Home(40)
TAPPED_PICTURE = Home(40, label_required=False)  # default actions and Flex parts other than buttons


def check_action(checker: Checker, action: Mapping[str, Any], where: str, home: Home) -> None:
    """Note what is wrong with an action."""
    kinds = [kind for kind in KEYS if home.quick_reply or kind not in ONLY_QUICK_REPLY]
    if not checker.one_of(action, where, "type", kinds):
        return
    kind = str(action["type"])
    checker.keys(action, where, KEYS[kind] | {"type", "label"})
    if "label" not in action and home.label_required:
        checker.say(where, "`label` must be specified")
    else:
        checker.text(action, where, "label", home.label_max, required=home.label_required, count=graphemes)
    _CHECKS.get(kind, _nothing)(checker, action, where)


def _postback(checker: Checker, action: Mapping[str, Any], where: str) -> None:
    checker.text(action, where, "data", 300)
    for key in ("displayText", "text", "fillInText"):
        checker.text(action, where, key, 300, required=False, count=graphemes)
    if "displayText" in action and "text" in action:
        checker.say(where, "`displayText` and `text` cannot be used at the same time")
    if "inputOption" in action:
        checker.one_of(action, where, "inputOption", INPUT_OPTIONS)
    if "fillInText" in action and action.get("inputOption") != "openKeyboard":
        checker.say(checker.place(where, "fillInText"), "only with inputOption openKeyboard")


def _message(checker: Checker, action: Mapping[str, Any], where: str) -> None:
    checker.text(action, where, "text", 300, count=graphemes)


def _uri(checker: Checker, action: Mapping[str, Any], where: str) -> None:
    checker.uri(action, where, "uri")


def _datetime(checker: Checker, action: Mapping[str, Any], where: str) -> None:
    checker.text(action, where, "data", 300)
    checker.one_of(action, where, "mode", sorted(MODES))


def _switch(checker: Checker, action: Mapping[str, Any], where: str) -> None:
    checker.text(action, where, "richMenuAliasId", 32)
    checker.text(action, where, "data", 300)


def _clipboard(checker: Checker, action: Mapping[str, Any], where: str) -> None:
    checker.text(action, where, "clipboardText", 1000)


def _nothing(checker: Checker, action: Mapping[str, Any], where: str) -> None:
    del checker, action, where


_CHECKS = {
    "postback": _postback,
    "message": _message,
    "uri": _uri,
    "datetimepicker": _datetime,
    "richmenuswitch": _switch,
    "clipboard": _clipboard,
}
