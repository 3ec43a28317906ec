"""Two translations in a row where no package translates directly."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from languages.translation.engine import (
    PLAIN,
    DecodeOptions,
    Engine,
    Hypothesis,
    Pair,
    PairUnavailable,
    check_prefixes,
)
from languages.translation.mask_shapes import MaskShape, best_shape, combined
from languages.translation.wrapping import WrappingEngine

FIRST_LEG = 2  # hypotheses in the language between; each multiplies the second leg's work


class PivotEngine(WrappingEngine):
    """`engine`, and where it has no direct pair, through `via`."""

    def __init__(self, engine: Engine, via: str = "en") -> None:
        super().__init__(engine)
        self._via = via

    def pairs(self) -> frozenset[Pair]:
        """The engine's pairs and those that two of them make."""
        direct = self._engine.pairs()
        sources = {pair.source for pair in direct if pair.target == self._via}
        targets = {pair.target for pair in direct if pair.source == self._via}
        return direct | {Pair(source, target) for source in sources for target in targets if source != target}

    def version(self, pair: Pair) -> str:
        """Of the package, or of both joined by "|". Raises PairUnavailable."""
        return "|".join(self._engine.version(leg) for leg in self._legs(pair))

    def mask_rates(self, pair: Pair) -> Mapping[str, float]:
        """Of both legs multiplied. Raises PairUnavailable."""
        return combined([self._engine.mask_rates(leg) for leg in self._legs(pair)])

    def best_mask(self, pair: Pair) -> MaskShape:
        """The shape that both legs carry best. Raises PairUnavailable."""
        return best_shape(self.mask_rates(pair))

    def translate(self, sentences: Sequence[str], pair: Pair, options: DecodeOptions = PLAIN) -> list[list[Hypothesis]]:
        """As the engine's; through `via`, a hypothesis' score is the sum of both legs'. Prefix and suppression hold for
        the last leg, glossary only for direct pairs."""
        check_prefixes(sentences, options)
        legs = self._legs(pair)
        if len(legs) == 1:
            return self._engine.translate(sentences, pair, options)
        first = DecodeOptions(min(options.n_best, FIRST_LEG), options.beam, max_length=options.max_length)
        between = self._engine.translate(sentences, legs[0], first)
        flat = [(index, hypothesis) for index, found in enumerate(between) for hypothesis in found]
        prefix = tuple(options.prefix_of(index) for index, _ in flat) if options.prefix else ()
        second = replace(options, prefix=prefix, glossary=())
        ends = self._engine.translate([hypothesis.text for _, hypothesis in flat], legs[1], second)
        return _merge(len(sentences), flat, ends, options.n_best)

    def _legs(self, pair: Pair) -> list[Pair]:
        direct = self._engine.pairs()
        legs = [Pair(pair.source, self._via), Pair(self._via, pair.target)]
        if pair in direct or self._via in (pair.source, pair.target):
            return [pair]
        for leg in legs:
            if leg not in direct:
                self._engine.version(leg)  # raises PairUnavailable with what to install
                raise PairUnavailable(pair, f"there is no {leg} either")
        return legs


def _merge(
    count: int, flat: Sequence[tuple[int, Hypothesis]], ends: Sequence[Sequence[Hypothesis]], n_best: int
) -> list[list[Hypothesis]]:
    """For each sentence its best `n_best` over both legs, each text once."""
    merged: list[dict[str, Hypothesis]] = [{} for _ in range(count)]
    for (index, before), found in zip(flat, ends, strict=True):
        for after in found:
            score = before.score + after.score
            known = merged[index].get(after.text)
            if known is None or known.score < score:
                merged[index][after.text] = Hypothesis(after.text, score)
    return [sorted(found.values(), key=lambda one: -one.score)[:n_best] for found in merged]
