"""The SentencePiece vocabulary of a direction, shared by both of its languages."""

import string
from collections.abc import Iterator
from pathlib import Path
from random import Random

import sentencepiece

from translators.corpus import Corpus
from translators.expand import Expander, Rates
from translators.slots import MASKS, SLOT

END, UNKNOWN = "</s>", "<unk>"  # the first two pieces, as Marian has them
_ALWAYS = string.digits + string.ascii_letters + string.punctuation.replace("_", "") + "€£¥–…’"


def train_vocabulary(corpus: Corpus, path: Path, size: int, seed: int) -> None:
    """Writes a SentencePiece model of at most `size` pieces to `path`.

    Values of slots do not take part, so that no piece is spent on them; every character of the corpus has a piece.
    """
    sentencepiece.set_random_generator_seed(seed)
    with path.open("wb") as file:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=_sentences(corpus, seed),
            model_writer=file,
            model_type="unigram",
            vocab_size=size,
            hard_vocab_limit=False,
            character_coverage=1.0,
            byte_fallback=True,
            split_digits=True,
            required_chars=_ALWAYS,
            user_defined_symbols=list(MASKS),
            # Full-width ？ and ～ must come out of the model as they went in.
            normalization_rule_name="identity",
            # Argos joins the sentences of an answer by their pieces: a language without spaces must not start with one.
            add_dummy_prefix=corpus.direction.target.spaces,
            eos_id=0,
            unk_id=1,
            bos_id=-1,
            pad_id=-1,
            eos_piece=END,
            unk_piece=UNKNOWN,
            num_threads=1,
            minloglevel=2,
        )


def open_vocabulary(path: Path) -> sentencepiece.SentencePieceProcessor:
    """The model at `path`. Raises OSError when it cannot be read."""
    return sentencepiece.SentencePieceProcessor(model_file=str(path))


def _sentences(corpus: Corpus, seed: int) -> Iterator[str]:
    expander = Expander(corpus, Random(seed), Rates(mask_term=0, add_name=0, exchange=0, join=0))  # noqa: S311 - no secret
    for pair in corpus.training:
        yield SLOT.sub(MASKS[0], pair.source)
        yield SLOT.sub(MASKS[0], pair.target)
    for sample in expander.epoch(corpus.training):
        yield sample.source
