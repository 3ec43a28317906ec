"""The loop of everything that looks for work again and again."""

import asyncio

from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from connectors.rounds import work_until

IDLE_S = 0.5
AWAY = OperationalError("SELECT words of a person", {}, Exception("database is locked"))


async def test_it_waits_when_nothing_is_there_or_the_database_is_away_and_goes_on() -> None:
    stopped, waited = asyncio.Event(), []
    outcomes: list[int | Exception] = [2, AWAY, 1, 0, 3]

    async def work() -> int:
        outcome = outcomes.pop(0)
        if not outcomes:
            stopped.set()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def wait(seconds: float) -> None:
        waited.append((seconds, len(outcomes)))

    with capture_logs() as lines:
        await work_until(stopped, work, wait, IDLE_S)
    assert waited == [(IDLE_S, 3), (IDLE_S, 1)]  # after the failure, and after the empty round
    (line,) = lines
    assert (line["event"], line["log_level"]) == ("database_away", "error")
    assert "database is locked" in line["cause"]
    assert "words of a person" not in str(line)
