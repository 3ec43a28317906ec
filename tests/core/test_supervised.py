"""A process notices that its supervisor died."""

import os

import pytest

from core.supervised import MAX_HOLDER, VARIABLE, holder_of, supervisor_is_gone


@pytest.mark.parametrize(
    ("supervisor", "gone"), [(None, False), (str(os.getppid()), False), (str(os.getppid() + 1), True)]
)
def test_supervisor_is_gone(supervisor: str | None, gone: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    if supervisor is not None:
        monkeypatch.setenv(VARIABLE, supervisor)
    assert supervisor_is_gone() is gone


@pytest.mark.parametrize(
    ("machine", "held"), [("a", "worker-1@a"), ("b", "worker-1@b"), ("h" * 64, "worker-1@" + "h" * 55)]
)
def test_each_machine_holds_work_by_a_name_of_its_own(machine: str, held: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.node", lambda: machine)
    assert holder_of("worker-1") == held
    assert len(held) <= MAX_HOLDER
