"""Reading what vendors send without believing that it has the right shape."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.events import Unreadable


def read_object(body: bytes) -> Mapping[str, Any]:
    """The body's JSON object. Raises Unreadable."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable("no JSON") from error
    if not isinstance(value, dict):
        raise Unreadable("no JSON object")
    return value


def within(value: Any, *names: str) -> Mapping[str, Any]:
    """The object at this path; empty when there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def text(value: Any, most: int = 255) -> str:
    """A string or number as text; empty for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return storable(str(value)[:most])


def storable(value: str) -> str:
    """The text without what no database takes: NUL, and halves of surrogate pairs, both of which JSON allows."""
    return value.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def moment(value: Any) -> float:
    """Seconds since 1970 of a number or an ISO time (nanoseconds are cut); 0: neither."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if 0 < value < 1e11 else 0.0
    if not isinstance(value, str):
        return 0.0
    try:
        found = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        return 0.0
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
