"""What /readyz says when a process is missing."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from aftersail.health import find_problems
from core.wakeups import COURIER, WORKER, Listener, Notifier
from tests.support.records import new_engine

RELEASE: Any = SimpleNamespace(problem="")


def test_a_missing_courier_is_a_problem_where_there_are_vendors(tmp_path: Path) -> None:
    engine, notifier = new_engine(tmp_path), Notifier(tmp_path / "run")
    with Listener(tmp_path / "run", WORKER, "worker-1"):
        assert find_problems(engine, RELEASE, notifier, channels=False) == []
        (problem,) = find_problems(engine, RELEASE, notifier, channels=True)
        assert "courier" in problem
        with Listener(tmp_path / "run", COURIER, "courier-1"):
            assert find_problems(engine, RELEASE, notifier, channels=True) == []
