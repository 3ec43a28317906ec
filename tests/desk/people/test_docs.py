"""docs/desk-people.md tells the truth."""

import re

from core.settings import PROJECT
from desk.people import guard
from desk.viewer import RIGHTS, Right
from desk.web.words import load_words

PAGE = (PROJECT / "docs" / "desk-people.md").read_text()


def test_the_table_of_rights() -> None:
    lines = PAGE.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("| role |"))
    columns = [Right(cell.strip()) for cell in lines[start].strip("| ").split("|")[1:]]
    assert set(columns) == set(Right)
    table = {}
    for line in lines[start + 2 : start + 2 + len(RIGHTS)]:
        role, *cells = [cell.strip() for cell in line.split("|")[1:-1]]
        table[role] = {right for right, cell in zip(columns, cells, strict=True) if cell == "yes"}
    assert table == {role.value: set(rights) for role, rights in RIGHTS.items()}


def test_the_actions_are_those_that_have_names() -> None:
    described = set(re.findall(r"`([a-z_]+)`", PAGE.partition("For accounts:")[2]))
    words = load_words()["en"]
    source = "".join(path.read_text() for path in (PROJECT / "desk" / "people").glob("*.py"))
    assert described
    assert all(f'"{action}"' in source and words.has(f"people.action.{action}") for action in described)


def test_the_windows() -> None:
    windows = [guard.NAME_AND_ADDRESS, guard.ADDRESS, guard.NAME, guard.DEVICE, guard.LINKS]
    spans = {600: "10 minutes", 3600: "an hour"}
    for window in windows:
        assert f"| {window.amount} in {spans[window.get_expiry()]}" in PAGE


def test_it_is_short() -> None:
    assert len(PAGE.splitlines()) <= 80
