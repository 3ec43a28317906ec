"""JSON of a stranger, read with checks: what is missing, too long or of another type is empty, never an exception."""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.events import Unreadable

MAX_BODY = 2 * 1024 * 1024  # bytes of a webhook; LINE's are a few KB
MAX_ID = 128
MAX_WORD = 500  # characters of a name, title or address
MAX_DEPTH = 12  # LINE's events need six
MAX_WHOLE = 2**53


def read_object(body: bytes) -> Mapping[str, Any]:
    """The body's JSON object, every string storable. Raises Unreadable when it is none."""
    if len(body) > MAX_BODY:
        raise Unreadable(f"{len(body)} bytes are no webhook of LINE's")
    try:
        value = json.loads(body, parse_constant=_nothing)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"no JSON: {type(error).__name__}") from error
    if not isinstance(value, dict):
        raise Unreadable("no JSON object")
    return tamed(value)


def tamed(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """`value` with every string storable, and nothing too deep."""
    found: Mapping[str, Any] = _tamed(value, MAX_DEPTH)
    return found


def _nothing(_: str) -> None:
    """NaN and Infinity are no JSON and no value."""


def _tamed(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return _storable(value)
    if isinstance(value, dict):
        return {_storable(key): _tamed(item, depth - 1) for key, item in value.items()} if depth else None
    if isinstance(value, list):
        return [_tamed(item, depth - 1) for item in value] if depth else None
    return value


def _storable(text: str) -> str:
    """`text` without half surrogate pairs and NUL, each replaced by one UTF-16 unit so that offsets stay true."""
    if text.isascii():
        return text.replace("\x00", "\ufffd")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\x00", "\ufffd")


class Fields:
    """A JSON object of a stranger."""

    def __init__(self, value: Any) -> None:
        self._value: Mapping[str, Any] = value if isinstance(value, dict) else {}

    def __bool__(self) -> bool:
        return bool(self._value)

    def names(self) -> list[str]:
        """Names of what is there, at most 50."""
        return sorted(name[:50] for name in self._value)[:50]

    def text(self, key: str) -> str:
        """A string in its whole length; empty: there is none."""
        value = self._value.get(key)
        return value if isinstance(value, str) else ""

    def word(self, key: str, limit: int = MAX_WORD) -> str:
        """The first `limit` characters of a string that is not a person's words; empty: there is none."""
        return self.text(key)[:limit]

    def id(self, key: str, limit: int = MAX_ID) -> str:
        """An id or token; empty: there is none, or it is too long to be one."""
        value = self.text(key)
        return value if len(value) <= limit else ""

    def whole(self, key: str) -> int | None:
        """A whole number within ±2^53."""
        value = self.number(key)
        return int(value) if value is not None and value == int(value) else None

    def number(self, key: str) -> float | None:
        """A finite number within ±2^53."""
        value = self._value.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return value if (isinstance(value, int) or math.isfinite(value)) and abs(value) <= MAX_WHOLE else None

    def flag(self, key: str) -> bool:
        """Whether it is true."""
        return self._value.get(key) is True

    def object(self, key: str) -> "Fields":
        """An object; empty: there is none."""
        return Fields(self._value.get(key))

    def objects(self, key: str) -> Iterator["Fields"]:
        """The objects of a list; whatever else is in it is left out."""
        value = self._value.get(key)
        return (Fields(item) for item in (value if isinstance(value, list) else []) if isinstance(item, dict))

    def words(self, key: str, most: int, limit: int = 100) -> list[str]:
        """The first `most` strings of a list, each cut to `limit` characters."""
        value = self._value.get(key)
        return [item[:limit] for item in (value if isinstance(value, list) else []) if isinstance(item, str)][:most]

    def strings(self, key: str) -> dict[str, str]:
        """The strings of an object by name, at most 50."""
        inner = self.object(key)
        return {name: inner.word(name) for name in inner.names() if inner.text(name)}
