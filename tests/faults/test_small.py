"""A small fault run on every change; `make faults` is the large one."""

import pytest
from rich.console import Console

from tests.faults.run import Plan, run, show

pytestmark = [pytest.mark.model, pytest.mark.slow, pytest.mark.timeout(600)]

SMALL = Plan(messages=160, people=16, at_once=16, kills=3, kill_pauses_s=(8.0, 14.0))


async def test_nothing_is_lost_doubled_or_out_of_order(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = await run(SMALL, Console(stderr=True, quiet=True))
    with capsys.disabled():
        show(outcome, Console(width=80))
    assert sum(outcome.kills.values()) >= SMALL.kills
    for verdict in outcome.verdicts:
        assert verdict.is_clean, verdict
        assert verdict.written == SMALL.messages // 2
        assert verdict.calls >= verdict.written // 2  # the customers did get answers
