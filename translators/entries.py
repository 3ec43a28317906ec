"""packages.json: what each package is made of and how good it is."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from translators.corpus import Corpus
from translators.evaluate import Measured
from translators.files import sha256
from translators.recipe import VERSION, Recipe

FILE = "packages.json"


@dataclass(frozen=True)
class Built:
    """A package file, made in `seconds`, with the mean `loss` of the last training steps."""

    path: Path
    loss: float
    seconds: float


def read_entries(folder: Path) -> dict[str, dict[str, Any]]:
    """Entries of packages.json by direction; empty when there is none."""
    path = folder / FILE
    if not path.exists():
        return {}
    return {entry["direction"]: entry for entry in json.loads(path.read_text())["packages"]}


def write_entries(entries: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
    """Writes packages.json with the entries in the order of their directions."""
    data = {"packages": [entries[name] for name in sorted(entries)]}
    (folder / FILE).write_text(json.dumps(data, indent=2) + "\n")


def is_current(entry: Mapping[str, Any] | None, corpus: Corpus, recipe: Recipe, folder: Path) -> bool:
    """Whether the package on disk is the one of `entry`, made of this data by this recipe."""
    if entry is None or entry["data"] != corpus.digest() or entry["recipe"] != recipe.as_json():
        return False
    path = folder / entry["file"]
    return path.exists() and sha256(path) == str(entry["sha256"])


def entry_of(built: Built, measured: Measured, corpus: Corpus, recipe: Recipe) -> dict[str, Any]:
    """The entry of a package in packages.json."""
    figures = {key: value for key, value in asdict(measured).items() if key != "shown"}
    return {
        "direction": corpus.direction.name,
        "file": built.path.name,
        "sha256": sha256(built.path),
        "bytes": built.path.stat().st_size,
        "version": VERSION,
        "data": corpus.digest(),
        "phrases": sum(not pair.is_term for pair in corpus.training),
        "terms": sum(pair.is_term for pair in corpus.training),
        "recipe": recipe.as_json(),
        "training_seconds": round(built.seconds),
        "loss": round(built.loss, 3),
        **{key: round(value, 3) for key, value in figures.items()},
    }
