"""The fields of a packet's JSON, as it is and as docs/packet.md tells them."""

import re
from pathlib import Path
from typing import Any

OPEN = ("values",)  # filled by each kind of sign or step as its words need
_ROW = re.compile(r"^\| `([a-z_.\[\]]+)` \|")


def fields_of(data: Any, place: str = "") -> set[str]:
    """Paths of every field: `orders.orders[].number`."""
    if isinstance(data, list):
        return {field for each in data for field in fields_of(each, f"{place}[]")}
    if not isinstance(data, dict):
        return set()
    found = set()
    for name, value in data.items():
        path = f"{place}.{name}" if place else name
        found.add(path)
        if name not in OPEN:
            found |= fields_of(value, path)
    return found


def documented_fields(path: Path) -> set[str]:
    """The fields of the page's table."""
    return {match[1] for line in path.read_text(encoding="utf-8").splitlines() if (match := _ROW.match(line))}
