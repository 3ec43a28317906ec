"""The documentation tells the truth: settings, commands, targets and links."""

import re
from pathlib import Path

import pytest

from aftersail.cli import app
from core.settings import Settings

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "connectors").rglob("README.md"))]


def test_every_setting_is_described_with_its_default() -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    described = set(re.findall(r"`AFTERSAIL_([A-Z_]+)`", page))
    assert {name.upper() for name in Settings.model_fields} == described


def test_every_command_is_in_the_readme() -> None:
    page = (ROOT / "README.md").read_text()
    commands = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    missing = {name for name in commands if not re.search(rf"\b{name}\b", page)}
    assert not missing - {"build"}


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {name for page in PAGES for name in re.findall(r"`make ([a-z]+)", page.read_text())}
    assert named <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text())
    broken = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert not broken
