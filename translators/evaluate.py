"""A package measured through Argos on phrases that it has not seen."""

import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

from translators.argos import opened
from translators.corpus import Corpus
from translators.expand import EXACT, Expander, Rates, Sample
from translators.measure import chrf, masks_kept

MASK_SENTENCES = 200  # to measure how reliably masks come through
SHOWN = 15  # sample translations
_MOST_ROUNDS = 50


@dataclass(frozen=True)
class Measured:
    """Figures of a package. chrF is 0 to 100, masks_kept the share of sentences, 0 to 1."""

    held_out: int  # phrases
    chrf_held_out: float
    chrf_seen: float
    masks_kept: float
    milliseconds: float  # a phrase
    shown: tuple[tuple[str, str, str], ...]  # held-out source, reference, output


def measure(package: Path, corpus: Corpus) -> Measured:
    """Figures of the package on the corpus's held-out phrases, and on some that it was trained on."""
    random = Random(1)  # noqa: S311 - no secret
    exact = Expander(corpus, random, EXACT)
    unseen = [exact.sample(pair) for pair in corpus.held_out]
    phrases = [pair for pair in corpus.training if not pair.is_term]
    seen = [exact.sample(pair) for pair in random.sample(phrases, min(len(phrases), MASK_SENTENCES))]
    masked = masked_samples(corpus, random)
    with opened(package) as translation:
        started = time.monotonic()
        outputs = [translation.translate(sample.source) for sample in unseen]
        spent = time.monotonic() - started
        seen_outputs = [translation.translate(sample.source) for sample in seen]
        kept = [masks_kept(sample.source, translation.translate(sample.source)) for sample in masked]
    shown = [(sample.source, sample.target, output) for sample, output in zip(unseen, outputs, strict=True)]
    return Measured(
        held_out=len(unseen),
        chrf_held_out=chrf(outputs, [sample.target for sample in unseen]),
        chrf_seen=chrf(seen_outputs, [sample.target for sample in seen]),
        masks_kept=sum(kept) / max(1, len(kept)),
        milliseconds=1000 * spent / max(1, len(unseen)),
        shown=tuple(shown[:: max(1, len(shown) // SHOWN)][:SHOWN]),
    )


def masked_samples(corpus: Corpus, random: Random) -> list[Sample]:
    """MASK_SENTENCES samples of held-out phrases with at least one mask; fewer when hardly any phrase takes one."""
    expander = Expander(corpus, random, Rates(mask_term=0.7, exchange=0, join=0, in_order=1))
    found: list[Sample] = []
    for _ in range(_MOST_ROUNDS):
        samples = [expander.sample(pair) for pair in corpus.held_out]
        found += [sample for sample in samples if "⟦" in sample.source]
        if len(found) >= MASK_SENTENCES:
            break
    return found[:MASK_SENTENCES]
