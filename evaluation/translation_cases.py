"""Held-out sentences with a reference and the concepts that stand in both, one file a direction."""

import csv
from dataclasses import dataclass
from pathlib import Path

from core.errors import ContentError, Fault

DATA = Path(__file__).parent / "data" / "translation"
COLUMNS = ["source", "reference", "concepts"]
# Whose words count in a direction: a market that speaks the target language.
MARKETS = {"de-en": "GB", "en-de": "DE", "ja-en": "US", "en-ja": "JP"}


@dataclass(frozen=True)
class TranslationCase:
    """A sentence written by a person, apart from what the engines were trained on."""

    source: str
    reference: str
    concepts: tuple[str, ...]


@dataclass(frozen=True)
class Direction:
    """The cases of one direction. `name`: as in "de-en"."""

    name: str
    market: str
    cases: tuple[TranslationCase, ...]

    @property
    def languages(self) -> tuple[str, str]:
        """From and to, as content codes."""
        source, _, target = self.name.partition("-")
        return source, target


def load_directions(folder: Path = DATA) -> list[Direction]:
    """Every direction in MARKETS. Raises ContentError with the faults of its file."""
    return [Direction(name, market, tuple(_read(folder / f"{name}.tsv"))) for name, market in MARKETS.items()]


def _read(path: Path) -> list[TranslationCase]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    except (OSError, ValueError) as error:
        raise ContentError([Fault(path, 0, f"cannot be read ({error}); restore it from git")]) from error
    faults = [
        Fault(path, line, f"needs {', '.join(COLUMNS)}, with tabs between and no cell of the first two empty")
        for line, row in enumerate(rows, 2)
        if len(row) != len(COLUMNS) or not row[0] or not row[1]
    ]
    if header != COLUMNS:
        faults.append(Fault(path, 1, f"the header must be {', '.join(COLUMNS)}"))
    if faults:
        raise ContentError(faults)
    return [TranslationCase(source, reference, tuple(concepts.split())) for source, reference, concepts in rows]
