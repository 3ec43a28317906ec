"""How good a translation is: chrF, and whether masks came through."""

from collections import Counter
from collections.abc import Sequence

from sacrebleu.metrics import CHRF

from translators.slots import MASK


def chrf(outputs: Sequence[str], references: Sequence[str]) -> float:
    """chrF2 of a corpus, 0 to 100; 0 when there is none."""
    return float(CHRF().corpus_score(outputs, [references]).score) if outputs else 0.0


def masks_kept(source: str, output: str) -> bool:
    """Whether each mask of `source` stands as often in `output`, and no other does."""
    return Counter(MASK.findall(source)) == Counter(MASK.findall(output))
