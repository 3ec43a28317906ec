"""Training phrases, read without rasa."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.yaml_files import read_yaml


@dataclass(frozen=True)
class Phrase:
    """A training phrase."""

    text: str
    intent: str
    language: str


def load_phrases(folder: Path) -> list[Phrase]:
    """Every phrase in the folder's YAML files. Raises ContentError when one cannot be read."""
    return [phrase for path in sorted(folder.glob("*.yml")) for phrase in _read(path)]


def _read(path: Path) -> Iterator[Phrase]:
    for block in read_yaml(path).data["nlu"]:
        for row in block["examples"].splitlines():
            text = row.strip().removeprefix("- ").strip()
            if text:
                yield Phrase(text, block["intent"], block["metadata"]["language"])
