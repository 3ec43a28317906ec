"""Our embedder against sentence-transformers on torch with the same model: one query at a time, one thread.

Run it as `python -m bench.embedder [--json PATH]`.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

from bench.reference_vectors import TEXTS
from bench.report import milliseconds, run
from core.settings import load_settings, quiet_libraries
from knowledge.embedder import BuiltinEmbedder
from knowledge.model_folder import E5, USE

ROUNDS = 15
BATCH = 500


def measure() -> list[dict[str, Any]]:
    """A row for each way to turn a sentence into a vector, and one for a batch."""
    quiet_libraries()
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)
    models_dir = load_settings().models_dir
    builtin = BuiltinEmbedder(models_dir)
    e5, use = E5.open(models_dir / E5.name), USE.open(models_dir / USE.name)
    torch_model = SentenceTransformer(str(models_dir / E5.name), device="cpu")
    ways: list[tuple[str, Callable[[str], object]]] = [
        ("e5, sentence-transformers on torch", lambda text: torch_model.encode(text, prompt="query: ")),
        ("e5, ours", lambda text: e5.encode([text])),
        ("USE, ours", lambda text: use.encode([text])),
        ("both, as served", lambda text: builtin.encode([text], ["en"])),
    ]
    results = {name: milliseconds(_times(encode)) for name, encode in ways}
    torch_ms = results[ways[0][0]]["median_ms"]
    rows: list[dict[str, Any]] = [
        {"way": name, **result, "torch / this": round(torch_ms / result["median_ms"], 1)}
        for name, result in results.items()
    ]
    return [*rows, _batch(builtin)]


def _times(encode: Callable[[str], object]) -> Sequence[float]:
    encode(TEXTS[0])
    seconds = []
    for text in TEXTS * ROUNDS:
        started = time.perf_counter()
        encode(text)
        seconds.append(time.perf_counter() - started)
    return seconds


def _batch(builtin: BuiltinEmbedder) -> dict[str, Any]:
    texts = [TEXTS[number % len(TEXTS)] for number in range(BATCH)]
    started = time.perf_counter()
    builtin.encode(texts)
    each = (time.perf_counter() - started) / BATCH
    return {"way": f"both, {BATCH} at once, each", "median_ms": round(each * 1000, 2)}


if __name__ == "__main__":
    run("Embedder, one thread", measure)
