"""A service that stumbles is asked again; one that stays away is left alone."""

from collections.abc import Callable

import pytest

from core.errors import SetupError
from languages.translation.engine import EngineDown
from languages.translation.remote import LONGEST_PAUSE, Remote, RemoteOptions, Transient


class Clock:
    """Time that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    def remote(self, **options: float) -> Remote:
        return Remote("Service", RemoteOptions(**options), self.sleep, lambda: self.now)


def failing(times: int, retry_after: float | None = None) -> Callable[[], str]:
    left = [times]

    def work() -> str:
        if left[0]:
            left[0] -= 1
            raise Transient("HTTP 503", retry_after)
        return "done"

    return work


def test_tries_again_with_growing_pauses() -> None:
    clock = Clock()
    assert clock.remote(attempts=4, first_pause=1.0).call(failing(3)) == "done"
    assert [low <= pause <= 3 * low for pause, low in zip(clock.pauses, [0.5, 1.0, 2.0], strict=True)] == [True] * 3


@pytest.mark.parametrize(("asked", "pause"), [(3.0, 3.0), (3600.0, LONGEST_PAUSE)])
def test_waits_as_asked_but_not_for_ever(asked: float, pause: float) -> None:
    clock = Clock()
    clock.remote().call(failing(1, asked))
    assert clock.pauses == [pause]


def test_gives_up() -> None:
    clock = Clock()
    with pytest.raises(EngineDown, match="Service does not answer: HTTP 503"):
        clock.remote(attempts=3).call(failing(9))
    assert len(clock.pauses) == 2


def test_other_errors_pass() -> None:
    clock = Clock()

    def work() -> str:
        raise SetupError("wrong key")

    with pytest.raises(SetupError):
        clock.remote().call(work)
    assert not clock.pauses


def test_left_alone_then_asked_once_again() -> None:
    clock = Clock()
    remote = clock.remote(attempts=1, failures=2, rest=30)
    asked: list[int] = []

    def work() -> str:
        asked.append(1)
        raise Transient("no")

    for _ in range(5):
        with pytest.raises(EngineDown):
            remote.call(work)
    assert len(asked) == 2
    clock.now += 31
    for _ in range(3):
        with pytest.raises(EngineDown):
            remote.call(work)
    assert len(asked) == 3
    clock.now += 31
    assert remote.call(failing(0)) == "done"
    with pytest.raises(EngineDown, match="does not answer"):
        remote.call(work)
    assert len(asked) == 4
    with pytest.raises(EngineDown, match="does not answer"):
        remote.call(work)
    assert len(asked) == 5
