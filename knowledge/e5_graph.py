"""multilingual-e5-small as an ONNX graph: weights of 4 bits where accuracy asks for it, of 8 where speed does."""

from pathlib import Path

import numpy as np

from knowledge.e5_unpack import BLOCK, E5Weights
from knowledge.onnx_graph import CONTRIB, Graph


def write_e5_graph(weights: E5Weights, path: Path) -> None:
    """Write the encoder to `path`.

    Outputs `last_hidden_state` (batch, length, hidden) and, pooled from it and of length 1, `sentence_embedding`
    (batch, hidden).
    """
    graph = Graph()
    hidden = _embed_tokens(graph, weights)
    graph.node("Cast", ["attention_mask"], "mask", to=6)  # int32, which the attention operator asks for
    graph.constant("thirds", [weights.shape.hidden] * 3)
    for layer in range(weights.shape.layers):
        attended = _attention(graph, weights, f"l{layer}", hidden)
        output = "last_hidden_state" if layer == weights.shape.layers - 1 else f"l{layer}"
        hidden = _feed_forward(graph, weights, f"l{layer}", attended, output)
    _pool(graph, hidden)
    width = weights.shape.hidden
    graph.save(path, {"last_hidden_state": ["batch", "length", width], "sentence_embedding": ["batch", width]})


def _embed_tokens(graph: Graph, weights: E5Weights) -> str:
    shape, words = weights.shape, weights.matrices["emb.word"]
    graph.int4_constant("words", words.nibbles.reshape(shape.vocabulary, shape.hidden))
    graph.constant("words_scale", words.scales.astype(np.float32))
    graph.node(
        "GatherBlockQuantized",
        ["words", "input_ids", "words_scale"],
        "word",
        CONTRIB,
        gather_axis=0,
        quantize_axis=1,
        block_size=BLOCK,
    )
    kinds = weights.vectors["emb.type"].reshape(-1, shape.hidden)  # e5 only ever uses the first kind
    graph.constant("positions", weights.vectors["emb.pos"].reshape(shape.positions, shape.hidden) + kinds[0])
    graph.node("Shape", ["input_ids"], "length", start=1, end=2)
    graph.constant("zero", [0])
    graph.node("Slice", ["positions", "zero", "length", "zero"], "position")
    graph.node("Add", ["word", "position"], "token")
    norm = weights.vectors["emb.ln.w"], weights.vectors["emb.ln.b"]
    return graph.layer_norm("token", *norm, shape.norm_epsilon, "embedded")


def _attention(graph: Graph, weights: E5Weights, layer: str, source: str) -> str:
    names = [f"{layer}.{part}" for part in "qkv"]
    matrix = np.concatenate([weights.matrices[f"{name}.w"].dense() for name in names]).T
    bias = np.concatenate([weights.vectors[f"{name}.b"] for name in names])
    joined = graph.int8_linear(source, matrix, bias, f"{layer}_qkv")
    parts = [f"{layer}_{part}" for part in ("query", "key", "value")]
    graph.split_node("Split", [joined, "thirds"], parts, axis=-1)
    context = graph.node(
        "MultiHeadAttention", [*parts, "", "mask"], f"{layer}_context", CONTRIB, num_heads=weights.shape.heads
    )
    projected = graph.int8_linear(context, weights.matrices[f"{layer}.ao.w"].dense().T, None, f"{layer}_projected")
    return _add_and_norm(graph, weights, (projected, source), f"{layer}.aln", f"{layer}.ao.b", f"{layer}_attended")


def _feed_forward(graph: Graph, weights: E5Weights, layer: str, source: str, output: str) -> str:
    wide = graph.int8_linear(source, weights.matrices[f"{layer}.fi.w"].dense().T, None, f"{layer}_wide")
    bias = graph.constant(f"{layer}_wide_bias", weights.vectors[f"{layer}.fi.b"])
    active = graph.node("BiasGelu", [wide, bias], f"{layer}_active", CONTRIB)
    # The activations here have outliers: with one scale for all, the vectors lose three times more of their accuracy.
    second = weights.matrices[f"{layer}.fo.w"]
    narrow = graph.int4_linear(active, second.scales, second.nibbles, f"{layer}_narrow")
    return _add_and_norm(graph, weights, (narrow, source), f"{layer}.oln", f"{layer}.fo.b", output)


def _add_and_norm(
    graph: Graph, weights: E5Weights, summands: tuple[str, str], norm: str, bias: str, output: str
) -> str:
    constants = [
        graph.constant(f"{output}_{part}", weights.vectors[name])
        for part, name in (("weight", f"{norm}.w"), ("shift", f"{norm}.b"), ("bias", bias))
    ]
    epsilon = weights.shape.norm_epsilon
    return graph.node("SkipLayerNormalization", [*summands, *constants], output, CONTRIB, epsilon=epsilon)


def _pool(graph: Graph, hidden: str) -> None:
    """Sum over the tokens, then scale to length 1: the same as the mean's direction."""
    graph.node("Cast", ["attention_mask"], "weight", to=1)  # float32
    graph.node("Unsqueeze", ["weight", graph.constant("last", [2])], "token_weight")
    graph.node("Mul", [hidden, "token_weight"], "weighted")
    graph.node("ReduceSum", ["weighted", graph.constant("length_axis", [1])], "pooled", keepdims=0)
    graph.node("LpNormalization", ["pooled"], "sentence_embedding", axis=-1, p=2)
