"""Too much is refused at once, too slow is given up."""

import threading

import pytest

from languages.translation.engine import DecodeOptions, EngineDown, Pair, PairUnavailable
from languages.translation.pool import PooledEngine
from tests.languages.translation.fake_engine import FakeEngine

DE_EN = Pair("de", "en")


def test_translates_on_its_own_threads() -> None:
    engine = FakeEngine(("de", "en"))
    pool = PooledEngine(engine)
    assert pool.translate(["a"], DE_EN, DecodeOptions(n_best=2))[0][1].text == "en1(a)"
    assert engine.calls == [(("a",), DE_EN, DecodeOptions(n_best=2))]
    with pytest.raises(PairUnavailable):
        pool.translate(["a"], Pair("de", "fr"))
    pool.close()


def test_several_run_at_the_same_time_and_a_full_queue_is_told() -> None:
    gate = threading.Event()
    engine = FakeEngine(("de", "en"), gate=gate)
    pool = PooledEngine(engine, threads=2, queue=1)
    running = [pool.submit([str(number)], DE_EN) for number in range(3)]
    assert engine.started.acquire(timeout=10)
    assert engine.started.acquire(timeout=10)
    assert not engine.started.acquire(blocking=False)
    with pytest.raises(EngineDown, match="too much"):
        pool.submit(["x"], DE_EN)
    gate.set()
    assert [future.result(10)[0][0].text for future in running] == ["en0(0)", "en0(1)", "en0(2)"]
    assert pool.translate(["x"], DE_EN)
    pool.close()


def test_time_is_bounded_and_waiting_work_is_dropped() -> None:
    gate = threading.Event()
    engine = FakeEngine(("de", "en"), gate=gate)
    pool = PooledEngine(engine, threads=1, queue=1, timeout=0.01)
    for _ in range(3):  # the first runs, the others give up their places in the queue
        with pytest.raises(EngineDown, match="not translated within"):
            pool.translate(["a"], DE_EN)
    gate.set()
    pool.close()
    assert len(engine.calls) == 1


def test_a_closed_pool_says_so() -> None:
    pool = PooledEngine(FakeEngine(("de", "en")))
    pool.close()
    with pytest.raises(EngineDown, match="stopped"):
        pool.translate(["a"], DE_EN)


def test_the_rest_is_the_engines() -> None:
    engine = FakeEngine(("de", "en"))
    engine.rates[DE_EN] = {"hash": 1.0}
    pool = PooledEngine(engine)
    assert (pool.name, pool.capabilities, pool.pairs()) == (engine.name, engine.capabilities, engine.pairs())
    assert (pool.version(DE_EN), pool.best_mask(DE_EN).name, pool.mask_rates(DE_EN)) == ("1", "hash", {"hash": 1.0})
    pool.close()
