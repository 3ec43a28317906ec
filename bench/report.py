"""How every benchmark shows its rows: a table on the screen, JSON in a file."""

import argparse
import json
import platform
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

Rows = Sequence[dict[str, Any]]


def milliseconds(seconds: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile in milliseconds."""
    values = np.array(seconds) * 1000
    return {"median_ms": round(float(np.median(values)), 2), "p95_ms": round(float(np.percentile(values, 95)), 2)}


def run(title: str, measure: Callable[[], Rows]) -> None:
    """Measure, print the rows as a table and, with `--json PATH`, write them."""
    given = arguments(title)
    show(title, measure(), given.json)


def arguments(title: str | None, **numbers: int) -> argparse.Namespace:
    """The command line: `json`, a path or None, and each of `numbers` with its default."""
    parser = argparse.ArgumentParser(description=title, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="write the rows to this file")
    for name, default in numbers.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    return parser.parse_args()


def show(title: str, rows: Rows, path: Path | None = None) -> None:
    """Print the rows as a table and write them to `path`, if there is one."""
    table = Table(title=title)
    columns = list(dict.fromkeys(key for row in rows for key in row))
    for column in columns:
        table.add_column(column, justify="left" if column == columns[0] else "right")
    for row in rows:
        table.add_row(*[str(row.get(column, "")) for column in columns])
    Console().print(table)
    if path is not None:
        machine = {"machine": platform.machine(), "system": platform.system(), "python": platform.python_version()}
        path.write_text(json.dumps({"title": title, **machine, "rows": rows}, indent=1), encoding="utf-8")
