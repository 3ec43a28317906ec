"""What engines around another engine have in common."""

from collections.abc import Mapping

from languages.translation.engine import Engine, Pair
from languages.translation.mask_shapes import MaskShape


class WrappingEngine:
    """Everything but translating as the engine inside does it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def name(self) -> str:
        """As the engine's."""
        return self._engine.name

    @property
    def capabilities(self) -> frozenset[str]:
        """As the engine's."""
        return self._engine.capabilities

    def pairs(self) -> frozenset[Pair]:
        """As the engine's."""
        return self._engine.pairs()

    def version(self, pair: Pair) -> str:
        """As the engine's. Raises PairUnavailable."""
        return self._engine.version(pair)

    def mask_rates(self, pair: Pair) -> Mapping[str, float]:
        """As the engine's. Raises PairUnavailable."""
        return self._engine.mask_rates(pair)

    def best_mask(self, pair: Pair) -> MaskShape:
        """As the engine's. Raises PairUnavailable."""
        return self._engine.best_mask(pair)
