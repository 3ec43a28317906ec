"""The evaluation set: questions written apart from the training phrases."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.yaml_files import read_yaml, without_lines
from markets.profile import MarketProfile

DATA = Path(__file__).parent / "data"
EQUIVALENTS = "equivalents.yml"


@dataclass(frozen=True)
class Case:
    """A message and what the bot should make of it; `kind` is faq, intents or order_numbers."""

    kind: str
    text: str
    language: str
    market: str
    expected: str  # entry id, intent, or order number; empty: no order number is in it


def load_cases(markets: Mapping[str, MarketProfile], folder: Path = DATA) -> list[Case]:
    """Every case, each in the first market whose main language is the case's."""
    return [case for path in sorted(folder.glob("*.yml")) if path.name != EQUIVALENTS for case in _read(path, markets)]


def load_equivalents(folder: Path = DATA) -> Mapping[str, list[str]]:
    """Intents that serve an entry's question as well, by entry."""
    equivalents: dict[str, list[str]] = without_lines(read_yaml(folder / EQUIVALENTS).data)
    return equivalents


def home_of(language: str, markets: Mapping[str, MarketProfile]) -> str:
    """The first market whose main language is `language`, else the first one that has it."""
    ranked = sorted(
        markets.values(), key=lambda market: (language not in market.languages[:1], language not in market.languages)
    )
    return ranked[0].code


def _read(path: Path, markets: Mapping[str, MarketProfile]) -> Iterator[Case]:
    data = without_lines(read_yaml(path).data)
    language = path.stem
    market = home_of(language, markets)
    for kind in ("faq", "intents"):
        for expected, texts in data[kind].items():
            yield from (Case(kind, text, language, market, expected) for text in texts)
    for row in data["order_numbers"]:
        yield Case("order_numbers", row["text"], language, market, row["value"] or "")
