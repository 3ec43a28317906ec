"""Rules of the packet from files: which replies answer nothing, and what can be done next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.errors import ContentError, Fault
from core.settings import PROJECT
from core.yaml_files import line_of, read_yaml, without_lines

REPLIES = PROJECT / "desk" / "data" / "packet.yml"
STEPS = PROJECT / "desk" / "data" / "next_steps.yml"
CONDITIONS = (
    *("reason", "tier", "owner", "promise", "channel", "order", "problem", "state"),
    *("waiting", "answered", "matter", "mood", "has", "lacks"),
)
NONE_OF = "lacks"  # holds when nothing of it is there
MOST_STEPS = 3
KINDS = ("silent", "misunderstood", "proof_failed")


@dataclass(frozen=True)
class ReplyKinds:
    """What a reply of the bot was, by its name."""

    names: Mapping[str, Sequence[str]]

    def of(self, name: str) -> str:
        """silent, misunderstood, proof_failed, else reply."""
        for kind, patterns in self.names.items():
            if any(name.startswith(p[:-1]) if p.endswith("*") else name == p for p in patterns):
                return kind
        return "reply"


@dataclass(frozen=True)
class StepRule:
    """A next step and when it is one."""

    key: str
    when: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def holds(self, facts: Mapping[str, frozenset[str]]) -> bool:
        """Whether each condition holds. `facts`: what is the case, by condition."""
        return all(
            (not facts[NONE_OF] & set(values)) if name == NONE_OF else bool(facts[name] & set(values))
            for name, values in self.when.items()
        )


@lru_cache
def load_reply_kinds(path: Path = REPLIES) -> ReplyKinds:
    """The file's names. Raises ContentError."""
    data = without_lines(read_yaml(path).data)
    if not isinstance(data, dict) or set(data) != set(KINDS) or not all(map(_are_texts, data.values())):
        raise ContentError([Fault(path, 1, f"needs lists of names under {', '.join(KINDS)}, and nothing else")])
    return ReplyKinds({kind: tuple(data[kind]) for kind in KINDS})


@lru_cache
def load_steps(path: Path = STEPS) -> Sequence[StepRule]:
    """The file's rules in their order. Raises ContentError naming each that is wrong."""
    data = read_yaml(path).data
    if not isinstance(data, list):
        raise ContentError([Fault(path, 1, "needs a list of `{key: NAME, when: {CONDITION: [VALUES]}}`")])
    faults = [
        Fault(path, line_of(item), "write key and when, with known conditions") for item in data if not _is_rule(item)
    ]
    if faults:
        raise ContentError(faults)
    return [StepRule(item["key"], without_lines(item["when"])) for item in data]


def _is_rule(item: Any) -> bool:
    plain = without_lines(item)
    if not isinstance(plain, dict) or set(plain) != {"key", "when"} or not isinstance(plain["when"], dict):
        return False
    known = all(name in CONDITIONS for name in plain["when"])
    return isinstance(plain["key"], str) and known and all(map(_are_texts, plain["when"].values()))


def _are_texts(values: Any) -> bool:
    return isinstance(values, list) and bool(values) and all(isinstance(value, str) for value in values)
