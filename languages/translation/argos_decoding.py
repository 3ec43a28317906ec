"""One batch through one Argos package: its own tokenizer, its CTranslate2 model, and our decoding options.

Without options the calls and so the words are those of `argostranslate.translate.apply_packaged_translation`, which
knows neither suppression nor a prefix for each sentence.
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from core.errors import SetupError
from languages.translation.engine import DecodeOptions, EngineDown, Hypothesis

BATCH_TOKENS = 1024
MAX_TOKENS = 256  # CTranslate2's own bound for a translation
SEGMENTATIONS = 8  # ways to cut one suppressed text into tokens


@dataclass(frozen=True)
class LoadedModel:
    """A package in memory."""

    package: Any  # argostranslate.package.Package
    translator: Any  # ctranslate2.Translator

    @property
    def tokenizer(self) -> Any:
        """The package's own: argostranslate.tokenizer.Tokenizer."""
        return self.package.tokenizer

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The tokens that the model can write. Raises SetupError when the package has no readable list of them."""
        folder = self.package.package_path / "model"
        for name in ("target_vocabulary", "shared_vocabulary"):
            if (path := folder / f"{name}.json").exists():
                return frozenset(json.loads(path.read_text("utf-8")))
            if (path := folder / f"{name}.txt").exists():
                return frozenset(path.read_text("utf-8").splitlines())
        raise SetupError(f"{folder} has no list of target tokens; install the package again")


def decode(model: LoadedModel, sentences: Sequence[str], options: DecodeOptions) -> list[list[Hypothesis]]:
    """Hypotheses for each sentence, the best first, without repeats. Raises EngineDown when CTranslate2 fails."""
    tokens = [model.tokenizer.encode(sentence) for sentence in sentences]
    try:
        results = model.translator.translate_batch(
            tokens,
            target_prefix=_prefixes(model, len(sentences), options),
            replace_unknowns=True,
            max_batch_size=BATCH_TOKENS,
            batch_type="tokens",
            beam_size=max(options.n_best, options.beam),
            num_hypotheses=options.n_best,
            length_penalty=0.2,
            return_scores=True,
            suppress_sequences=_suppressed(model, options.suppress) or None,
            max_decoding_length=_max_tokens(tokens, options.max_length),
        )
    except RuntimeError as error:
        raise EngineDown(f"CTranslate2 could not translate with {model.package}: {error}") from error
    return [_hypotheses(model, result) for result in results]


def _hypotheses(model: LoadedModel, result: Any) -> list[Hypothesis]:
    found: dict[str, Hypothesis] = {}
    for tokens, score in zip(result.hypotheses, result.scores, strict=True):
        text = _text(model, tokens)
        found.setdefault(text, Hypothesis(text, float(score)))
    return list(found.values())


def _text(model: LoadedModel, tokens: list[str]) -> str:
    text: str = model.tokenizer.decode(tokens)
    return text.removeprefix(model.package.target_prefix).removeprefix(" ")


def _prefixes(model: LoadedModel, count: int, options: DecodeOptions) -> list[list[str]] | None:
    own = [model.package.target_prefix] if model.package.target_prefix else []
    wanted = [options.prefix_of(index) for index in range(count)]
    if not own and not any(wanted):
        return None
    return [own + (model.tokenizer.encode(text) if text else []) for text in wanted]


def _max_tokens(tokens: Sequence[Sequence[str]], ratio: float | None) -> int:
    longest = max((len(sentence) for sentence in tokens), default=0)
    return MAX_TOKENS if ratio is None else min(MAX_TOKENS, math.ceil(ratio * (longest + 4)))


def _suppressed(model: LoadedModel, texts: Iterable[str]) -> list[list[str]]:
    """Ways in which the model may write `texts`: at the start of a word or inside, small or capital, cut otherwise."""
    sequences: dict[tuple[str, ...], None] = {}
    for text in filter(None, (text.strip() for text in texts)):
        for written in (text, text[0].upper() + text[1:], text[0].lower() + text[1:]):
            for tokens in _segmentations(model.tokenizer, written):
                inside = tokens[0].removeprefix("▁")
                sequences[tuple(tokens)] = None
                sequences[tuple(filter(None, [inside, *tokens[1:]]))] = None
    # CTranslate2 refuses a token that it does not know; what it does not know it cannot write.
    return [list(tokens) for tokens in sequences if tokens and model.vocabulary.issuperset(tokens)]


def _segmentations(tokenizer: Any, text: str) -> list[list[str]]:
    if not hasattr(tokenizer, "lazy_processor"):  # a BPE package has one way
        return [list(tokenizer.encode(text))]
    return [list(way) for way in tokenizer.lazy_processor().nbest_encode_as_pieces(text, SEGMENTATIONS) if way]
