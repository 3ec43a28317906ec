"""YAML read with line numbers, so that a mistake can be named with file and line."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from core.errors import ContentError, Fault

LINE_KEY = "__line__"


class _LineLoader(yaml.CSafeLoader):
    """A safe loader that adds the line to each mapping and refuses repeated keys."""


def _mapping(loader: _LineLoader, node: yaml.MappingNode) -> dict[str, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node)
        if key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key!r} stands here twice; keep one", key_node.start_mark
            )
        seen.add(key)
    mapping: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    mapping[LINE_KEY] = node.start_mark.line + 1
    return mapping


_LineLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


@dataclass(frozen=True)
class YamlFile:
    """A parsed file: `data` with a LINE_KEY entry in every mapping."""

    path: Path
    data: Any


def read_yaml(path: Path) -> YamlFile:
    """The parsed file. Raises ContentError with file and line when it cannot be read."""
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise ContentError([Fault(path, 0, "the file is missing; create it or restore it from git")]) from None
    except UnicodeDecodeError as error:
        raise ContentError([Fault(path, 0, f"not UTF-8 at byte {error.start}; save it as UTF-8")]) from None
    try:
        return YamlFile(path, yaml.load(text, Loader=_LineLoader))  # noqa: S506 - a subclass of the safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        problem = error.problem or "cannot be parsed"
        raise ContentError([Fault(path, line, f"not valid YAML: {problem}; check quotes and indentation")]) from None
    except yaml.YAMLError as error:
        raise ContentError([Fault(path, 0, f"not valid YAML: {error}; remove control characters")]) from None


def line_of(mapping: Any) -> int:
    """Line on which `mapping` starts; 0 when it is not known."""
    return int(mapping.get(LINE_KEY, 0)) if isinstance(mapping, dict) else 0


def without_lines(value: Any) -> Any:
    """`value` without the LINE_KEY entries, as plain YAML data."""
    if isinstance(value, dict):
        return {key: without_lines(item) for key, item in value.items() if key != LINE_KEY}
    if isinstance(value, list):
        return [without_lines(item) for item in value]
    return value
