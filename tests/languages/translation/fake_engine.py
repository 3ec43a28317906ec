"""An engine without a model: translates by putting the target's code before each sentence."""

import threading
from collections.abc import Mapping, Sequence

from languages.translation.engine import N_BEST, PLAIN, DecodeOptions, Hypothesis, Pair, PairUnavailable
from languages.translation.mask_shapes import MaskShape, best_shape


class FakeEngine:
    """Counts its calls; `gate`, when given, holds each call until it is set."""

    name = "fake"
    capabilities = frozenset({N_BEST})

    def __init__(self, *pairs: tuple[str, str], gate: threading.Event | None = None) -> None:
        self._pairs = frozenset(Pair(*pair) for pair in pairs)
        self.gate = gate
        self.calls: list[tuple[tuple[str, ...], Pair, DecodeOptions]] = []
        self.started = threading.Semaphore(0)
        self.error: Exception | None = None
        self.versions: dict[Pair, str] = {}
        self.rates: dict[Pair, dict[str, float]] = {}

    def pairs(self) -> frozenset[Pair]:
        return self._pairs

    def version(self, pair: Pair) -> str:
        if pair not in self._pairs:
            raise PairUnavailable(pair, f"install {pair.source}_{pair.target}")
        return self.versions.get(pair, "1")

    def mask_rates(self, pair: Pair) -> Mapping[str, float]:
        return self.rates.get(pair, {})

    def best_mask(self, pair: Pair) -> MaskShape:
        return best_shape(self.mask_rates(pair))

    def translate(self, sentences: Sequence[str], pair: Pair, options: DecodeOptions = PLAIN) -> list[list[Hypothesis]]:
        self.calls.append((tuple(sentences), pair, options))
        self.started.release()
        if self.gate is not None:
            assert self.gate.wait(10)
        if self.error is not None:
            raise self.error
        self.version(pair)
        return [
            [Hypothesis(f"{pair.target}{n}({sentence})", -float(n) - 1) for n in range(options.n_best)]
            for sentence in sentences
        ]
