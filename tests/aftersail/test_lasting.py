"""A task that fails is begun anew, and ends when it is told to."""

import asyncio

import pytest

from aftersail.lasting import lasting


async def test_a_failing_task_is_begun_anew(capsys: pytest.CaptureFixture[str]) -> None:
    begun = 0
    stopped = asyncio.Event()

    async def task(_stopped: asyncio.Event) -> None:
        nonlocal begun
        begun += 1
        if begun < 3:
            raise KeyError("a row that nobody expected")

    await asyncio.wait_for(lasting(task, "surveys", first_wait_s=0.001)(stopped), 30)
    assert begun == 3


async def test_it_ends_in_the_middle_of_a_wait() -> None:
    stopped = asyncio.Event()

    async def task(_stopped: asyncio.Event) -> None:
        stopped.set()
        raise KeyError("last words")

    await asyncio.wait_for(lasting(task, "surveys", first_wait_s=3600)(stopped), 30)
