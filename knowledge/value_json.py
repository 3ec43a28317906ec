"""Values as JSON and back, so that an action can name them across a process border and in a tracker."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from knowledge.values import Deadline, Label, Value, Verbatim
from markets.money import Money

_READERS: Mapping[str, Callable[[Any], Value]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "deadline": lambda text: Deadline(datetime.fromisoformat(text)),
    "decimal": Decimal,
    "label": Label,
    "money": lambda parts: Money(Decimal(parts[0]), parts[1]),
    "verbatim": Verbatim,
    "list": lambda items: tuple(_item(from_json(item)) for item in items),
}


def to_json(value: Value) -> Any:
    """`value` as JSON: a plain string or number, or {type: text}."""
    match value:
        case datetime():
            return {"datetime": value.isoformat()}
        case Deadline():
            return {"deadline": value.at.isoformat()}
        case date():
            return {"date": value.isoformat()}
        case Decimal():
            return {"decimal": str(value)}
        case Label():
            return {"label": value.name}
        case Money():
            return {"money": [str(value.amount), value.currency]}
        case Verbatim():
            return {"verbatim": str(value)}
        case tuple():
            return {"list": [to_json(item) for item in value]}
    return value


def from_json(data: Any) -> Value:
    """The value that to_json wrote. Raises KeyError for an unknown type."""
    if isinstance(data, Mapping):
        kind, content = next(iter(data.items()))
        return _READERS[kind](content)
    if isinstance(data, str | int):
        return data
    raise KeyError(f"{data!r} is no value that a reply can show")


def _item(value: Value) -> str | Label:
    return value if isinstance(value, Label) else str(value)
