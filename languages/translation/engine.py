"""What every translation engine can be asked, whatever stands behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.errors import AftersailError, RetryLater
from languages.translation.mask_shapes import MaskShape

# What an engine may be able to do; options beyond its `capabilities` have no effect.
N_BEST = "n_best"
PREFIX = "prefix"
SUPPRESS = "suppress"
GLOSSARY = "glossary"
FORMALITY = "formality"

MAX_N_BEST = 16
MAX_SUPPRESSED = 200


@dataclass(frozen=True, order=True)
class Pair:
    """From one language to another, in content codes ("zh-Hant"), not in an engine's own."""

    source: str
    target: str

    def __str__(self) -> str:
        return f"{self.source}→{self.target}"


@dataclass(frozen=True)
class Hypothesis:
    """One way to say a sentence."""

    text: str
    score: float  # log probability of the whole sentence, at most 0; 0 when the engine tells none


@dataclass(frozen=True)
class DecodeOptions:
    """How to decode. The defaults give what the engine gives by itself. Hashable, part of the cache's key."""

    n_best: int = 1  # 1 to MAX_N_BEST
    beam: int = 4
    prefix: tuple[str | None, ...] = ()  # how each sentence's translation must begin; empty: none begins so
    suppress: tuple[str, ...] = ()  # target text that must not occur, at most MAX_SUPPRESSED; as good as its tokens are
    max_length: float | None = None  # target tokens for each source token; None: only the engine's own bound
    glossary: tuple[tuple[str, str], ...] = ()  # (source term, target term)
    formality: str = ""  # "more", "less" or as the engine does
    release: str = ""  # the release whose terms these are

    def __post_init__(self) -> None:
        if not 1 <= self.n_best <= MAX_N_BEST:
            raise ValueError(f"n_best is {self.n_best}; give 1 to {MAX_N_BEST}")
        if len(self.suppress) > MAX_SUPPRESSED:
            raise ValueError(f"{len(self.suppress)} texts to suppress; give at most {MAX_SUPPRESSED}")

    def prefix_of(self, index: int) -> str | None:
        """How the translation of sentence `index` must begin; None when it may begin as it likes."""
        return self.prefix[index] if self.prefix else None


PLAIN = DecodeOptions()


class Engine(Protocol):
    """Translates sentences. Calls block and may come from several threads at once."""

    @property
    def name(self) -> str:
        """The engine's name in labels, keys and logs."""

    @property
    def capabilities(self) -> frozenset[str]:
        """Which options have an effect: N_BEST, PREFIX, SUPPRESS, GLOSSARY, FORMALITY."""

    def pairs(self) -> frozenset[Pair]:
        """The pairs that can be translated now. Raises EngineDown when a service must be asked and is away."""

    def version(self, pair: Pair) -> str:
        """What translates `pair` now, such as a package's version and hash; changes when translations may change."""

    def mask_rates(self, pair: Pair) -> Mapping[str, float]:
        """Share of masked sentences, 0 to 1, that came through whole, by shape; empty when never measured."""

    def best_mask(self, pair: Pair) -> MaskShape:
        """The shape of mask that most often comes through this pair unharmed."""

    def translate(self, sentences: Sequence[str], pair: Pair, options: DecodeOptions = PLAIN) -> list[list[Hypothesis]]:
        """For each sentence, 1 to `options.n_best` hypotheses, the best first; one batch.

        Raises PairUnavailable when the pair is missing, EngineDown when it may work later.
        """


class PairUnavailable(AftersailError):
    """The engine does not know this pair; the text says what to install or set."""

    def __init__(self, pair: Pair, remedy: str) -> None:
        super().__init__(f"no translation {pair}; {remedy}")
        self.pair = pair


class EngineDown(RetryLater):
    """The engine does not answer now, or has too much to do."""


def check_prefixes(sentences: Sequence[str], options: DecodeOptions) -> None:
    """Raises ValueError when there are prefixes and not one for each sentence."""
    if options.prefix and len(options.prefix) != len(sentences):
        raise ValueError(f"{len(options.prefix)} prefixes for {len(sentences)} sentences; give one each, or none")
