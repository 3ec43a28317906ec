"""Hours until a conversation closes by itself."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from aftersail import closing
from aftersail.closing import Closing, ClosingHours, load_closing_hours
from core.errors import ContentError
from tests.conversations.test_episodes import said


def test_the_products_own_hours() -> None:
    assert load_closing_hours()("DE") == 72


def test_a_market_may_differ(tmp_path: Path) -> None:
    path = tmp_path / "closing.yml"
    path.write_text("default: 48\nmarkets: {JP: 24}\n")
    hours = load_closing_hours(path)
    assert (hours("JP"), hours("DE")) == (24, 48)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("default: 48\n", "needs"),
        ("default: 0\nmarkets: {}\n", "default: hours are a number"),
        ("default: 48\nmarkets: {JP: soon}\n", "JP: hours are a number"),
        ("default: true\nmarkets: {}\n", "default: hours"),
    ],
)
def test_wrong_hours_are_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "closing.yml"
    path.write_text(text)
    with pytest.raises(ContentError, match=words):
        load_closing_hours(path)


async def test_it_looks_again_and_again_and_tells(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "EVERY_S", 0.001)
    done = said(engine, "a", "m1")
    told: asyncio.Queue[str] = asyncio.Queue()
    running = asyncio.create_task(Closing(engine, ClosingHours(1), told.put_nowait, lambda: 1e6).run())
    assert await asyncio.wait_for(told.get(), 10) == done
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
