import numpy as np
import pytest

from knowledge.calibration import Calibrator
from knowledge.calibration_fit import fit_calibrator
from knowledge.faq_index import FaqIndex, Hit
from tests.knowledge.test_faq_index import WIDTH, clustered

LANGUAGES = ("en", "ja")


def content(seed: int) -> tuple[list[str], list[str], np.ndarray]:
    """Questions that are found nine times in ten: entries come in pairs that are easily confused."""
    random = np.random.default_rng(seed)
    shared = np.random.default_rng(1)
    pairs = np.repeat(shared.standard_normal((15, WIDTH)), 2, axis=0)
    centres = pairs + 0.8 * shared.standard_normal((30, WIDTH))
    rows = np.repeat(np.arange(30), 20)
    vectors = centres[rows] + 1.5 * random.standard_normal((len(rows), WIDTH))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    languages = [LANGUAGES[row % 2] for row in range(len(rows))]
    return [f"entry-{row:02}" for row in rows], languages, vectors.astype(np.float32)


def other_talk(count: int, seed: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((count, WIDTH))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def calibrator() -> Calibrator:
    return fit_calibrator(*content(2), other_talk(200, 3), ["en"] * 200)


@pytest.fixture(scope="module")
def index() -> FaqIndex:
    ids, _, vectors = content(2)
    return FaqIndex.build(ids, vectors)


def test_unseen_questions_get_few_wrong_answers_and_mostly_an_answer(calibrator: Calibrator, index: FaqIndex) -> None:
    ids, languages, vectors = content(5)
    found = index.search_many(vectors)
    verdicts = [calibrator.decide(hits, code) for hits, code in zip(found, languages, strict=True)]
    right = np.array([hits[0].id == entry_id for hits, entry_id in zip(found, ids, strict=True)])
    answered = np.array([verdict == "answer" for verdict in verdicts])
    assert np.mean(~right) > 0.02  # without a calibrator there would be wrong answers
    assert np.mean(answered & ~right) < 0.02
    assert np.mean(answered & right) > 0.4
    assert verdicts.count("unsure") < 0.1 * len(verdicts)


def test_the_probability_is_about_the_share_that_is_right(calibrator: Calibrator, index: FaqIndex) -> None:
    ids, languages, vectors = content(5)
    found = index.search_many(vectors)
    right = np.array([hits[0].id == entry_id for hits, entry_id in zip(found, ids, strict=True)])
    chances = np.array([calibrator.probability(hits, code) for hits, code in zip(found, languages, strict=True)])
    assert ((chances > 0) & (chances < 1)).all()
    assert right[chances > 0.8].mean() > 0.9
    assert right[chances > 0.8].mean() > right[chances < 0.4].mean()


def test_a_question_whose_entry_is_missing_is_rarely_answered(calibrator: Calibrator, index: FaqIndex) -> None:
    ids, languages, vectors = content(5)
    everything = set(ids)
    verdicts = [
        calibrator.decide(index.search(vector, everything - {entry_id}), code)
        for entry_id, code, vector in list(zip(ids, languages, vectors, strict=True))[::5]
    ]
    assert verdicts.count("answer") < 0.15 * len(verdicts)


def test_other_talk_is_not_answered(calibrator: Calibrator, index: FaqIndex) -> None:
    verdicts = [calibrator.decide(hits, "en") for hits in index.search_many(other_talk(300, 8))]
    assert verdicts.count("answer") < 0.03 * len(verdicts)
    assert verdicts.count("unsure") > 0.5 * len(verdicts)


@pytest.mark.parametrize(
    ("hits", "verdict"),
    [
        ([], "unsure"),
        ([Hit("a", 0.05), Hit("b", 0.04)], "unsure"),
        ([Hit("a", 0.4), Hit("b", 0.39)], "clarify"),
        ([Hit("a", 0.6), Hit("b", 0.2)], "answer"),
        ([Hit("a", 0.4)], "clarify"),  # alone, it leads nobody
    ],
)
def test_the_default_decides_by_score_and_lead(hits: list[Hit], verdict: str) -> None:
    assert Calibrator().decide(hits, "en") == verdict


def test_no_hits_have_no_probability() -> None:
    assert Calibrator().probability([], "en") == 0.0


def test_a_language_never_seen_uses_the_common_curve(calibrator: Calibrator) -> None:
    hits = [Hit("a", 0.5), Hit("b", 0.4)]
    assert set(calibrator.by_language) == set(LANGUAGES)
    assert calibrator.probability(hits, "tlh") == calibrator.probability(hits, None)


def test_json_keeps_everything(calibrator: Calibrator) -> None:
    assert Calibrator.from_json(calibrator.to_json()) == calibrator


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"by_language": 3}', '{"by_language": {}, "speed": 1}'])
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        Calibrator.from_json(text)


def test_too_little_content_keeps_the_default() -> None:
    ids, vectors = clustered(3, 4)
    assert fit_calibrator(ids, ["en"] * 12, vectors, vectors[:0], []) == Calibrator()


def test_it_fits_without_negatives_and_the_same_every_time() -> None:
    ids, languages, vectors = content(2)
    one, other = (fit_calibrator(ids, languages, vectors, vectors[:0], []) for _ in range(2))
    assert one == other
    assert one.clarify_from <= one.answer_from


def test_lengths_must_match() -> None:
    ids, languages, vectors = content(2)
    with pytest.raises(ValueError, match="one language"):
        fit_calibrator(ids, languages[1:], vectors, vectors[:0], [])
