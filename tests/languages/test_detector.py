"""The two detectors behind one door."""

import pytest

from languages.catalogue import load_catalogue
from languages.detector import Detector, open_detector, open_second_opinion


@pytest.fixture(scope="module", params=[open_detector, open_second_opinion])
def detector(request: pytest.FixtureRequest) -> Detector:
    return request.param(load_catalogue())


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "ich habe mein Paket noch immer nicht bekommen"),
        ("pt", "ainda não recebi minha encomenda"),
        ("vi", "tôi vẫn chưa nhận được hàng"),
        ("nl", "ik heb mijn bestelling nog steeds niet gekregen"),
    ],
)
def test_scores(detector: Detector, language: str, text: str) -> None:
    scores = detector.scores(text)
    assert max(scores, key=lambda code: scores[code]) == language
    assert sum(scores.values()) == pytest.approx(1, abs=0.01)
    assert detector.scores(text) == pytest.approx(scores)


@pytest.mark.parametrize("text", ["", " ", "123", "?!"])
def test_nothing_to_read(detector: Detector, text: str) -> None:
    assert detector.scores(text) == {}
