"""Models come and go within the budget, and none goes while it is in use."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.errors import SetupError
from languages.translation.engine import EngineDown
from languages.translation.model_memory import ModelMemory


def use(memory: ModelMemory[str], key: str, cost: float = 40.0) -> str:
    with memory.model(key, cost, lambda: f"model {key}") as model:
        return model


def test_the_longest_unused_model_goes() -> None:
    memory: ModelMemory[str] = ModelMemory(100)
    for key in ("a", "b", "a", "c"):
        assert use(memory, key) == f"model {key}"
    assert memory.loaded() == {"a": 40.0, "c": 40.0}


def test_a_model_is_loaded_once() -> None:
    memory: ModelMemory[str] = ModelMemory(100)
    loads: list[int] = []
    together = threading.Barrier(8)

    def load() -> str:
        loads.append(1)
        return "model"

    def work(_: int) -> str:
        together.wait(10)
        with memory.model("a", 10, load) as model:
            return model

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(work, range(8))) == {"model"}
    assert len(loads) == 1


def test_a_model_in_use_stays_and_the_next_waits_for_room() -> None:
    memory: ModelMemory[str] = ModelMemory(50, timeout=10)
    with ThreadPoolExecutor(1) as pool:
        with memory.model("a", 40, lambda: "a"):
            waiting = pool.submit(use, memory, "b")
            with pytest.raises(TimeoutError):
                waiting.result(0.1)
            assert memory.loaded() == {"a": 40.0}
        assert waiting.result(10) == "model b"
    assert memory.loaded() == {"b": 40.0}


def test_no_room_in_time() -> None:
    memory: ModelMemory[str] = ModelMemory(50, timeout=0.01)
    with memory.model("a", 40, lambda: "a"), pytest.raises(EngineDown, match="AFTERSAIL_TRANSLATION_MEMORY_MB"):
        use(memory, "b")


def test_a_model_that_never_fits() -> None:
    with pytest.raises(SetupError, match="needs about 90 MB and translation may use 50 MB"):
        use(ModelMemory(50), "a", 90)


def test_a_model_that_cannot_be_loaded_takes_no_room() -> None:
    memory: ModelMemory[str] = ModelMemory(50, timeout=0.01)

    def fail() -> str:
        raise SetupError("damaged")

    for _ in range(2):
        with pytest.raises(SetupError, match="damaged"), memory.model("a", 40, fail):
            pass
    assert use(memory, "b") == "model b"
    assert use(memory, "a") == "model a"


def test_many_threads_never_exceed_the_budget() -> None:
    memory: ModelMemory[str] = ModelMemory(100, timeout=20)
    most: list[float] = []

    def work(number: int) -> None:
        with memory.model(str(number % 7), 30, lambda: "m"):
            most.append(sum(memory.loaded().values()))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(400)))
    assert max(most) <= 100
