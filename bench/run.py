"""`make bench`: every measurement in a process of its own, one table, var/bench/bench.json and bench.png.

`python -m bench.run [--quick]`. The first run trains Rasa's default project for comparison, about a minute more.
`--quick`: worker and Rasa's default project only, with fewer messages, about a minute.
"""

import argparse
import json
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.picture import draw
from bench.report import show
from bench.summary import compare
from core.settings import load_settings

PARTS = (
    "rasa_default",
    "worker",
    "embedder",
    "retrieval",
    "language",
    "glossary",
    "translation",
    "growth",
    "webhooks",
    "desk",
)
QUICK = ("rasa_default", "worker")
QUICK_MESSAGES = 80
TIMEOUT_S = 1_800


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a one-minute version")
    quick = parser.parse_args().quick
    console = Console(stderr=True)
    folder = load_settings().data_dir / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    parts = {name: _measured(name, folder, quick, console) for name in (QUICK if quick else PARTS)}
    rows = compare(parts)
    show("Beside the named baseline, in this run", rows)
    machine = {"machine": platform.machine(), "system": platform.system(), "python": platform.python_version()}
    report = {**machine, "quick": quick, "seconds": round(time.monotonic() - started), "summary": rows, "parts": parts}
    (folder / "bench.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    draw(rows, folder / "bench.png")
    console.print(f"{folder / 'bench.json'} and {folder / 'bench.png'}, {report['seconds']} s")


def _measured(name: str, folder: Path, quick: bool, console: Console) -> list[dict[str, Any]]:
    """The part's rows; exits when the part fails, whose own lines say why."""
    console.rule(name)
    path = folder / f"{name}.json"
    command = [sys.executable, "-m", f"bench.{name}", "--json", str(path)]
    if quick:
        command += ["--messages", str(QUICK_MESSAGES)]
    status = subprocess.run(command, timeout=TIMEOUT_S, check=False).returncode
    if status:
        sys.exit(status)
    written = json.loads(path.read_text(encoding="utf-8"))
    rows: list[dict[str, Any]] = written["rows"] if isinstance(written, dict) else written
    return rows


if __name__ == "__main__":
    main()
