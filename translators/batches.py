"""Samples as batches of piece numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import sentencepiece

from translators.corpus import Pair
from translators.expand import Expander, Sample
from translators.recipe import Recipe

END = 0  # the number of </s>
LONGEST = 120  # pieces of one text; longer samples are left out
_EPOCHS_SORTED = 4  # samples of so many epochs are sorted by length together


@dataclass(frozen=True)
class Batch:
    """Rows of piece numbers, not yet padded; targets end with END, sources do not, as Argos gives them."""

    sources: tuple[tuple[int, ...], ...]
    targets: tuple[tuple[int, ...], ...]


Encoded = tuple[tuple[int, ...], tuple[int, ...]]


class Batches:
    """Endless batches of a corpus's pairs; the same seeds give the same batches."""

    def __init__(self, expander: Expander, pieces: sentencepiece.SentencePieceProcessor, recipe: Recipe) -> None:
        self._expander, self._pieces, self._recipe = expander, pieces, recipe
        self._random = Random(recipe.seed)  # noqa: S311 - no secret

    def of(self, pairs: Sequence[Pair]) -> Iterator[Batch]:
        """Batches of samples of `pairs`, without end. Raises ValueError when no sample is short enough."""
        while True:
            samples = [self._encode(sample) for _ in range(_EPOCHS_SORTED) for sample in self._expander.epoch(pairs)]
            batches = list(self._cut([item for item in samples if all(0 < len(row) <= LONGEST for row in item)]))
            if not batches:
                raise ValueError("there is no phrase to train on")
            self._random.shuffle(batches)
            yield from batches

    def _cut(self, encoded: list[Encoded]) -> Iterator[Batch]:
        """Batches of samples of like lengths, at most `recipe.batch` target pieces with padding."""
        encoded.sort(key=lambda item: (len(item[1]), len(item[0])))
        rows: list[Encoded] = []
        for item in encoded:
            if rows and (len(rows) + 1) * max(len(item[0]), len(item[1])) > self._recipe.batch:
                yield _batch(rows)
                rows = []
            rows.append(item)
        if rows:
            yield _batch(rows)

    def _encode(self, sample: Sample) -> Encoded:
        resegment = self._random.random() < self._recipe.resegment
        source = self._pieces.encode(sample.source, enable_sampling=resegment, alpha=0.2, nbest_size=-1)
        return tuple(source), (*self._pieces.encode(sample.target), END)


def _batch(rows: list[Encoded]) -> Batch:
    return Batch(tuple(source for source, _ in rows), tuple(target for _, target in rows))
