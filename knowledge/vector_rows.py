"""The texts that are indexed, and their vectors, made or taken over from the release before."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.embedder import Embedder
from knowledge.entries import FaqEntry

ROWS = "rows.json"
VECTORS = "vectors.npy"
BATCH = 32

Vectors = NDArray[np.float32]
Progress = Callable[[str, int, int], None]  # step, done, total


class Row(NamedTuple):
    """One text with a vector."""

    entry_id: str  # "": no entry answers it; it is not indexed, the calibrator learns from it
    language: str
    text: str


@dataclass(frozen=True)
class VectorRows:
    """`vectors` is float32 of shape [len(rows), dimension], each of length 1 but for the rounding to half precision."""

    rows: tuple[Row, ...]
    vectors: Vectors

    @property
    def languages(self) -> list[str]:
        """The rows' languages."""
        return [row.language for row in self.rows]

    def of_entries(self) -> "VectorRows":
        """The rows that are indexed."""
        return self._where(lambda row: bool(row.entry_id))

    def negatives(self) -> "VectorRows":
        """The rows that no entry answers."""
        return self._where(lambda row: not row.entry_id)

    def _where(self, wanted: Callable[[Row], bool]) -> "VectorRows":
        places = [place for place, row in enumerate(self.rows) if wanted(row)]
        return VectorRows(tuple(self.rows[place] for place in places), self.vectors[places])

    def by_text(self) -> Mapping[tuple[str, str], Vectors]:
        """The vectors by language and text."""
        return {(row.language, row.text): vector for row, vector in zip(self.rows, self.vectors, strict=True)}


def rows_of(entries: Iterable[FaqEntry], negatives: Iterable[tuple[str, str]]) -> tuple[Row, ...]:
    """Title, questions and button label of every entry, then the negatives (text, language); each text once."""
    indexed = (
        Row(entry.id, text.language, line)
        for entry in entries
        for text in entry.texts.values()
        for line in (text.title, *text.questions, text.short)
        if line
    )
    return tuple(dict.fromkeys((*indexed, *(Row("", language, text) for text, language in negatives))))


def embed_rows(
    rows: Sequence[Row], known: Mapping[tuple[str, str], Vectors], embedder: Embedder, progress: Progress
) -> tuple[VectorRows, int]:
    """The rows with their vectors, and how many were new, that is not in `known` (by language and text)."""
    new = list(dict.fromkeys((row.language, row.text) for row in rows if (row.language, row.text) not in known))
    made: dict[tuple[str, str], Vectors] = {}
    for start in range(0, len(new), BATCH):
        batch = new[start : start + BATCH]
        vectors = embedder.encode([text for _, text in batch], [language for language, _ in batch])
        made.update(zip(batch, vectors, strict=True))
        progress("vectors", start + len(batch), len(new))
    vectors = np.zeros((len(rows), embedder.dimension), dtype=np.float16)
    for place, row in enumerate(rows):
        key = (row.language, row.text)
        vectors[place] = made[key] if key in made else known[key]
    # Rounded as they are stored, so that a release does not depend on which vectors were taken over.
    return VectorRows(tuple(rows), vectors.astype(np.float32)), len(new)


def write_rows(rows: VectorRows, folder: Path) -> None:
    """Write the rows into `folder`, for the next publication to take over."""
    (folder / ROWS).write_text(json.dumps(rows.rows, ensure_ascii=False), encoding="utf-8")
    np.save(folder / VECTORS, rows.vectors.astype(np.float16), allow_pickle=False)


def read_rows(folder: Path) -> VectorRows:
    """The rows that write_rows wrote. Raises OSError or ValueError."""
    rows = tuple(Row(*row) for row in json.loads((folder / ROWS).read_bytes()))
    vectors = np.load(folder / VECTORS, allow_pickle=False)
    if vectors.ndim != 2 or len(vectors) != len(rows):
        raise ValueError(f"{VECTORS} has shape {vectors.shape} for {len(rows)} rows")
    return VectorRows(rows, vectors.astype(np.float32))
