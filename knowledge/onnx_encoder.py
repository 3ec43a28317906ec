"""Sentences to vectors with ONNX Runtime and `tokenizers` alone: a fifth of what sentence-transformers takes."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from core.errors import SetupError

MODEL_FILE = "onnx/model.onnx"
TOKENIZER_FILE = "tokenizer.json"
MAX_TOKENS = 256
MAX_CHARACTERS = 4 * MAX_TOKENS  # checked before tokenising, whose cost grows with the text
REMEDY = "delete its folder and run `aftersail build`"
BATCH_TOKENS = 1024  # padding included; more is no faster and only takes memory


class OnnxEncoder:
    """One model folder, loaded. Safe to call from several threads at once."""

    def __init__(self, folder: Path, *, prefix: str = "", threads: int = 1, batch_tokens: int = BATCH_TOKENS) -> None:
        """Load `folder`. Raises SetupError when a file is missing or damaged.

        `prefix` goes before every text; `threads` batches run at once, each of up to `batch_tokens`, 1 meaning every
        sentence alone: right for models whose integers would let a sentence's batch change its vector.
        """
        self._prefix = prefix
        self._threads = threads
        self._batch_tokens = batch_tokens
        self._session = _open_session(folder / MODEL_FILE)
        self._tokenizer = _open_tokenizer(folder / TOKENIZER_FILE)
        self.dimension = int(self._session.get_outputs()[-1].shape[-1])

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of length 1, shape (texts, dimension), in the order given. Long texts count by their beginning."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        encodings = self._tokenizer.encode_batch([self._prefix + text[:MAX_CHARACTERS] for text in texts])
        batches = list(_batches([len(encoding.ids) for encoding in encodings], self._batch_tokens))
        groups = [[encodings[row] for row in rows] for rows in batches]
        if self._threads == 1 or len(groups) < 2:
            results = [self._run(group) for group in groups]
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                results = list(pool.map(self._run, groups))
        for rows, result in zip(batches, results, strict=True):
            vectors[rows] = result
        return vectors

    def _run(self, encodings: Sequence[Encoding]) -> NDArray[np.float32]:
        length = max(len(encoding.ids) for encoding in encodings)
        ids = np.zeros((len(encodings), length), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        (vectors,) = self._session.run(["sentence_embedding"], {"input_ids": ids, "attention_mask": mask})
        result: NDArray[np.float32] = vectors
        return result


def _batches(lengths: Sequence[int], most_tokens: int) -> Iterator[list[int]]:
    """Positions grouped by similar length, so that little is padded."""
    batch: list[int] = []
    for position in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[position] > most_tokens:
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch


def _open_session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # several sentences at once gain more than one in parts
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors only
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its errors have no nearer common base
        raise SetupError(f"{path} cannot be loaded: {error}; {REMEDY}") from error


def _open_tokenizer(path: Path) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # it raises Exception itself
        raise SetupError(f"{path} cannot be loaded: {error}; {REMEDY}") from error
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer
