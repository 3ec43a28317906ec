"""Checks of template messages. Properties are named as paths, template/actions/0/label."""

from collections.abc import Mapping
from typing import Any

from tests.simulators.line.check_actions import IMAGE_CAROUSEL, TAPPED_PICTURE, TEMPLATE, check_action
from tests.simulators.line.checks import Checker
from tests.simulators.line.count import graphemes

RATIOS = ("rectangle", "square")
SIZES = ("cover", "contain")
LOOKS = {"imageAspectRatio", "imageSize", "imageBackgroundColor"}
COLUMN_KEYS = {"thumbnailImageUrl", "imageBackgroundColor", "title", "text", "defaultAction", "actions"}


def check_template(checker: Checker, template: Mapping[str, Any], where: str) -> None:
    """Note what is wrong with the `template` of a template message."""
    if checker.one_of(template, where, "type", _CHECKS):
        _CHECKS[str(template["type"])](checker, template, where)


def _looks(checker: Checker, template: Mapping[str, Any], where: str) -> None:
    if "imageAspectRatio" in template:
        checker.one_of(template, where, "imageAspectRatio", RATIOS)
    if "imageSize" in template:
        checker.one_of(template, where, "imageSize", SIZES)


def _actions(checker: Checker, holder: Mapping[str, Any], where: str, least: int, most: int) -> None:
    for number, action in enumerate(checker.items(holder, where, "actions", least, most)):
        check_action(checker, action, checker.place(checker.place(where, "actions"), str(number)), TEMPLATE)


def _card(checker: Checker, card: Mapping[str, Any], where: str, text_max: int, most_actions: int) -> None:
    """What a buttons template and a column have in common; beside a title or a picture there is less room."""
    crowded = "title" in card or "thumbnailImageUrl" in card
    checker.text(card, where, "text", 60 if crowded else text_max, count=graphemes)
    checker.text(card, where, "title", 40, required=False, count=graphemes)
    checker.url(card, where, "thumbnailImageUrl", required=False)
    if "defaultAction" in card:
        tap = checker.object(card, where, "defaultAction")
        if tap is not None:
            check_action(checker, tap, checker.place(where, "defaultAction"), TAPPED_PICTURE)
    _actions(checker, card, where, 1, most_actions)


def _buttons(checker: Checker, template: Mapping[str, Any], where: str) -> None:
    checker.keys(template, where, COLUMN_KEYS | LOOKS | {"type"})
    _looks(checker, template, where)
    _card(checker, template, where, 160, 4)


def _confirm(checker: Checker, template: Mapping[str, Any], where: str) -> None:
    checker.keys(template, where, {"type", "text", "actions"})
    checker.text(template, where, "text", 240, count=graphemes)
    _actions(checker, template, where, 2, 2)


def _carousel(checker: Checker, template: Mapping[str, Any], where: str) -> None:
    checker.keys(template, where, {"type", "columns", "imageAspectRatio", "imageSize"})
    _looks(checker, template, where)
    columns = checker.items(template, where, "columns", 1, 10)
    place = checker.place(where, "columns")
    for number, column in enumerate(columns):
        here = checker.place(place, str(number))
        checker.keys(column, here, COLUMN_KEYS)
        _card(checker, column, here, 120, 3)
    if len({len(column.get("actions") or ()) for column in columns}) > 1:
        checker.say(place, "the number of actions must be the same in all columns")
    for key in ("title", "thumbnailImageUrl"):
        if len({key in column for column in columns}) > 1:
            checker.say(place, f"`{key}` must be used in all columns or in none")


def _image_carousel(checker: Checker, template: Mapping[str, Any], where: str) -> None:
    checker.keys(template, where, {"type", "columns"})
    for number, column in enumerate(checker.items(template, where, "columns", 1, 10)):
        here = checker.place(checker.place(where, "columns"), str(number))
        checker.keys(column, here, {"imageUrl", "action"})
        checker.url(column, here, "imageUrl")
        action = checker.object(column, here, "action")
        if action is not None:
            check_action(checker, action, checker.place(here, "action"), IMAGE_CAROUSEL)


_CHECKS = {"buttons": _buttons, "confirm": _confirm, "carousel": _carousel, "image_carousel": _image_carousel}
