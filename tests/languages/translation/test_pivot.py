"""Two legs where there is no direct one."""

import pytest

from languages.translation.engine import DecodeOptions, Hypothesis, Pair, PairUnavailable
from languages.translation.pivot import PivotEngine
from tests.languages.translation.fake_engine import FakeEngine

DE_JA = Pair("de", "ja")


def pivot() -> tuple[PivotEngine, FakeEngine]:
    engine = FakeEngine(("de", "en"), ("en", "de"), ("ja", "en"), ("en", "ja"), ("es", "fr"))
    return PivotEngine(engine), engine


def test_pairs() -> None:
    engine, direct = pivot()
    assert engine.pairs() == direct.pairs() | {DE_JA, Pair("ja", "de")}


def test_a_direct_pair_goes_straight() -> None:
    engine, direct = pivot()
    options = DecodeOptions(n_best=3, prefix=("x",), glossary=(("a", "b"),))
    assert len(engine.translate(["a"], Pair("es", "fr"), options)[0]) == 3
    assert direct.calls == [(("a",), Pair("es", "fr"), options)]


def test_two_legs_with_bounded_work() -> None:
    engine, direct = pivot()
    options = DecodeOptions(n_best=4, prefix=("x", None), suppress=("s",), glossary=(("a", "b"),), release="r")
    found = engine.translate(["a", "b"], DE_JA, options)
    assert found[0] == [
        Hypothesis("ja0(en0(a))", -2.0), Hypothesis("ja1(en0(a))", -3.0),
        Hypothesis("ja0(en1(a))", -3.0), Hypothesis("ja2(en0(a))", -4.0),
    ]  # fmt: skip
    (_, first, before), (texts, second, after) = direct.calls
    assert (first, second) == (Pair("de", "en"), Pair("en", "ja"))
    assert (before.n_best, before.prefix, before.suppress, before.glossary) == (2, (), (), ())
    assert texts == ("en0(a)", "en1(a)", "en0(b)", "en1(b)")
    assert (after.prefix, after.suppress, after.glossary, after.release) == (("x", "x", None, None), ("s",), (), "r")


def test_one_hypothesis_takes_one_on_each_leg() -> None:
    engine, direct = pivot()
    assert engine.translate(["a"], DE_JA)[0][0].text == "ja0(en0(a))"
    assert [call[0] for call in direct.calls] == [("a",), ("en0(a)",)]


def test_version_and_mask_are_of_both_legs() -> None:
    engine, direct = pivot()
    direct.versions = {Pair("de", "en"): "1.2", Pair("en", "ja"): "3"}
    direct.rates = {Pair("de", "en"): {"hash": 1.0, "tag": 0.8}, Pair("en", "ja"): {"hash": 0.5, "tag": 0.9}}
    assert engine.version(DE_JA) == "1.2|3"
    assert engine.best_mask(DE_JA).name == "tag"
    assert engine.best_mask(Pair("de", "en")).name == "hash"


@pytest.mark.parametrize(
    ("pair", "missing"),
    [
        (Pair("de", "fr"), "en→fr"),
        (Pair("es", "ja"), "es→en"),
        (Pair("es", "en"), "es→en"),
        (Pair("en", "th"), "en→th"),
    ],
)
def test_the_missing_leg_is_named(pair: Pair, missing: str) -> None:
    engine, _ = pivot()
    with pytest.raises(PairUnavailable, match=missing):
        engine.translate(["a"], pair)
