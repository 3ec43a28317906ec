"""Templates made into samples: slots filled, words masked, sentences joined, typed as customers type."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from translators.corpus import Corpus, Language, Pair
from translators.slots import MASKS, SLOT
from translators.words import WordChanges

_AROUND_SLOT = re.compile(r"\s*(\{[a-z_0-9]+\})\s*")
_FINAL = re.compile(r"\s*[.!?…。！？]+$")


@dataclass(frozen=True)
class Rates:
    """Shares of samples that are changed in a way."""

    mask_term: float = 0.35
    add_name: float = 0.10  # a mask behind a known word: "order ⟦0⟧"
    exchange: float = 0.15  # a known word for another
    join: float = 0.10
    careless: float = 0.15  # lower case, or without the mark at the end
    spaced: float = 0.30  # spaces around the values in a source that has none between words
    in_order: float = 0.60  # masks numbered from 0 in the source's order, as the Translator does; else at random


EXACT = Rates(mask_term=0, add_name=0, exchange=0, join=0, careless=0, spaced=0, in_order=1)  # to measure


@dataclass(frozen=True)
class Sample:
    """A text and its translation, with values or masks in place of slots; masks are the same on both sides."""

    source: str
    target: str


class Expander:
    """Makes samples of a corpus; the same random state gives the same samples."""

    def __init__(self, corpus: Corpus, random: Random, rates: Rates = Rates()) -> None:
        self._corpus, self._random, self._rates = corpus, random, rates
        self._words = WordChanges(corpus.terms, corpus.direction, random)

    def epoch(self, pairs: Sequence[Pair]) -> Iterator[Sample]:
        """A sample of each pair, in random order; terms come in one epoch of two."""
        order = [index for index, pair in enumerate(pairs) if not pair.is_term or self._happens(0.5)]
        self._random.shuffle(order)
        for index in order:
            neighbour = pairs[(index + 1) % len(pairs)]
            joined = self._happens(self._rates.join) and all(_is_sentence(pair) for pair in (pairs[index], neighbour))
            yield self.sample(pairs[index], neighbour if joined else None)

    def sample(self, pair: Pair, neighbour: Pair | None = None) -> Sample:
        """A sample of `pair`, followed by `neighbour` when there is one."""
        masks = _Masks(self._random, self._happens(self._rates.in_order))
        direction = self._corpus.direction
        parts = [self._filled(part, masks) for part in (pair, neighbour) if part is not None]
        source = _join([part.source for part in parts], direction.source)
        return Sample(source, _join([part.target for part in parts], direction.target))

    def _filled(self, pair: Pair, masks: "_Masks") -> Sample:
        if not pair.is_term:
            pair = self._changed(pair)
        source = self._careless(pair.source) if self._happens(self._rates.careless) else pair.source
        if not self._corpus.direction.source.spaces and self._happens(self._rates.spaced):
            source = _AROUND_SLOT.sub(r" \1 ", source).strip()
        values = {name: self._value(name, masks) for name in dict.fromkeys(SLOT.findall(source))}
        filled = [SLOT.sub(lambda match: values[match[1]], text) for text in (source, pair.target)]
        return Sample(*filled)

    def _changed(self, pair: Pair) -> Pair:
        """`pair` with at most one kind of change to its words."""
        rates, drawn = self._rates, self._random.random()
        for share, change in (
            (rates.mask_term, self._words.masked),
            (rates.add_name, self._words.named),
            (rates.exchange, self._words.exchanged),
        ):
            if drawn < share:
                return change(pair)
            drawn -= share
        return pair

    def _value(self, name: str, masks: "_Masks") -> str:
        slot = self._corpus.slots.slot(name)
        literal = None if self._happens(slot.masked) else slot.literal(self._random)
        return literal or masks.next() or slot.literal(self._random) or name

    def _careless(self, text: str) -> str:
        shapes = (text.lower(), _FINAL.sub("", text), _FINAL.sub("", text.lower()))
        return self._random.choice(shapes)

    def _happens(self, share: float) -> bool:
        return self._random.random() < share


class _Masks:
    """Hands out mask tokens, each once."""

    def __init__(self, random: Random, in_order: bool) -> None:
        self._left = list(MASKS) if in_order else random.sample(MASKS, len(MASKS))

    def next(self) -> str:
        """A token that was not handed out yet; empty when all were."""
        return self._left.pop(0) if self._left else ""


def _is_sentence(pair: Pair) -> bool:
    return bool(_FINAL.search(pair.source) and _FINAL.search(pair.target))


def _join(texts: list[str], language: Language) -> str:
    return (" " if language.spaces else "").join(texts)
