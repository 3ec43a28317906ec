"""JSON objects, one a line, checked against a model."""

import json
from collections.abc import Iterator
from typing import Any, TextIO, TypeVar

from pydantic import BaseModel, ValidationError

from core.errors import AftersailError

Model = TypeVar("Model", bound=BaseModel)


class BadLine(AftersailError):
    """A line of the input is wrong: mend it and run again; the lines before it were handled."""


def read_objects(source: TextIO, model: type[Model]) -> Iterator[Model]:
    """The objects of the input, one a line; empty lines are skipped. Raises BadLine with the line and the field."""
    for number, row in enumerate(source, start=1):
        if row.strip():
            yield read_object(row, number, model)


def read_object(row: str, number: int, model: type[Model]) -> Model:
    """The object in line `number`. Raises BadLine."""
    try:
        return model.model_validate(_value(row))
    except json.JSONDecodeError as error:
        raise _bad_line(number, "line", f"{error.msg} at column {error.colno}") from None
    except RecursionError:
        raise _bad_line(number, "line", "nested too deeply") from None
    except ValidationError as error:
        fault = error.errors()[0]
        raise _bad_line(number, ".".join(map(str, fault["loc"])) or "line", fault["msg"]) from None


def _value(row: str) -> Any:
    """The JSON value; half of a surrogate pair, which no text may hold, becomes "?"."""
    return _whole(json.loads(row))


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    return value


def _bad_line(number: int, field: str, problem: str) -> BadLine:
    return BadLine(f"standard input:{number}: {field}: {problem}; write one JSON object a line")
