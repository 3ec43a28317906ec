"""What every engine is asked with."""

import pytest

from core.errors import AftersailError, RetryLater
from languages.translation.engine import DecodeOptions, EngineDown, Pair, PairUnavailable, check_prefixes


@pytest.mark.parametrize("n_best", [0, 17])
def test_the_number_of_hypotheses_is_bounded(n_best: int) -> None:
    with pytest.raises(ValueError, match="n_best"):
        DecodeOptions(n_best=n_best)


def test_the_number_of_suppressed_texts_is_bounded() -> None:
    with pytest.raises(ValueError, match="suppress"):
        DecodeOptions(suppress=("x",) * 201)


def test_prefixes_are_one_for_each_sentence_or_none() -> None:
    check_prefixes(["a", "b"], DecodeOptions())
    check_prefixes(["a", "b"], DecodeOptions(prefix=("x", None)))
    with pytest.raises(ValueError, match="1 prefixes for 2 sentences"):
        check_prefixes(["a", "b"], DecodeOptions(prefix=("x",)))


def test_errors_say_what_to_do() -> None:
    error = PairUnavailable(Pair("de", "ja"), "install translate-de_ja")
    assert str(error) == "no translation de→ja; install translate-de_ja"
    assert isinstance(error, AftersailError)
    assert not isinstance(error, RetryLater)
    assert issubclass(EngineDown, RetryLater)
