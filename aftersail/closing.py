"""Closes conversations that were answered long ago and in which nobody has written since."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from conversations.episodes import close_answered
from core.errors import ContentError, Fault
from core.yaml_files import line_of, read_yaml, without_lines

logger = structlog.get_logger(__name__)

FILE = Path(__file__).parent / "data" / "closing.yml"
EVERY_S = 600.0
LEAST_HOURS, MOST_HOURS = 1, 2_160


@dataclass(frozen=True)
class ClosingHours:
    """Hours until a conversation closes, by market."""

    default: float
    markets: Mapping[str, float] = field(default_factory=dict)

    def __call__(self, market: str) -> float:
        """The market's hours."""
        return self.markets.get(market, self.default)


def load_closing_hours(path: Path = FILE) -> ClosingHours:
    """The hours of the file. Raises ContentError naming what is wrong."""
    file = read_yaml(path)
    data = without_lines(file.data)
    if not isinstance(data, dict) or set(data) != {"default", "markets"} or not isinstance(data["markets"], dict):
        raise ContentError([Fault(path, 1, "needs `default: HOURS` and `markets: {CODE: HOURS}`, and nothing else")])
    hours = {"default": data["default"], **data["markets"]}
    wrong = [name for name, value in hours.items() if not _is_hours(value)]
    if wrong:
        text = f"{', '.join(map(str, wrong))}: hours are a number from {LEAST_HOURS} to {MOST_HOURS}"
        raise ContentError([Fault(path, line_of(file.data), text)])
    return ClosingHours(float(data["default"]), {code: float(value) for code, value in data["markets"].items()})


def _is_hours(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and LEAST_HOURS <= value <= MOST_HOURS


@dataclass(frozen=True)
class Closing:
    """Runs every ten minutes in the web process."""

    engine: Engine
    hours: ClosingHours
    notify: Callable[[str], object]  # tells that a conversation has news
    clock: Callable[[], float] = time.time

    async def run(self) -> None:
        """For as long as the process lives."""
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                closed = await asyncio.to_thread(close_answered, self.engine, self.hours, self.clock())
            except DBAPIError as error:
                logger.error("closing_failed", error=str(error.orig), remedy="run `aftersail doctor`")
                continue
            for conversation_id in closed:
                self.notify(conversation_id)
            if closed:
                logger.info("closed_answered", conversations=len(closed))
