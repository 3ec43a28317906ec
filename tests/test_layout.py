"""docs/layout.md tells the truth about the folders."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDERS = (
    "actions", "aftersail", "bench", "bot", "connectors", "conversations", "core", "desk", "evaluation", "glossaries",
    "knowledge", "languages", "markets", "orders", "translators",
)  # fmt: skip


def test_every_folder_is_described() -> None:
    described = set(re.findall(r"^\| `(\w+)/`", (ROOT / "docs" / "layout.md").read_text(), re.MULTILINE))
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=30,
    ).stdout.splitlines()  # fmt: skip
    folders = {path.split("/")[0] for path in tracked if "/" in path and not path.startswith(".")}
    assert described == folders


def test_no_python_file_is_too_long() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): count
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        if (count := len(path.read_text().splitlines())) > 250
    }
    assert not long
