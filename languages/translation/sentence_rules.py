"""How each language is cut into sentences, read from data/sentences.yml."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.errors import ContentError, Fault
from core.yaml_files import line_of, read_yaml, without_lines

DATA = Path(__file__).parent / "data" / "sentences.yml"


@dataclass(frozen=True)
class SentenceRules:
    """One language's rules."""

    pipeline: str  # a spaCy blank pipeline
    ends: str  # characters that end a sentence
    pauses: str  # characters at which a long sentence may be cut
    space: str  # between two sentences
    max_chars: int  # of one sentence
    abbreviations: tuple[str, ...]
    infix: str  # pattern of marks that end a sentence with no space after them; empty: none
    quotes: str  # closing marks after which the sentence goes on unless a space follows


@dataclass(frozen=True)
class AllRules:
    """The rules of every language."""

    languages: Mapping[str, SentenceRules]
    default: SentenceRules
    line_start: re.Pattern[str]  # matches, perhaps emptily, what to keep at the start of a line

    def of(self, language: str) -> SentenceRules:
        """The rules of `language`; the default for one that is not in the data."""
        return self.languages.get(language, self.default)


@lru_cache(maxsize=2)
def load_sentence_rules(path: Path = DATA) -> AllRules:
    """The rules in `path`. Raises ContentError with file and line."""
    data = read_yaml(path).data
    default = _block(path, data, "default")
    languages = _block(path, data, "languages")
    try:
        line_start = re.compile(str(data["line_start"]))
    except (KeyError, re.error) as error:
        raise ContentError([Fault(path, line_of(data), f"line_start is missing or no pattern: {error}")]) from None
    rules = {
        str(code): _rules(path, line_of(block), default | without_lines(block or {}))
        for code, block in languages.items()
        if not str(code).startswith("__")
    }
    return AllRules(rules, _rules(path, line_of(default), default), line_start)


def _block(path: Path, data: Any, key: str) -> dict[str, Any]:
    if not isinstance(data, dict) or not isinstance(data.get(key), dict):
        raise ContentError([Fault(path, line_of(data), f"{key} is missing or no mapping")])
    block: dict[str, Any] = data[key]
    return block


def _rules(path: Path, line: int, block: Mapping[str, Any]) -> SentenceRules:
    try:
        return SentenceRules(
            str(block["pipeline"]), str(block["ends"]), str(block["pauses"]), str(block["space"]),
            int(block["max_chars"]), tuple(map(str, block["abbreviations"])),
            str(block["infix"]), str(block["quotes"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise ContentError([Fault(path, line, f"the rules lack or have a wrong {error}")]) from None
