"""Retrieval with growing content: 100, 10,000 and 1,000,000 synthetic questions, against an exact search.

Run it as `python -m bench.retrieval [--json PATH]`; the largest takes some minutes and 4 GB of disk.
"""

import os
import tempfile
import threading
import time
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

from bench.report import milliseconds, run
from knowledge.faq_index import FaqIndex

SIZES = (100, 10_000, 1_000_000)
WIDTH = 896
QUESTIONS_PER_ENTRY = 84  # six in each of 14 languages
LEAST_ENTRIES = 20
TOPICS = 200  # entries lie around topics, as real ones do, so that neighbours compete
INTRINSIC_WIDTH = 150  # sentence vectors fill few of their dimensions: real ones keep 95 % of the variance in 300
QUERIES = 300
CHUNK = 20_000

Vectors = NDArray[np.float32]


def measure() -> list[dict[str, Any]]:
    """A row for each size."""
    with tempfile.TemporaryDirectory() as folder:
        return [_measure(size, Path(folder)) for size in SIZES]


class SyntheticContent:
    """Clustered vectors, the same every time, made chunk by chunk."""

    def __init__(self, size: int) -> None:
        """Centres of the entries of `size` questions."""
        random = np.random.default_rng(size)
        self.size = size
        self.entries = max(LEAST_ENTRIES, size // QUESTIONS_PER_ENTRY)
        self._basis = random.standard_normal((INTRINSIC_WIDTH, WIDTH)).astype(np.float32)
        self._basis *= np.linspace(1.5, 0.3, INTRINSIC_WIDTH, dtype=np.float32)[:, None]
        topics = random.standard_normal((TOPICS, INTRINSIC_WIDTH))
        offsets = random.standard_normal((self.entries, INTRINSIC_WIDTH))
        self._centres = (topics[np.arange(self.entries) % TOPICS] + offsets).astype(np.float32)

    def entry_of(self, row: int) -> int:
        """Number of the entry that question `row` belongs to."""
        return row % self.entries

    def vectors(self, rows: NDArray[np.int64], seed: int) -> Vectors:
        """Vectors of length 1 around the entries of these rows."""
        noise = np.random.default_rng(seed).standard_normal((len(rows), INTRINSIC_WIDTH)) * 1.2
        vectors = (self._centres[rows % self.entries] + noise.astype(np.float32)) @ self._basis
        scaled: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return scaled


class PeakMemory:
    """Most memory that this process held while the `with` block ran, in MB, above what it had before."""

    def __enter__(self) -> "PeakMemory":
        """Start watching."""
        self._process = psutil.Process(os.getpid())
        self._before = self._most = self._own()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop watching."""
        self._done.set()
        self._thread.join(timeout=5)

    @property
    def megabytes(self) -> int:
        """The peak so far."""
        return (self._most - self._before) >> 20

    def _own(self) -> int:
        memory = self._process.memory_info()
        return int(memory.rss - memory.shared)  # the memory map of the vectors belongs to the page cache

    def _watch(self) -> None:
        while not self._done.wait(0.05):
            self._most = max(self._most, self._own())


def _measure(size: int, folder: Path) -> dict[str, Any]:
    content = SyntheticContent(size)
    vectors = _write_vectors(content, folder / f"{size}.vectors")
    ids = [f"entry-{content.entry_of(row)}" for row in range(size)]
    started = time.perf_counter()
    with PeakMemory() as building:
        index = FaqIndex.build(ids, vectors)
    built_s = time.perf_counter() - started
    index.save(folder / str(size))
    with get_context("spawn").Pool(1) as fresh:  # memory that this process freed would be used again unseen
        served = fresh.apply(_served_megabytes, (folder / str(size),))
    queries = content.vectors(np.random.default_rng(1).integers(0, size, QUERIES), seed=2)
    mask = index.mask(set(index.entry_ids[: len(index.entry_ids) * 9 // 10 + 1]))
    exact = _exact_nearest(vectors, queries)
    same = sum(
        ids[nearest] in {hit.id for hit in index.search(query, top=1)}
        for nearest, query in zip(exact, queries, strict=True)
    )
    return {
        "vectors": size,
        "entries": content.entries,
        "build_s": round(built_s, 1),
        "build_mb": building.megabytes,
        "served_mb": served,
        **milliseconds([_time(index, query, None) for query in queries]),
        "masked_ms": milliseconds([_time(index, query, mask) for query in queries])["median_ms"],
        "recall@1": round(_row_recall(index, queries, exact), 3),
        "same entry": round(same / QUERIES, 3),
    }


def _served_megabytes(folder: Path) -> int:
    """Memory that a loaded index takes after its first search."""
    process = psutil.Process(os.getpid())
    before = process.memory_info().rss
    index = FaqIndex.load(folder)
    index.search(np.ones(WIDTH, dtype=np.float32))
    return int(process.memory_info().rss - before) >> 20


def _write_vectors(content: SyntheticContent, path: Path) -> Vectors:
    vectors: Vectors = np.memmap(path, mode="w+", dtype=np.float32, shape=(content.size, WIDTH))
    for start in range(0, content.size, CHUNK):
        rows = np.arange(start, min(start + CHUNK, content.size))
        vectors[rows[0] : rows[-1] + 1] = content.vectors(rows, seed=start + 3)
    return vectors


def _exact_nearest(vectors: Vectors, queries: Vectors) -> NDArray[np.int64]:
    """Row of the truly nearest vector of each query."""
    best = np.full(len(queries), -np.inf, dtype=np.float32)
    rows = np.zeros(len(queries), dtype=np.int64)
    for start in range(0, len(vectors), CHUNK):
        scores = queries @ vectors[start : start + CHUNK].T
        nearest = scores.argmax(axis=1)
        better = scores[np.arange(len(queries)), nearest] > best
        best[better] = scores[better, nearest[better]]
        rows[better] = start + nearest[better]
    return rows


def _row_recall(index: FaqIndex, queries: Vectors, exact: NDArray[np.int64]) -> float:
    return float(np.mean([row in index.nearest_questions(query, 1) for row, query in zip(exact, queries, strict=True)]))


def _time(index: FaqIndex, query: Vectors, mask: Any) -> float:
    started = time.perf_counter()
    index.search(query, mask)
    return time.perf_counter() - started


if __name__ == "__main__":
    run("Retrieval", measure)
