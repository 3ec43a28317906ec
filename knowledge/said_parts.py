"""What a stored message was made of, so that the same can be said in another language later."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from core.errors import AftersailError
from knowledge.value_json import from_json, to_json
from knowledge.values import Value
from knowledge.words import Part

PARTS = "parts"  # in a message's payload: [[name of the reply, {name of the value: value as JSON}]]
MOST = 4_000  # characters of it


class UnreadableParts(AftersailError):
    """What stands in the payload is nothing that made_of wrote."""


def made_of(parts: Sequence[Part]) -> dict[str, Any]:
    """{PARTS: …} for a payload; empty for one reply without values, whose name says it all, or when it is too much."""
    if len(parts) == 1 and not parts[0][1]:
        return {}
    written = [[name, {key: to_json(value) for key, value in values.items()}] for name, values in parts]
    return {PARTS: written} if len(json.dumps(written)) <= MOST else {}


def parts_of(payload: Mapping[str, Any]) -> list[Part]:
    """The replies of a message with their values; its reply's name alone when nothing more was stored.

    Empty: the message is no reply. Raises UnreadableParts.
    """
    written = payload.get(PARTS)
    if not written:
        name = payload.get("response")
        return [(str(name), {})] if name else []
    try:
        return [(str(name), _values(values)) for name, values in written]
    except (KeyError, TypeError, ValueError, AttributeError, StopIteration, ArithmeticError) as error:
        raise UnreadableParts(f"the parts of a stored message cannot be read: {type(error).__name__}") from error


def _values(written: Mapping[str, Any]) -> dict[str, Value]:
    return {str(name): from_json(value) for name, value in written.items()}
