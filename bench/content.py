"""The content's sentences with their labels, for measurements."""

from dataclasses import dataclass
from pathlib import Path

from bot.phrases import load_phrases
from core.yaml_files import read_yaml


@dataclass(frozen=True)
class Labelled:
    """A sentence of `language` that belongs to `label`: the id of an FAQ entry, or an intent."""

    language: str
    label: str
    text: str


def read_questions(content_dir: Path) -> list[Labelled]:
    """Every question of knowledge/data/faq. Raises ContentError when a file cannot be read."""
    return [
        Labelled(path.stem, entry["id"], question)
        for path in sorted((content_dir / "knowledge" / "data" / "faq").glob("*.yml"))
        for entry in read_yaml(path).data
        for question in entry["questions"]
    ]


def read_phrases(content_dir: Path) -> list[Labelled]:
    """Every training phrase of bot/data/nlu. Raises ContentError when a file cannot be read."""
    phrases = load_phrases(content_dir / "bot" / "data" / "nlu")
    return [Labelled(phrase.language, phrase.intent, phrase.text) for phrase in phrases]
