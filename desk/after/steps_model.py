"""What is to be done for each kind of case: read from desk/data/steps.yml, checked with file and line. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.errors import ContentError, Fault
from core.yaml_files import line_of, read_yaml, without_lines
from markets.profile import MarketProfile

FILE = Path(__file__).parent.parent / "data" / "steps.yml"
LINKS = frozenset({"", "orders", "compensation", "notes", "escalate"})
LEAST, MOST = 3, 9  # steps of a kind of case, in any market
MAX_ID = 64


@dataclass(frozen=True)
class Step:
    """One thing to do. Words: steps.of.<type>.<key>."""

    type: str
    key: str
    link: str = ""  # orders, compensation, notes: a panel; escalate; empty: none
    reply: str = ""  # a reply that may be put into the composer
    flag: str = ""  # only in markets whose flag of this name is `flag_is`; empty: everywhere
    flag_is: bool = True

    @property
    def id(self) -> str:
        """Its name in sop_marks."""
        return f"{self.type}.{self.key}"

    def holds_in(self, market: MarketProfile) -> bool:
        """Whether the market needs it."""
        return not self.flag or market.flag(self.flag) == self.flag_is


@dataclass(frozen=True)
class StepBook:
    """Every kind of case."""

    types: Mapping[str, Sequence[Step]]
    by_reason: Mapping[str, str]  # hand-off reason -> type
    fallback: str

    def type_for(self, reason: str) -> str:
        """The kind of case of a hand-off reason; the fallback of one that the file does not name."""
        return self.by_reason.get(reason, self.fallback)

    def steps(self, kind: str, market: MarketProfile) -> Sequence[Step]:
        """The steps of a kind that hold in the market."""
        return [step for step in self.types[kind] if step.holds_in(market)]


@lru_cache
def load_steps(path: Path = FILE) -> StepBook:
    """The file's steps. Raises ContentError with every fault."""
    data = read_yaml(path).data
    if not isinstance(data, dict) or set(without_lines(data)) != {"types", "fallback"}:
        raise ContentError([Fault(path, 1, "needs `types` and `fallback`, and nothing else")])
    faults: list[Fault] = []
    types: dict[str, Sequence[Step]] = {}
    by_reason: dict[str, str] = {}
    for item in data["types"] if isinstance(data["types"], list) else []:
        if not isinstance(item, dict) or set(without_lines(item)) != {"type", "reasons", "steps"}:
            faults.append(Fault(path, line_of(item), "a kind of case needs `type`, `reasons` and `steps`"))
            continue
        name = str(item["type"])
        if name in types:
            faults.append(Fault(path, line_of(item), f"{name} stands here twice"))
        types[name] = [step for each in item["steps"] if (step := _step(path, name, each, faults))]
        if not LEAST <= len(types[name]) <= MOST or len({step.key for step in types[name]}) != len(types[name]):
            faults.append(Fault(path, line_of(item), f"{name}: {LEAST} to {MOST} steps, each key once"))
        for reason in item["reasons"]:
            if by_reason.setdefault(str(reason), name) != name:
                faults.append(Fault(path, line_of(item), f"{reason} belongs to {by_reason[str(reason)]} already"))
    if data["fallback"] not in types:
        faults.append(Fault(path, line_of(data), f"fallback: there is no kind {data['fallback']!r}"))
    if faults:
        raise ContentError(faults)
    return StepBook(types, by_reason, str(data["fallback"]))


def _step(path: Path, kind: str, item: Any, faults: list[Fault]) -> Step | None:
    given = without_lines(item) if isinstance(item, dict) else {}
    when = given.get("when", {"flag": "", "is": True})
    right = isinstance(given.get("key"), str) and set(given) <= {"key", "link", "reply", "when"}
    right = right and isinstance(when, dict) and set(when) == {"flag", "is"} and isinstance(when["is"], bool)
    if not right:
        faults.append(Fault(path, line_of(item), f"{kind}: a step is {{key, link, reply, when: {{flag, is}}}}"))
        return None
    step = Step(kind, given["key"], given.get("link", ""), given.get("reply", ""), when["flag"], when["is"])
    if step.link not in LINKS or len(step.id) > MAX_ID:
        faults.append(Fault(path, line_of(item), f"{step.id}: link is one of {', '.join(sorted(LINKS - {''}))}"))
        return None
    return step
