"""From a message's vector to the answers that may fit, with how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.errors import SetupError
from knowledge.faq_index import Hit
from knowledge.release import Release

TOP = 5


@dataclass(frozen=True)
class Found:
    """Entries, best first; the first one's score is the probability that it is the right one."""

    hits: Sequence[Hit]
    verdict: Literal["answer", "clarify", "unsure"]


def retrieve(release: Release, vector: npt.NDArray[np.float32], market: str, language: str) -> Found:
    """What the release answers in `market`; an unknown market sees every entry. Raises SetupError without vectors."""
    if release.index is None or release.calibrator is None:
        raise SetupError(f"release {release.id} was loaded without vectors; load it with them")
    hits = release.index.search(vector, release.masks.get(market), TOP)
    if not hits:
        return Found([], "unsure")
    verdict = release.calibrator.decide(hits, language)
    sure = release.calibrator.probability(hits, language)
    # The others keep their distance to the first, so that a list of choices is ordered as the scores are.
    shares = [Hit(hit.id, sure * hit.score / hits[0].score if hits[0].score > 0 else 0.0) for hit in hits]
    return Found(shares, verdict)
