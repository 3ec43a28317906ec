"""What was translated is remembered; what is asked twice at once is translated once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from languages.translation.cache import CachedEngine
from languages.translation.engine import DecodeOptions, EngineDown, Pair, PairUnavailable
from tests.languages.translation.fake_engine import FakeEngine

DE_EN = Pair("de", "en")


def cached(**options: float) -> tuple[CachedEngine, FakeEngine]:
    engine = FakeEngine(("de", "en"), ("en", "de"))
    return CachedEngine(engine, **options), engine


def test_only_what_is_new_goes_to_the_engine_as_one_batch() -> None:
    cache, engine = cached()
    assert [found[0].text for found in cache.translate(["a", "b", "a"], DE_EN)] == ["en0(a)", "en0(b)", "en0(a)"]
    assert [found[0].text for found in cache.translate(["c", "b", "d"], DE_EN)] == ["en0(c)", "en0(b)", "en0(d)"]
    assert [call[0] for call in engine.calls] == [("a", "b"), ("c", "d")]
    assert cache.counts() == (2, 4)


@pytest.mark.parametrize(
    ("pair", "options"),
    [
        (Pair("en", "de"), DecodeOptions()),
        (DE_EN, DecodeOptions(n_best=2)),
        (DE_EN, DecodeOptions(suppress=("x",))),
        (DE_EN, DecodeOptions(prefix=("x",))),
        (DE_EN, DecodeOptions(glossary=(("x", "y"),))),
        (DE_EN, DecodeOptions(release="r2")),
    ],
)
def test_another_question_is_translated_again(pair: Pair, options: DecodeOptions) -> None:
    cache, engine = cached()
    cache.translate(["a"], DE_EN)
    cache.translate(["a"], pair, options)
    cache.translate(["a"], pair, options)
    assert len(engine.calls) == 2


def test_another_package_translates_again() -> None:
    cache, engine = cached()
    cache.translate(["a"], DE_EN)
    engine.versions[DE_EN] = "2"
    cache.translate(["a"], DE_EN)
    assert len(engine.calls) == 2


def test_prefixes_stay_with_their_sentences() -> None:
    cache, engine = cached()
    cache.translate(["a"], DE_EN, DecodeOptions(prefix=("x",)))
    cache.translate(["b", "a", "c"], DE_EN, DecodeOptions(prefix=(None, "x", "z")))
    assert [(call[0], call[2].prefix) for call in engine.calls] == [(("a",), ("x",)), (("b", "c"), (None, "z"))]


def test_two_at_once_are_translated_once() -> None:
    gate = threading.Event()
    engine = FakeEngine(("de", "en"), gate=gate)
    cache = CachedEngine(engine)
    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(cache.translate, ["a"], DE_EN) for _ in range(4)]
        assert engine.started.acquire(timeout=10)
        gate.set()
        assert {future.result(10)[0][0].text for future in running} == {"en0(a)"}
    assert len(engine.calls) == 1


def test_crossing_batches_do_not_wait_for_each_other() -> None:
    cache, engine = cached()
    with ThreadPoolExecutor(8) as pool:
        batches = [[f"s{(number + shift) % 5}" for shift in range(4)] for number in range(40)]
        found = list(pool.map(lambda batch: cache.translate(batch, DE_EN), batches))
    assert [[one[0].text for one in batch] for batch in found] == [[f"en0({s})" for s in batch] for batch in batches]
    assert sum(len(call[0]) for call in engine.calls) == 5


def test_a_failure_reaches_everyone_and_is_not_remembered() -> None:
    gate = threading.Event()
    engine = FakeEngine(("de", "en"), gate=gate)
    engine.error = EngineDown("away")
    cache = CachedEngine(engine)
    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(cache.translate, ["a"], DE_EN) for _ in range(2)]
        assert engine.started.acquire(timeout=10)
        gate.set()
        for future in running:
            with pytest.raises(EngineDown, match="away"):
                future.result(10)
    engine.error = None
    assert cache.translate(["a"], DE_EN)[0][0].text == "en0(a)"


def test_who_waits_for_another_thread_does_not_wait_for_ever() -> None:
    gate = threading.Event()
    engine = FakeEngine(("de", "en"), gate=gate)
    cache = CachedEngine(engine, timeout=0.01)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(cache.translate, ["a"], DE_EN)
        assert engine.started.acquire(timeout=10)
        with pytest.raises(EngineDown, match="not translated within"):
            cache.translate(["a"], DE_EN)
        gate.set()
        assert first.result(10)


def test_the_memory_is_bounded() -> None:
    cache, engine = cached(megabytes=0.02)
    for number in range(100):
        cache.translate([f"sentence {number}"], DE_EN)
    cache.translate(["sentence 99"], DE_EN)
    assert len(engine.calls) == 100
    cache.translate(["sentence 0"], DE_EN)
    assert len(engine.calls) == 101
    cache.translate(["x" * 50_000], DE_EN)  # a giant is not kept
    cache.translate(["sentence 99"], DE_EN)
    assert len(engine.calls) == 102


def test_the_rest_is_the_engines() -> None:
    cache, engine = cached()
    assert (cache.name, cache.capabilities, cache.pairs()) == (engine.name, engine.capabilities, engine.pairs())
    assert cache.best_mask(DE_EN) == engine.best_mask(DE_EN)
    with pytest.raises(PairUnavailable):
        cache.translate(["a"], Pair("de", "fr"))
