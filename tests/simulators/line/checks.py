"""Checks of single values. Each adds what is wrong to a list and never raises."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.simulators.common.limits import utf16_length
from tests.simulators.line.answers import Problem

URL_MAX = 2000
URI_MAX = 1000
SCHEMES = ("http", "https", "line", "tel")


@dataclass
class Checker:
    """Collects the problems of one object. `place` joins a parent's and a child's name."""

    place: Callable[[str, str], str]
    problems: list[Problem] = field(default_factory=list)

    def say(self, where: str, message: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(where, message))

    def keys(self, value: Mapping[str, Any], where: str, allowed: Iterable[str]) -> None:
        """Refuse unknown keys."""
        for key in sorted(set(value) - set(allowed)):
            self.say(self.place(where, key), "Unknown property")

    def text(
        self,
        value: Mapping[str, Any],
        where: str,
        key: str,
        most: int,
        *,
        required: bool = True,
        count: Callable[[str], int] = utf16_length,
    ) -> None:
        """A string of 1 to `most` characters; an absent one passes when it is not required."""
        here = self.place(where, key)
        text = value.get(key)
        if text is None:
            if required:
                self.say(here, "May not be empty")
        elif not isinstance(text, str):
            self.say(here, "Must be a string")
        elif not text:
            self.say(here, "May not be empty")
        elif count(text) > most:
            self.say(here, f"Length must be between 0 and {most}")

    def one_of(self, value: Mapping[str, Any], where: str, key: str, allowed: Iterable[str]) -> bool:
        """Whether the value is among the allowed ones."""
        names = list(allowed)
        if value.get(key) in names:
            return True
        self.say(self.place(where, key), f"Must be one of the following values: [{', '.join(names)}]")
        return False

    def url(self, value: Mapping[str, Any], where: str, key: str, *, required: bool = True) -> None:
        """An https address of at most 2000 characters, percent-encoded."""
        here = self.place(where, key)
        url = value.get(key)
        if url is None and not required:
            return
        if not isinstance(url, str) or not url:
            self.say(here, "May not be empty")
        elif len(url) > URL_MAX:
            self.say(here, f"Length must be between 0 and {URL_MAX}")
        elif urlsplit(url).scheme != "https" or not urlsplit(url).netloc:
            self.say(here, "Must be a valid HTTPS URL")
        elif not url.isascii() or " " in url:
            self.say(here, "Must be percent-encoded as UTF-8")

    def uri(self, value: Mapping[str, Any], where: str, key: str) -> None:
        """An address with a scheme that a button may open."""
        self.text(value, where, key, URI_MAX)
        uri = value.get(key)
        if isinstance(uri, str) and uri and urlsplit(uri).scheme not in SCHEMES:
            self.say(self.place(where, key), "invalid uri scheme")

    def integer(self, value: Mapping[str, Any], where: str, key: str, least: int, most: int) -> None:
        """A whole number within bounds."""
        number = value.get(key)
        if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= most:
            self.say(self.place(where, key), f"Must be a whole number between {least} and {most}")

    def number(self, value: Mapping[str, Any], where: str, key: str, most: float) -> None:
        """A number between -most and most."""
        number = value.get(key)
        if not isinstance(number, int | float) or isinstance(number, bool) or abs(number) > most:
            self.say(self.place(where, key), f"Must be a number between -{most:g} and {most:g}")

    def items(self, value: Mapping[str, Any], where: str, key: str, least: int, most: int) -> list[dict[str, Any]]:
        """The objects of an array of `least` to `most`; empty when it is no such array."""
        here = self.place(where, key)
        items = value.get(key)
        if not isinstance(items, list) or not least <= len(items) <= most:
            self.say(here, f"Size must be between {least} and {most}")
            return []
        if not all(isinstance(item, dict) for item in items):
            self.say(here, "Must be an array of objects")
            return []
        return items

    def object(self, value: Mapping[str, Any], where: str, key: str) -> dict[str, Any] | None:
        """The object at a key; None, and a problem noted, when there is none."""
        found = value.get(key)
        if isinstance(found, dict):
            return found
        self.say(self.place(where, key), "May not be empty")
        return None


def dotted(parent: str, child: str) -> str:
    """messages[0].text: how most details name a property."""
    return f"{parent}.{child}" if parent else child


def slashed(parent: str, child: str) -> str:
    """template/actions/0/label: how details name a property of a template."""
    return f"{parent}/{child}" if parent else child


def rooted(parent: str, child: str) -> str:
    """/body/contents/0/text: how details name a property of a Flex Message."""
    return f"{parent}/{child}"


def without_nulls(value: Any) -> Any:
    """JSON without null members, which the platform takes for absent ones."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value
