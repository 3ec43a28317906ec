"""An engine that says what a test has written down."""

from collections.abc import Mapping, Sequence

from languages.translation.engine import N_BEST, PLAIN, SUPPRESS, DecodeOptions, Hypothesis, Pair, PairUnavailable
from languages.translation.mask_shapes import MaskShape, load_mask_shapes


class ScriptedEngine:
    """Answers from `script`: sentence to hypotheses, the best first; to all else it has no words."""

    capabilities = frozenset({N_BEST, SUPPRESS})

    def __init__(
        self, script: Mapping[str, Sequence[str]], pair: Pair = Pair("de", "en"), name: str = "scripted"
    ) -> None:
        self.name = name
        self.error: Exception | None = None
        self.calls: list[tuple[tuple[str, ...], DecodeOptions]] = []
        self._script = script
        self._pair = pair

    def pairs(self) -> frozenset[Pair]:
        return frozenset({self._pair})

    def version(self, pair: Pair) -> str:
        if pair != self._pair:
            raise PairUnavailable(pair, f"install {pair.source}_{pair.target}")
        return "1"

    def mask_rates(self, pair: Pair) -> Mapping[str, float]:
        self.version(pair)
        return {}

    def best_mask(self, pair: Pair) -> MaskShape:
        self.version(pair)
        return load_mask_shapes().named("white-square") or load_mask_shapes().default

    def translate(self, sentences: Sequence[str], pair: Pair, options: DecodeOptions = PLAIN) -> list[list[Hypothesis]]:
        self.version(pair)
        self.calls.append((tuple(sentences), options))
        if self.error:
            raise self.error
        found = [self._script.get(sentence, ["?"]) for sentence in sentences]
        allowed = [[text for text in texts if not any(word in text for word in options.suppress)] for texts in found]
        return [
            [Hypothesis(text, -0.01 * (rank + 1)) for rank, text in enumerate(texts[: options.n_best])]
            for texts in allowed
        ]
