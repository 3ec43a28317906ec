"""Which FAQ entries are nearest to a message: FAISS over all questions, and one prototype for each entry."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge.prototypes import Prototypes, fit_prototypes
from knowledge.vector_store import build_store, read_store, search_store, write_store

Vectors = NDArray[np.float32]

NEIGHBOURS = 128  # questions looked at for one message
BEST = 3  # an entry's nearest questions that count; measured: the third adds 6 % right answers over the first alone
MOST_FOR_PROTOTYPES = 50_000  # vectors; above, questions alone decide
STORE = "questions.faiss"
PROTOTYPES = "prototypes.npz"
ENTRIES = "entries.json"
ROWS = "entry_of_row.npy"


@dataclass(frozen=True)
class Hit:
    """An entry and how near it is: about 1 for the same words, about 0 for nothing in common."""

    id: str
    score: float


@dataclass(frozen=True)
class EntryMask:
    """Entries that a search may give, ready for FAISS. Belongs to the index that made it."""

    entries: NDArray[np.bool_]
    rows: NDArray[np.uint8]  # bit i of the whole: row i is allowed

    def selector(self) -> faiss.IDSelector:
        """The rows as FAISS wants them; it only borrows `rows`."""
        return faiss.IDSelectorBitmap(len(self.rows), faiss.swig_ptr(self.rows))


class FaqIndex:
    """Questions of all languages, searched together. Immutable, and safe to search from several threads."""

    def __init__(
        self,
        entry_ids: Sequence[str],
        entry_of_row: NDArray[np.int32],
        store: faiss.Index,
        prototypes: Prototypes | None,
    ) -> None:
        """Parts of an index; use build() or load()."""
        self.entry_ids = tuple(entry_ids)
        self._entry_of_row = entry_of_row
        self._questions = np.bincount(entry_of_row, minlength=len(entry_ids))
        self._store = store
        self._prototypes = prototypes
        self._everything = self.mask(self.entry_ids)

    def __len__(self) -> int:
        """Number of questions."""
        return len(self._entry_of_row)

    @classmethod
    def build(cls, entry_ids: Sequence[str], vectors: Vectors) -> "FaqIndex":
        """An index of `vectors`, float32 of shape (n, dimension), where row i is a question of `entry_ids[i]`.

        Exact up to EXACT_LIMIT rows, compressed and approximate above; `vectors` may then be a memory map. Raises
        ValueError when the lengths differ or there are no rows.
        """
        if len(entry_ids) != len(vectors) or not len(vectors):
            raise ValueError(f"{len(entry_ids)} entry ids came with {len(vectors)} vectors; at least one is needed")
        names, entry_of_row = np.unique(np.array(entry_ids), return_inverse=True)
        rows = entry_of_row.astype(np.int32)
        small = len(vectors) <= MOST_FOR_PROTOTYPES
        prototypes = fit_prototypes(vectors, rows) if small else None
        return cls([str(name) for name in names], rows, build_store(vectors), prototypes)

    def save(self, folder: Path) -> None:
        """Write the index into `folder`, which is made when missing."""
        folder.mkdir(parents=True, exist_ok=True)
        write_store(self._store, folder / STORE)
        (folder / ENTRIES).write_text(json.dumps(self.entry_ids), encoding="utf-8")
        np.save(folder / ROWS, self._entry_of_row, allow_pickle=False)
        if self._prototypes is not None:
            self._prototypes.save(folder / PROTOTYPES)

    @classmethod
    def load(cls, folder: Path) -> "FaqIndex":
        """The index that save() wrote. Raises OSError or ValueError when a file is missing or damaged."""
        entry_ids = json.loads((folder / ENTRIES).read_bytes())
        try:
            rows = np.load(folder / ROWS, allow_pickle=False)
        except EOFError as error:
            raise ValueError(f"{folder / ROWS} is empty") from error
        store = read_store(folder / STORE)
        if store.ntotal != len(rows) or int(rows.max(initial=-1)) + 1 != len(entry_ids):
            raise ValueError(f"{folder}: its files belong to different indexes")
        path = folder / PROTOTYPES
        return cls(entry_ids, rows, store, Prototypes.load(path) if path.exists() else None)

    def mask(self, allowed: Collection[str]) -> EntryMask:
        """The mask of these entries; build it once and search often. Unknown ids are ignored."""
        wanted = frozenset(allowed)
        entries = np.array([entry_id in wanted for entry_id in self.entry_ids], dtype=np.bool_)
        return EntryMask(entries, np.packbits(entries[self._entry_of_row], bitorder="little"))

    def search(self, vector: Vectors, allowed: EntryMask | Collection[str] | None = None, top: int = 5) -> list[Hit]:
        """The `top` nearest allowed entries, best first; fewer when fewer are allowed. `allowed` None means all."""
        return self.search_many(vector.reshape(1, -1), allowed, top)[0]

    def search_many(
        self, vectors: Vectors, allowed: EntryMask | Collection[str] | None = None, top: int = 5
    ) -> list[list[Hit]]:
        """search() for each row of `vectors`, shape (n, dimension)."""
        mask = self._mask_of(allowed)
        possible = int(mask.entries.sum())
        if not possible or not len(vectors):
            return [[] for _ in vectors]
        queries = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        selector = None if mask is self._everything else mask.selector()
        scores, rows = search_store(self._store, queries, NEIGHBOURS, selector)
        entry_scores = np.stack([self._by_entry(*pair) for pair in zip(scores, rows, strict=True)])
        if self._prototypes is not None:
            entry_scores = (entry_scores + self._prototypes.similarity(queries)) / 2
        entry_scores[:, ~mask.entries] = -np.inf
        return [self._best(row, min(top, possible)) for row in entry_scores]

    def nearest_questions(self, vector: Vectors, count: int) -> list[int]:
        """Row numbers of the `count` nearest questions, best first."""
        return [int(row) for row in search_store(self._store, vector.reshape(1, -1), count, None)[1][0] if row >= 0]

    def _mask_of(self, allowed: EntryMask | Collection[str] | None) -> EntryMask:
        if allowed is None:
            return self._everything
        return allowed if isinstance(allowed, EntryMask) else self.mask(allowed)

    def _by_entry(self, scores: Vectors, rows: NDArray[np.int64]) -> Vectors:
        """Mean of each entry's BEST questions; where fewer were found, the last score found stands for the others."""
        found = rows >= 0
        scores, entries = scores[found], self._entry_of_row[rows[found]]
        order = np.argsort(entries, kind="stable")  # within an entry, best first stays
        first = np.searchsorted(entries[order], entries[order])
        rank = np.arange(len(order)) - first
        counted = order[rank < BEST]
        sums = np.bincount(entries[counted], weights=scores[counted], minlength=len(self.entry_ids))
        counts = np.bincount(entries[counted], minlength=len(self.entry_ids))
        missing = np.minimum(self._questions, BEST) - counts
        least = float(scores[-1]) if len(scores) else 0.0
        means: Vectors = ((sums + missing * least) / np.minimum(self._questions, BEST)).astype(np.float32)
        return means

    def _best(self, scores: Vectors, top: int) -> list[Hit]:
        chosen = np.argpartition(-scores, top - 1)[:top]
        chosen = chosen[np.argsort(-scores[chosen], kind="stable")]
        return [Hit(self.entry_ids[entry], float(scores[entry])) for entry in chosen]
