"""From a message's vector to the answers that may fit, each with how sure that is."""

import math

import numpy as np
import numpy.typing as npt

from core.errors import SetupError
from knowledge.release import Release

TOP = 10


def retrieve(release: Release, vector: npt.NDArray[np.float32], market: str, language: str) -> list[tuple[str, float]]:
    """(entry id, probability that it is the right one), best first; an unknown market sees every entry.

    The first probability is the calibrator's; the others fall with their distance to the first, by the same curve.
    Raises SetupError for a release that was loaded without vectors.
    """
    if release.index is None or release.calibrator is None:
        raise SetupError(f"release {release.id} was loaded without vectors; load it with them")
    hits = release.index.search(vector, release.masks.get(market), TOP)
    sure = release.calibrator.probability(hits, language)
    slope = release.calibrator.per_score + release.calibrator.per_lead
    return [(hit.id, sure * math.exp(slope * (hit.score - hits[0].score))) for hit in hits]
