"""Where and how often customers are asked: read from desk/data/surveys.yml, checked with file and line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import ContentError, Fault
from core.settings import PROJECT
from core.yaml_files import line_of, read_yaml, without_lines

FILE = PROJECT / "desk" / "data" / "surveys.yml"
MOST_DELAY, MOST_DAYS = 1_440, 365


@dataclass(frozen=True)
class SurveyRule:
    """A market's."""

    ask: bool
    bot: bool  # also after conversations that only the bot had
    delay_minutes: int  # after closing
    every_days: int  # one person at most once in so many days
    paid: bool  # also where the question itself costs something


@dataclass(frozen=True)
class SurveyRules:
    """The file."""

    default: SurveyRule
    markets: Mapping[str, SurveyRule] = field(default_factory=dict)

    def of(self, market: str) -> SurveyRule:
        """The market's rule."""
        return self.markets.get(market, self.default)


def load_survey_rules(path: Path = FILE) -> SurveyRules:
    """The file's rules. Raises ContentError naming what is wrong."""
    data = read_yaml(path).data
    if not isinstance(data, dict) or set(without_lines(data)) != {"default", "markets"}:
        raise ContentError([Fault(path, 1, "needs `default` and `markets`, and nothing else")])
    faults: list[Fault] = []
    markets = data["markets"] if isinstance(data["markets"], dict) else {}
    rules = {code: _rule(path, markets[code], code, faults) for code in without_lines(markets)}
    default = _rule(path, data["default"], "default", faults)
    if faults:
        raise ContentError(faults)
    return SurveyRules(default, rules)


def _rule(path: Path, data: Any, what: str, faults: list[Fault]) -> SurveyRule:
    given = without_lines(data) if isinstance(data, dict) else {}
    if set(given) != set(SurveyRule.__dataclass_fields__):
        names = ", ".join(SurveyRule.__dataclass_fields__)
        faults.append(Fault(path, line_of(data), f"{what}: needs exactly {names}"))
        return SurveyRule(False, False, 0, 1, False)
    flags = all(isinstance(given[name], bool) for name in ("ask", "bot", "paid"))
    delay, days = given["delay_minutes"], given["every_days"]
    if not flags or not _within(delay, 0, MOST_DELAY) or not _within(days, 1, MOST_DAYS):
        text = f"{what}: ask, bot, paid are true or false; delay_minutes 0 to {MOST_DELAY}; every_days 1 to {MOST_DAYS}"
        faults.append(Fault(path, line_of(data), text))
    return SurveyRule(**given)


def _within(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
