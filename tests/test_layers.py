"""Imports go one way (docs/layout.md). A wrong one is named with file and line."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# What each folder may import besides itself. The composition root `aftersail` may import all.
ALLOWED: dict[str, set[str]] = {
    "core": set(),
    "glossaries": {"core"},
    "markets": {"core"},
    "orders": {"core", "markets"},
    "knowledge": {"core", "markets", "glossaries"},
    "languages": {"core", "markets", "glossaries"},
    "conversations": {"core", "markets", "glossaries", "languages"},
    "connectors": {"core", "conversations"},
    "actions": {"core", "markets", "orders", "glossaries", "knowledge", "languages", "conversations"},
    "bot": {"core", "markets", "orders", "glossaries", "knowledge", "languages", "conversations"},
    "desk": {"core", "markets", "orders", "glossaries", "knowledge", "languages", "conversations"},
    "translators": {"core", "glossaries", "languages"},
}
FOLDERS = {*ALLOWED, "aftersail", "evaluation", "bench"}
# Frameworks that only some folders may import; a folder is named by its path's beginning.
ONLY_IN: dict[str, tuple[str, ...]] = {
    "rasa": ("bot/",),
    "rasa_sdk": ("actions/", "bot/processor.py", "bot/agent.py"),
    "starlette": ("connectors/", "desk/", "aftersail/"),
    "torch": ("knowledge/", "bench/", "translators/"),
    "argostranslate": ("languages/translation/", "translators/"),
    "ctranslate2": ("languages/translation/", "translators/"),
    "deepl": ("languages/translation/",),
    "spacy": ("languages/translation/", "bench/", "translators/"),
}


def imports_of(path: Path, source: str) -> Iterator[tuple[int, str]]:
    """(line, first part of the imported name) of each import."""
    for node in ast.walk(ast.parse(source, str(path))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module.split(".")[0]


def violations(path: Path, source: str) -> list[str]:
    """Each wrong import as file:line and why."""
    folder = path.parts[0]
    found = []
    for line, name in imports_of(path, source):
        if folder in ALLOWED and name in FOLDERS and name not in ALLOWED[folder] | {folder}:
            found.append(f"{path}:{line}: {folder}/ must not import {name}; see docs/layout.md")
        homes = ONLY_IN.get(name)
        if homes and not path.as_posix().startswith(homes):
            found.append(f"{path}:{line}: {name} may be imported only in {', '.join(homes)}")
    return found


def test_imports_go_one_way() -> None:
    files = [path for folder in ALLOWED for path in sorted((ROOT / folder).rglob("*.py"))]
    assert len(files) > 50
    wrong = [fault for path in files for fault in violations(path.relative_to(ROOT), path.read_text())]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("path", "source", "part"),
    [
        ("core/x.py", "import bot.worker", "core/x.py:1: core/ must not import bot"),
        ("connectors/line/x.py", "\nfrom knowledge.words import Words", "connectors/line/x.py:2: connectors/"),
        ("knowledge/x.py", "import rasa", "knowledge/x.py:1: rasa may be imported only in bot/"),
        ("bot/x.py", "from actions.base import BotAction", "bot/x.py:1: bot/ must not import actions"),
    ],
)
def test_a_wrong_import_is_named(path: str, source: str, part: str) -> None:
    assert any(part in fault for fault in violations(Path(path), source))
