import time

import pytest

from connectors.webchat.errors import Refused
from connectors.webchat.limits import Action, Limits


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    moment = [time.time()]
    monkeypatch.setattr(time, "time", lambda: moment[0])
    return moment


def take(limits: Limits, action: Action, times: int, visitor: str = "v", address: str = "a") -> int:
    for done in range(times):
        try:
            limits.check(action, visitor, address)
        except Refused:
            return done
    return times


def test_a_burst_ends_at_five_and_says_how_long_to_wait(now: list[float]) -> None:
    limits = Limits()
    assert take(limits, Action.MESSAGE, 9) == 5
    with pytest.raises(Refused) as caught:
        limits.check(Action.MESSAGE, "v", "a")
    assert caught.value.code == "too_fast"
    assert 0 < caught.value.retry_after <= 4
    now[0] += caught.value.retry_after + 0.01
    limits.check(Action.MESSAGE, "v", "a")


def test_twenty_messages_a_minute(now: list[float]) -> None:
    limits = Limits()
    done = 0
    for _ in range(30):
        done += take(limits, Action.MESSAGE, 1)
        now[0] += 1
    assert done == 20


def test_an_address_has_its_own_limit(now: list[float]) -> None:
    limits = Limits()
    done = sum(take(limits, Action.MESSAGE, 1, visitor=f"v{number}") for number in range(200))
    assert done == 120
    assert take(limits, Action.MESSAGE, 1, visitor="other", address="b") == 1


def test_sessions_are_limited_by_address(now: list[float]) -> None:
    assert take(Limits(), Action.SESSION, 50) == 30


def test_a_refused_action_is_not_counted(now: list[float]) -> None:
    limits = Limits()
    take(limits, Action.MESSAGE, 5)
    for _ in range(40):
        take(limits, Action.MESSAGE, 1)
    now[0] += 4
    assert take(limits, Action.MESSAGE, 5) == 5
