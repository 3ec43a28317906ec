"""Fit a Calibrator from the content itself: questions held out of the index, entries taken away, and other talk."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.calibration import Calibrator, score_and_lead
from knowledge.faq_index import FaqIndex, Hit

Vectors = NDArray[np.float32]
Floats = NDArray[np.float64]

FOLDS = 5
MOST_QUESTIONS = 20_000  # a random part stands for larger content
LEAST_QUESTIONS = 50  # with fewer, the defaults know better
MOST_WRONG = 0.015  # share of held-out questions that may get a wrong answer
MOST_LOST = 0.03  # share of held-out questions with the right entry among CHOICES that may be called unsure
CHOICES = 3
ABSENT_WEIGHT = 0.25  # questions whose entry is missing, against those whose entry is there
NEGATIVE_WEIGHT = 0.25  # the same for all negatives together
PRIOR = 0.05  # pull towards the default curve, in units of one example
LANGUAGE_PRIOR = 5.0  # pull of each language towards the others: a language needs some dozen examples to differ
ROUNDS = 30


@dataclass(frozen=True)
class _Example:
    hits: list[Hit]
    language: str
    right: bool
    weight: float


def fit_calibrator(
    entry_ids: Sequence[str],
    languages: Sequence[str],
    vectors: Vectors,
    negatives: Vectors,
    negative_languages: Sequence[str],
) -> Calibrator:
    """A calibrator for an index of these questions; row i of `vectors` is a question of `entry_ids[i]`.

    `negatives` (m, dimension) are sentences that no entry answers; m may be 0. The result is the same every time.
    With fewer than LEAST_QUESTIONS questions it is the default. Raises ValueError when the lengths differ.
    """
    if not len(entry_ids) == len(languages) == len(vectors) or len(negatives) != len(negative_languages):
        raise ValueError("each vector needs one entry id and one language")
    chosen = _sample(len(vectors))
    if len(chosen) < LEAST_QUESTIONS:
        return Calibrator()
    ids, codes = [entry_ids[row] for row in chosen], [languages[row] for row in chosen]
    vectors = vectors[chosen]
    held_out = _search_held_out(ids, vectors)
    present = [
        _Example(hits, code, hits[0].id == entry_id, 1.0)
        for hits, code, entry_id in zip(held_out, codes, ids, strict=True)
    ]
    absent = [
        _Example([hit for hit in hits if hit.id != entry_id], code, False, ABSENT_WEIGHT)
        for hits, code, entry_id in zip(held_out, codes, ids, strict=True)
    ]
    curve = _fit_curve([*present, *absent, *_negatives(FaqIndex.build(ids, vectors), negatives, negative_languages)])
    return _with_thresholds(curve, present, ids)


def _sample(count: int) -> NDArray[np.int64]:
    if count <= MOST_QUESTIONS:
        return np.arange(count)
    return np.sort(np.random.default_rng(0).choice(count, MOST_QUESTIONS, replace=False))


def _search_held_out(entry_ids: Sequence[str], vectors: Vectors) -> list[list[Hit]]:
    """Hits of each question in an index without it, and without a fifth of the others."""
    folds = np.random.default_rng(0).permutation(len(vectors)) % FOLDS
    found: list[list[Hit]] = [[] for _ in entry_ids]
    for fold in range(FOLDS):
        kept, held = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        index = FaqIndex.build([entry_ids[row] for row in kept], vectors[kept])
        for row, hits in zip(held, index.search_many(vectors[held], top=CHOICES + 1), strict=True):
            found[row] = hits
    return found


def _negatives(index: FaqIndex, vectors: Vectors, languages: Sequence[str]) -> list[_Example]:
    weight = NEGATIVE_WEIGHT * min(MOST_QUESTIONS, len(index)) / max(len(vectors), 1)
    found = index.search_many(vectors, top=2)
    return [_Example(hits, code, False, weight) for hits, code in zip(found, languages, strict=True)]


def _fit_curve(examples: Sequence[_Example]) -> Calibrator:
    """Weighted logistic regression by Newton's method, with the default curve as its prior."""
    examples = [example for example in examples if example.hits]
    codes = sorted({example.language for example in examples})
    features = np.zeros((len(examples), 3 + len(codes)))
    for row, example in enumerate(examples):
        features[row, :3] = (1.0, *score_and_lead(example.hits))
        features[row, 3 + codes.index(example.language)] = 1.0
    default = Calibrator()
    centre = np.array([default.bias, default.per_score, default.per_lead, *[0.0] * len(codes)])
    pull = np.array([PRIOR] * 3 + [LANGUAGE_PRIOR] * len(codes))
    right = np.array([example.right for example in examples], dtype=float)
    weights = np.array([example.weight for example in examples])
    values = _newton(features, right, weights, centre, pull)
    offsets = dict(zip(codes, values[3:].tolist(), strict=True))
    return Calibrator(float(values[0]), float(values[1]), float(values[2]), offsets)


def _newton(features: Floats, right: Floats, weights: Floats, centre: Floats, pull: Floats) -> Floats:
    values = centre.copy()
    for _ in range(ROUNDS):
        chances = 1 / (1 + np.exp(-np.clip(features @ values, -60, 60)))
        slope = features.T @ (weights * (chances - right)) + pull * (values - centre)
        curvature = (features * (weights * chances * (1 - chances))[:, None]).T @ features + np.diag(pull)
        step = np.linalg.solve(curvature, slope)
        values = values - step * min(1.0, 5.0 / float(np.abs(step).max() + 1e-12))
        if np.abs(step).max() < 1e-6:
            break
    return values


def _with_thresholds(curve: Calibrator, present: Sequence[_Example], entry_ids: Sequence[str]) -> Calibrator:
    """The curve with the lowest `answer_from` and the highest `clarify_from` that keep MOST_WRONG and MOST_LOST."""
    chances = np.array([curve.probability(example.hits, example.language) for example in present])
    right = np.array([example.right for example in present])
    wrong = np.sort(chances[~right])[::-1]
    allowed = int(MOST_WRONG * len(present))
    # Just above the first wrong answer too many; where so few are wrong, half stays the least to answer with.
    answer_from = max(0.5, float(wrong[allowed]) + 1e-6) if len(wrong) > allowed else 0.5
    listed = [
        any(hit.id == entry_id for hit in example.hits[:CHOICES])
        for example, entry_id in zip(present, entry_ids, strict=True)
    ]
    clarify_from = float(np.quantile(chances[listed], MOST_LOST)) if any(listed) else curve.clarify_from
    return Calibrator(
        curve.bias, curve.per_score, curve.per_lead, curve.by_language, answer_from, min(clarify_from, answer_from / 2)
    )
