"""Checked reading of one content file: wrong fields become faults with a line, and reading goes on."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

from core.errors import ContentError, Fault
from core.yaml_files import LINE_KEY, line_of, read_yaml

LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?")
MAX_TEXT = 4_000
MAX_ITEMS = 500


class FieldReader:
    """Reads fields of the file at `path` and keeps a fault for each that is wrong."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[Fault] = []

    def data(self) -> Any:
        """The file's content; None, with faults kept, when it cannot be parsed."""
        try:
            return read_yaml(self.path).data
        except ContentError as error:
            self.faults.extend(error.faults)
            return None

    def fault(self, line: int, message: str) -> None:
        """Keep a fault."""
        self.faults.append(Fault(self.path, line, message))

    def mapping(self, value: Any, keys: Collection[str], line: int, what: str) -> dict[str, Any] | None:
        """`value` as a mapping whose keys are all in `keys`; None when it is no mapping."""
        if not isinstance(value, dict):
            self.fault(line, f"{what} must be fields such as `{next(iter(keys))}: …`, not {_kind(value)}")
            return None
        for key in value:
            if key != LINE_KEY and key not in keys:
                self.fault(line_of(value), f"{what}: unknown key {key!r}; use {', '.join(keys)}")
        return value

    def text(self, mapping: dict[str, Any], key: str, what: str) -> str:
        """A text that is not empty; "" when it is missing or wrong."""
        value = mapping.get(key)
        if isinstance(value, str) and len(value) <= MAX_TEXT:
            if not value.strip():
                self.fault(line_of(mapping), f"{what}: {key!r} is empty; write it")
            return value
        if isinstance(value, str):
            self.fault(line_of(mapping), f"{what}: {key!r} has {len(value)} characters; {MAX_TEXT} is the most")
        elif value is None:
            self.fault(line_of(mapping), f"{what}: {key!r} is missing; add it")
        else:
            self.fault(line_of(mapping), f"{what}: {key!r} is {_kind(value)}; put it in quotes")
        return ""

    def optional_text(self, mapping: dict[str, Any], key: str, what: str) -> str:
        """A text that is not empty; "" when it is missing, and when it is wrong."""
        return self.text(mapping, key, what) if key in mapping else ""

    def items(self, mapping: dict[str, Any], key: str, what: str) -> list[Any]:
        """A list; empty when it is missing or wrong."""
        value = mapping.get(key, [])
        if isinstance(value, list) and len(value) <= MAX_ITEMS:
            return value
        wrong = f"has more than {MAX_ITEMS} items" if isinstance(value, list) else f"is {_kind(value)}, not a list"
        self.fault(line_of(mapping), f"{what}: {key!r} {wrong}; write one `- item` a line")
        return []

    def texts(self, mapping: dict[str, Any], key: str, what: str) -> tuple[str, ...]:
        """A list of texts that are not empty; wrong ones are left out."""
        found = []
        for place, item in enumerate(self.items(mapping, key, what), 1):
            if isinstance(item, str) and item.strip() and len(item) <= MAX_TEXT:
                found.append(item)
            else:
                wrong = "is empty or too long" if isinstance(item, str) else f"is {_kind(item)}, not text in quotes"
                self.fault(line_of(mapping), f"{what}: item {place} of {key!r} {wrong}; mend or remove it")
        return tuple(found)


def language_files(folder: Path, reserved: Collection[str] = ()) -> tuple[list[Path], list[Fault]]:
    """The folder's `<language>.yml` files by name, and a fault for each file that is none. `reserved` names pass."""
    if not folder.is_dir():
        return [], [Fault(folder, 0, "the folder is missing; restore it from git or set AFTERSAIL_CONTENT_DIR")]
    paths = [path for path in sorted(folder.glob("*.y*ml")) if path.name not in reserved]
    good = [path for path in paths if path.suffix == ".yml" and LANGUAGE_CODE.fullmatch(path.stem)]
    advice = "the name is no language code; call it like de.yml or zh-Hant.yml, or move it away"
    faults = [Fault(path, 0, advice) for path in paths if path not in good]
    if not good:
        faults.append(Fault(folder, 0, "no language file is here; add one such as en.yml"))
    return good, faults


def _kind(value: Any) -> str:
    kinds = {dict: "a mapping", list: "a list", str: "text", bool: "yes/no", type(None): "nothing"}
    return kinds.get(type(value), f"a {type(value).__name__}")
