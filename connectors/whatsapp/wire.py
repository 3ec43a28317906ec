"""Untrusted JSON tamed: every value is asked for by the type it must have, with a bound on its size."""

import base64
import binascii
import hashlib
import json
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from connectors.events import Unreadable

MAX_WORDS = 16_384  # characters of a person's text; Meta's own bound is 4,096
MAX_NAME = 256
MAX_ID = 256
MAX_DEPTH = 6  # levels of details that are kept
MAX_ITEMS = 50  # entries of a list or mapping that are kept
MAX_DETAIL = 1_024  # characters of one string in details
MAX_DETAILS = 16_384  # characters of all strings and names in one event's details
MAX_TIME = 2**33  # seconds since 1970: the year 2242
_LONG_NUMBER = 20  # digits; longer ones are no number that we use


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object of a body. Raises Unreadable when it is none."""
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_no_constant, parse_int=_integer)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"the body is no JSON that can be read ({type(error).__name__})") from None
    if not isinstance(value, dict):
        raise Unreadable("the body is JSON, but no object")
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _integer(digits: str) -> int | str:
    # Python refuses integers of thousands of digits, and one such must not lose the rest of a batch.
    return int(digits) if len(digits) <= _LONG_NUMBER else digits[:_LONG_NUMBER]


def mapping(value: Any) -> Mapping[str, Any]:
    """`value` when it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """`value` when it is a JSON array, else an empty one."""
    return value if isinstance(value, list) else []


def objects(value: Any, limit: int = MAX_ITEMS) -> Iterator[Mapping[str, Any]]:
    """The first `limit` entries of a JSON array that are objects."""
    return (item for item in items(value)[:limit] if isinstance(item, dict))


def words(value: Any, limit: int = MAX_DETAIL) -> str:
    """The text without control characters (line breaks and tabs stay), at most `limit` characters; else empty."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = str(value)[: 2 * limit].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isprintable():
        text = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) != "Cc")
    return text[:limit]


def identifier(value: Any, limit: int = MAX_ID) -> str:
    """An id of the vendor; empty when it is none or longer than `limit`: half an id is another id."""
    found = words(value, limit + 1).strip()
    return found if len(found) <= limit and "\n" not in found and "\t" not in found else ""


def number(value: Any) -> float | None:
    """A finite number, also when it is written as a string; else None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str) or len(str(value)) > 2 * _LONG_NUMBER:
        return None
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def seconds(value: Any) -> float:
    """A moment in seconds since 1970; 0.0 when there is none. Milliseconds are understood."""
    found = number(value) or 0.0
    if found >= MAX_TIME:
        found /= 1000
    return found if 0 < found < MAX_TIME else 0.0


def sha256_hex(value: Any) -> str:
    """A SHA-256 in hex, from hex or from Meta's base64; empty when it is neither."""
    text = words(value, 128)
    if re.fullmatch(r"[0-9a-fA-F]{64}", text):
        return text.lower()
    try:
        digest = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return ""
    return digest.hex() if len(digest) == hashlib.sha256().digest_size else ""


def bounded(value: Any) -> Any:
    """A copy that fits a database: finite numbers, clean strings, bounded depth, width and total size."""
    return _bounded(value, MAX_DEPTH, [MAX_DETAILS])


def _bounded(value: Any, depth: int, left: list[int]) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return value if number(value) is not None else None
    if isinstance(value, str):
        text = words(value, max(0, min(MAX_DETAIL, left[0])))
        left[0] -= len(text) + 1
        return text
    if depth <= 0 or left[0] <= 0:
        return "…"
    if isinstance(value, list):
        return [_bounded(item, depth - 1, left) for item in value[:MAX_ITEMS]]
    return {
        _bounded(key, depth, left): _bounded(item, depth - 1, left) for key, item in list(value.items())[:MAX_ITEMS]
    }


def filled(**values: Any) -> dict[str, Any]:
    """Only the values that say something: no empty string, list, mapping or None."""
    return {key: value for key, value in values.items() if value not in ("", None) and value != [] and value != {}}


def digest(*parts: Any) -> str:
    """An id made of content: the same parts give the same 71 characters."""
    try:
        wire = json.dumps(parts, sort_keys=True)
    except RecursionError:
        # Nested almost as deep as can be read: what lies that deep makes no difference to us.
        wire = json.dumps(bounded(list(parts)), sort_keys=True)
    return "sha256:" + hashlib.sha256(wire.encode()).hexdigest()
