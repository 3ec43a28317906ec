"""A process notices that its supervisor died."""

import os

import pytest

from core.supervised import VARIABLE, supervisor_is_gone


@pytest.mark.parametrize(
    ("supervisor", "gone"), [(None, False), (str(os.getppid()), False), (str(os.getppid() + 1), True)]
)
def test_supervisor_is_gone(supervisor: str | None, gone: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    if supervisor is not None:
        monkeypatch.setenv(VARIABLE, supervisor)
    assert supervisor_is_gone() is gone
