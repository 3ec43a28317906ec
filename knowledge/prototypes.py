"""One learned direction for each entry: the mean of its questions, where ways of asking count for little."""

from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

# Added to each variance, in units of the mean one; measured from 0.3 to 3, the differences are below half a point.
SMOOTHING = 3.0


@dataclass(frozen=True)
class Prototypes:
    """`whitening` (dimension, dimension) shrinks what differs within an entry; `directions` (entries, dimension)."""

    whitening: Vectors
    directions: Vectors

    def similarity(self, vectors: Vectors) -> Vectors:
        """Cosine of each vector with each entry's prototype, shape (vectors, entries), from -1 to 1."""
        similarity: Vectors = unit(vectors @ self.whitening) @ self.directions.T
        return similarity

    def save(self, path: Path) -> None:
        """Write them to `path`, a .npz file."""
        np.savez(path, whitening=self.whitening, directions=self.directions)

    @classmethod
    def load(cls, path: Path) -> "Prototypes":
        """What save() wrote. Raises OSError or ValueError when the file is missing or damaged."""
        try:
            with np.load(path, allow_pickle=False) as arrays:
                return cls(arrays["whitening"], arrays["directions"])
        except (BadZipFile, KeyError, EOFError) as error:
            raise ValueError(f"{path} is damaged: {error}") from error


def fit_prototypes(vectors: Vectors, entries: NDArray[np.int32]) -> Prototypes:
    """Prototypes of `vectors` (n, dimension), where row i belongs to entry `entries[i]`, numbered from 0.

    The whitening is within-class covariance normalisation: wordings and languages of one entry tell which
    directions say nothing about the entry.
    """
    residuals = vectors - _means(vectors, entries)[entries]
    variances, axes = np.linalg.eigh(residuals.T @ residuals / len(vectors))
    mean_variance = max(float(variances.mean()), 1e-6)  # one question for each entry: nothing to learn, no whitening
    scales = 1 / np.sqrt(np.maximum(variances, 0) / mean_variance + SMOOTHING)
    whitening = ((axes * scales) @ axes.T).astype(np.float32)
    return Prototypes(whitening, unit(_means(unit(vectors @ whitening), entries)))


def unit(vectors: Vectors) -> Vectors:
    """The vectors scaled to length 1; a zero vector stays zero."""
    scaled: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
    return scaled


def _means(vectors: Vectors, entries: NDArray[np.int32]) -> Vectors:
    """Mean vector of each entry; every number from 0 to the highest has a row."""
    order = np.argsort(entries, kind="stable")
    counts = np.bincount(entries)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    sums = np.add.reduceat(vectors[order], starts, axis=0)
    means: Vectors = (sums / counts[:, None]).astype(np.float32)
    return means
