"""Every action that is written into the audit log has words: the code is walked for them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from conversations.ownership_model import Event
from core.settings import PROJECT
from desk.after.orders_find import LOOKED_UP
from desk.web.words import load_words

FOLDERS = ("desk", "aftersail")
# Where an action is put together of parts, every value that it can have.
PUT_TOGETHER = {
    "LOOKED_UP": (LOOKED_UP,),
    "event.value": (Event.TAKE.value, Event.RELEASE.value, Event.CLOSE.value),
    "f'compensation_{made.state}'": ("compensation_asked", "compensation_granted", "compensation_refused"),
}


def trees() -> Iterator[tuple[Path, ast.Module]]:
    """Every module of the folders."""
    for folder in FOLDERS:
        for path in sorted((PROJECT / folder).rglob("*.py")):
            yield path.relative_to(PROJECT), ast.parse(path.read_text(encoding="utf-8"))


def name_of(call: ast.Call) -> str:
    """What is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Every call."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def writers(tree: ast.Module) -> dict[str, int]:
    """Functions that pass their `action` on to the log, with its place among the arguments of a call."""
    found = {"audit": 2}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any(name_of(call) == "audit" for call in calls(node)):
            names = [argument.arg for argument in node.args.args if argument.arg != "self"]
            if "action" in names:
                found[node.name] = names.index("action")
    return found


def values(node: ast.expr, tree: ast.Module) -> list[str]:
    """The texts that it can be; [] for a parameter `action`, whose callers are looked at."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.IfExp):
        return values(node.body, tree) + values(node.orelse, tree)
    if ast.unparse(node) in PUT_TOGETHER:
        return list(PUT_TOGETHER[ast.unparse(node)])
    assert isinstance(node, ast.Name), f"{ast.unparse(node)}: list what it can be in PUT_TOGETHER"
    given = [each.value for each in ast.walk(tree) if isinstance(each, ast.Assign) and _is_named(each, node.id)]
    assert given or node.id == "action", f"where does {node.id} come from?"
    return [text for each in given if _is_text(each) for text in values(each, tree)]


def _is_named(assigned: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in assigned.targets)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant | ast.IfExp | ast.JoinedStr | ast.Name)


def actions() -> set[str]:
    """Every action."""
    parsed = list(trees())
    places: dict[str, int] = {}
    for _, tree in parsed:
        places |= {name: place for name, place in writers(tree).items() if not name.startswith("_")}
    found: set[str] = set()
    for _, tree in parsed:
        known = {**places, **writers(tree)}
        for call in calls(tree):
            if name_of(call) in known and len(call.args) > known[name_of(call)]:
                found |= set(values(call.args[known[name_of(call)]], tree))
    return found


def test_the_walk_finds_them() -> None:
    assert actions() >= {"sign_in", "take", "escalate", "assign", "note", "reply", "export", "account_created"}
    assert actions() >= {"profile_changed", "presence_changed", "step", "override", "compensation_refused"}


@pytest.mark.parametrize("language", sorted(load_words()))
def test_every_action_has_words(language: str) -> None:
    words = load_words()[language]
    assert {action for action in actions() if not words.has(f"people.action.{action}")} == set()
