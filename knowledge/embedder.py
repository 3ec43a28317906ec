"""Sentences to vectors: the built-in pair of models, or any model of sentence-transformers."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.errors import SetupError
from core.settings import Settings
from knowledge.language_centres import CENTRES, LanguageCentres, read_centres
from knowledge.model_folder import E5, USE, manifest_digest, sha256
from knowledge.onnx_encoder import MAX_CHARACTERS

Vectors = NDArray[np.float32]

BUILTIN = "builtin"


class Embedder(Protocol):
    """What turns sentences into vectors."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors would: vectors of different fingerprints must not be compared."""

    @property
    def dimension(self) -> int:
        """Width of every vector."""

    def encode(self, texts: Sequence[str], languages: Sequence[str | None] | None = None) -> Vectors:
        """Vectors of length 1 or less, shape (texts, dimension); `languages` are content codes, None where unknown."""


class BuiltinEmbedder:
    """multilingual-e5-small and multilingual USE v3 side by side.

    Both models place a language's sentences around a centre of its own, so that a sentence is nearer to any sentence
    of its own language than to its translation. Each half is therefore taken relative to the language's centre.
    Where USE does not know the language its half is zero and e5 alone decides; the vector then has the length √½, lest
    questions of such a language, being all e5, seem nearer to each other than to those of any other language.
    """

    def __init__(self, models_dir: Path, *, threads: int = 1) -> None:
        """Load both models; `threads` encode sentences at once. Raises SetupError when they are not built."""
        digests = [manifest_digest(models_dir / source.name) for source in (E5, USE)]
        self._centres: LanguageCentres = read_centres(CENTRES)
        self._e5 = E5.open(models_dir / E5.name, threads)
        self._use = USE.open(models_dir / USE.name, threads)
        joined = "/".join([*digests, sha256(CENTRES)])
        self.fingerprint = f"{BUILTIN}-{hashlib.sha256(joined.encode()).hexdigest()[:16]}"
        self.dimension = self._e5.dimension + self._use.dimension

    def encode(self, texts: Sequence[str], languages: Sequence[str | None] | None = None) -> Vectors:
        """See Embedder. Raises ValueError when `languages` is of another length than `texts`."""
        centres = [self._centres.of(language) for language in _checked(texts, languages)]
        split = self._e5.dimension
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        if not texts:
            return vectors
        vectors[:, :split] = _unit(self._e5.encode(texts) - np.stack([centre.e5 for centre in centres]))
        known = [row for row, centre in enumerate(centres) if centre.use is not None]
        if known:
            use = self._use.encode([texts[row] for row in known])
            vectors[known, split:] = _unit(use - np.stack([c.use for c in centres if c.use is not None]))
        return vectors * np.float32(0.5**0.5)


class SentenceTransformerEmbedder:
    """Any model that sentence-transformers loads, by name or folder."""

    def __init__(self, name: str, *, prompt: str | None = None) -> None:
        """Load `name`; `prompt` goes before each text (None: the model's own for queries). Raises SetupError."""
        from sentence_transformers import SentenceTransformer  # seconds of import that the built-in embedder saves

        try:
            self._model = SentenceTransformer(name, device="cpu")
        except (OSError, ValueError, RuntimeError, ImportError) as error:
            raise SetupError(
                f"AFTERSAIL_EMBEDDER={name!r} cannot be loaded: {error}; give a folder with a sentence-transformers "
                f"model, download it while online, or use '{BUILTIN}'"
            ) from error
        self._prompt = self._model.prompts.get("query", "") if prompt is None else prompt
        probe = self._encode(
            ["Where is my parcel?"]
        )  # its vector stands for the weights, which may be replaced in place
        self.dimension = probe.shape[1]
        digest = hashlib.sha256(f"{name}/{self._prompt}".encode() + probe.round(3).tobytes())
        self.fingerprint = f"sentence-transformers-{digest.hexdigest()[:16]}"

    def encode(self, texts: Sequence[str], languages: Sequence[str | None] | None = None) -> Vectors:
        """See Embedder; the languages are not used. Raises ValueError when their number is wrong."""
        _checked(texts, languages)
        return self._encode(texts) if texts else np.zeros((0, self.dimension), dtype=np.float32)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        vectors: Vectors = self._model.encode(
            [text[:MAX_CHARACTERS] for text in texts],
            prompt=self._prompt,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return vectors.astype(np.float32)


def open_embedder(settings: Settings, *, threads: int = 1) -> Embedder:
    """The embedder that AFTERSAIL_EMBEDDER names. Raises SetupError with the remedy when it cannot be loaded."""
    if settings.embedder == BUILTIN:
        return BuiltinEmbedder(settings.models_dir, threads=threads)
    return SentenceTransformerEmbedder(settings.embedder)


def _checked(texts: Sequence[str], languages: Sequence[str | None] | None) -> Sequence[str | None]:
    if languages is None:
        return [None] * len(texts)
    if len(languages) != len(texts):
        raise ValueError(f"{len(texts)} texts came with {len(languages)} languages")
    return languages


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    result: Vectors = vectors / np.maximum(lengths, 1e-12)
    return result
