"""Content codes to an engine's own codes and back, from data/codes.yml."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.errors import ContentError, Fault
from core.yaml_files import line_of, read_yaml, without_lines
from languages.catalogue import load_catalogue
from languages.translation.engine import Pair

DATA = Path(__file__).parent / "data" / "codes.yml"


@dataclass(frozen=True)
class EngineCodes:
    """What one engine calls each content language, in order of preference."""

    source: Mapping[str, tuple[str, ...]]
    target: Mapping[str, tuple[str, ...]]

    def sources(self, language: str) -> tuple[str, ...]:
        """The engine's codes for text in `language`, the preferred one first; the code itself when none is told."""
        return self.source.get(language, (language,))

    def targets(self, language: str) -> tuple[str, ...]:
        """The engine's codes for translating into `language`."""
        return self.target.get(language, (language,))

    def language_of(self, code: str) -> str:
        """The language that the engine calls `code`; the code itself when none is told."""
        sides = (*self.source.items(), *self.target.items())
        return next((language for language, codes in sides if code in codes), code)

    def codes(self, pair: Pair) -> list[tuple[str, str]]:
        """The engine's pairs that serve `pair`, the preferred one first."""
        return [(source, target) for target in self.targets(pair.target) for source in self.sources(pair.source)]

    def pairs(self, available: Iterable[tuple[str, str]], languages: Iterable[str]) -> dict[Pair, tuple[str, str]]:
        """Pairs of `languages` and the engine's preferred pair for each, from the engine's `available` ones."""
        known, languages = frozenset(available), tuple(languages)
        pairs = [Pair(source, target) for source in languages for target in languages if source != target]
        found = ((pair, next((code for code in self.codes(pair) if code in known), None)) for pair in pairs)
        return {pair: code for pair, code in found if code}


@lru_cache(maxsize=16)
def load_codes(engine: str, path: Path = DATA) -> EngineCodes:
    """The codes of `engine`; the content codes themselves when the file does not name it. Raises ContentError."""
    data = read_yaml(path).data
    block = data.get(engine, {}) if isinstance(data, dict) else {}
    return EngineCodes(_side(path, block, "source"), _side(path, block, "target"))


@lru_cache(maxsize=1)
def known_languages() -> tuple[str, ...]:
    """The codes of all languages that may be translated: those that Aftersail answers in, then those it only reads."""
    catalogue = load_catalogue()
    return (*catalogue.content, *catalogue.others)


def _side(path: Path, block: Any, side: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(block, dict):
        raise ContentError([Fault(path, 0, "an engine needs a block with source and target")])
    rows = without_lines(block.get(side, {}))
    for language, codes in rows.items():
        if not isinstance(codes, list) or not codes:
            raise ContentError([Fault(path, line_of(block), f"{side}.{language} must be a list of codes")])
    return {str(language): tuple(map(str, codes)) for language, codes in rows.items()}
