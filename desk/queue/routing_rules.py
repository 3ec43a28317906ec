"""When conversations are given automatically: desk/data/routing.yml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import ContentError, Fault
from core.yaml_files import line_of, read_yaml, without_lines

FILE = Path(__file__).parent.parent / "data" / "routing.yml"
LEAST_MINUTES, MOST_MINUTES = 1, 1_440
MINUTES = ("seen_minutes", "gone_minutes", "active_minutes")


@dataclass(frozen=True)
class RoutingRules:
    """The rules; times in seconds."""

    automatic: bool = True
    markets: Mapping[str, bool] = field(default_factory=dict)
    seen_s: float = 180.0
    gone_s: float = 600.0
    active_s: float = 1_800.0

    def gives(self, market: str) -> bool:
        """Whether conversations of the market are given automatically."""
        return self.markets.get(market, self.automatic)


def load_routing_rules(path: Path = FILE) -> RoutingRules:
    """The rules of the file. Raises ContentError naming what is wrong."""
    file = read_yaml(path)
    data = without_lines(file.data)
    wrong = _wrong(data)
    if wrong:
        raise ContentError([Fault(path, line_of(file.data) if isinstance(data, dict) else 1, wrong)])
    seconds = {name.replace("_minutes", "_s"): data[name] * 60.0 for name in MINUTES}
    return RoutingRules(data["automatic"], dict(data["markets"]), **seconds)


def _wrong(data: Any) -> str:
    if not isinstance(data, dict) or set(data) != {"automatic", "markets", *MINUTES}:
        return f"needs automatic, markets, {', '.join(MINUTES)}, and nothing else"
    markets = data["markets"]
    if not isinstance(data["automatic"], bool):
        return "automatic is true or false"
    if not isinstance(markets, dict) or not all(isinstance(value, bool) for value in markets.values()):
        return "markets is a mapping such as {DE: false}"
    bad = [name for name in MINUTES if type(data[name]) is not int or not LEAST_MINUTES <= data[name] <= MOST_MINUTES]
    return f"{', '.join(bad)}: whole minutes from {LEAST_MINUTES} to {MOST_MINUTES}" if bad else ""
