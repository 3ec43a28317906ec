"""Translation switched off."""

from collections.abc import Mapping, Sequence

from languages.translation.engine import PLAIN, DecodeOptions, Hypothesis, Pair, PairUnavailable
from languages.translation.mask_shapes import MaskShape, best_shape


class NoEngine:
    """Knows no pair."""

    name = "none"
    capabilities: frozenset[str] = frozenset()

    def pairs(self) -> frozenset[Pair]:
        """Empty."""
        return frozenset()

    def version(self, pair: Pair) -> str:
        """Raises PairUnavailable."""
        raise PairUnavailable(pair, "translation is switched off; set AFTERSAIL_TRANSLATION_ENGINE")

    def mask_rates(self, pair: Pair) -> Mapping[str, float]:
        """Empty: nothing is measured."""
        return {}

    def best_mask(self, pair: Pair) -> MaskShape:
        """The default shape."""
        return best_shape({})

    def translate(self, sentences: Sequence[str], pair: Pair, options: DecodeOptions = PLAIN) -> list[list[Hypothesis]]:
        """Raises PairUnavailable."""
        raise PairUnavailable(pair, "translation is switched off; set AFTERSAIL_TRANSLATION_ENGINE")
