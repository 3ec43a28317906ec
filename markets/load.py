"""Market files read, checked and named file:line where they are wrong."""

import json
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from core.errors import ContentError, Fault
from core.yaml_files import read_yaml, without_lines
from markets.profile import MarketProfile

MAX_MARKETS = 300
Model = TypeVar("Model", bound=BaseModel)


def load_markets(folder: Path) -> Mapping[str, MarketProfile]:
    """Profiles of all <CODE>.yml in `folder`, by code. Raises ContentError with every fault of every file."""
    paths = sorted(folder.glob("*.yml"))
    if not paths:
        raise ContentError([Fault(folder, 0, "no market files here; add one such as DE.yml")])
    if len(paths) > MAX_MARKETS:
        raise ContentError([Fault(folder, 0, f"more than {MAX_MARKETS} market files; remove what is no market")])
    profiles: dict[str, MarketProfile] = {}
    faults: list[Fault] = []
    for path in paths:
        try:
            profile = load_market(path)
        except ContentError as error:
            faults += error.faults
        else:
            profiles[profile.code] = profile
    if faults:
        raise ContentError(faults)
    return MappingProxyType(profiles)


def load_market(path: Path) -> MarketProfile:
    """The profile in `path`. Raises ContentError with every fault of the file."""
    profile = load_model(path, MarketProfile)
    if profile.code != path.stem:
        message = f"field code: {profile.code} does not fit the file name; make both the same"
        raise ContentError([Fault(path, line_at(path, ["code"]), message)])
    return profile


def load_model(path: Path, model: type[Model]) -> Model:
    """The checked content of a YAML file. Raises ContentError with file, line and field of every mistake."""
    data = without_lines(read_yaml(path).data)
    if not isinstance(data, dict):
        raise ContentError([Fault(path, 1, f"the file holds no fields; write them as `name: value`, got {data!r}")])
    try:
        # As JSON, strict mode takes lists and dates in their written form but no number in place of a text.
        return model.model_validate_json(json.dumps(_text_keys(data), default=str), strict=True)
    except ValidationError as error:
        faults = [fault for details in error.errors() for fault in _faults(path, details, model)]
        raise ContentError(faults) from None


def _text_keys(value: Any) -> Any:
    # YAML reads some keys as dates or booleans; JSON has texts only.
    if isinstance(value, dict):
        return {str(key): _text_keys(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_text_keys(item) for item in value]
    return value


def line_at(path: Path, place: Sequence[str | int]) -> int:
    """Line of the field that `place` (keys and list positions) leads to; of the nearest parent if it is missing."""
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    line = 1
    for step in place:
        found = _child(node, step)
        if found is None:
            return line
        line, node = found
    return line


def _child(node: Any, step: str | int) -> tuple[int, Any] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        child = node.value[step]
        return child.start_mark.line + 1, child
    if isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            if key.value == str(step):
                return key.start_mark.line + 1, child
    return None


def _faults(path: Path, details: ErrorDetails, model: type[BaseModel]) -> list[Fault]:
    place = [step for step in details["loc"] if step != "[key]"]
    if place:
        name = ".".join(str(step) for step in place)
        return [Fault(path, line_at(path, place), f"field {name}: {_advice(details, model)}")]
    # A check over several fields names them itself, one to a line.
    faults = []
    for problem in str(details["ctx"]["error"]).splitlines():
        name = problem.partition(":")[0]
        faults.append(Fault(path, line_at(path, name.split(".")), f"field {problem}"))
    return faults


def _advice(details: ErrorDetails, model: type[BaseModel]) -> str:
    kind = details["type"]
    if kind == "value_error":
        return str(details["ctx"]["error"])
    if kind == "missing":
        return "is missing; add it"
    if kind == "extra_forbidden":
        close = get_close_matches(str(details["loc"][-1]), [name.rstrip("_") for name in model.model_fields], n=1)
        return f"is not known; did you mean {close[0]}?" if close else "is not known; remove it"
    return f"{details['msg']}, got {details['input']!r}; correct it"
