"""The baseline: the project that `rasa init` makes (DIET and TED), asked questions of its own domain.

`python -m bench.rasa_default [--messages N] [--json PATH]`. The first run trains it, about a minute, and keeps it
under var/bench/rasa_default. Rasa's agent is called in its own process, without the HTTP server in front of it.
"""

import asyncio
import itertools
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.load import Talk, drive, megabytes
from bench.report import arguments, show
from core.errors import SetupError
from core.settings import load_settings, quiet_libraries
from core.yaml_files import read_yaml

AT_ONCE = (1, 16)
WARM_UP = 10
MESSAGES = 300
PER_CONVERSATION = 8
TRAINING_TIMEOUT_S = 1_200


def ensure_project(folder: Path) -> Path:
    """The trained model's file; `folder` gets the project when it has none. Raises SetupError."""
    if not sorted(folder.glob("models/*.tar.gz")):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        command = [sys.executable, "-m", "rasa", "init", "--no-prompt", "--init-dir", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=TRAINING_TIMEOUT_S, check=False)
        if done.returncode:
            raise SetupError(f"rasa init failed:\n{done.stderr[-2000:]}")
    return sorted(folder.glob("models/*.tar.gz"))[-1]


def measure(messages: int) -> list[dict[str, Any]]:
    """A row for one conversation at a time and one for sixteen."""
    folder = load_settings().data_dir / "bench" / "rasa_default"
    model = ensure_project(folder)
    started = time.perf_counter()
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
    from rasa.utils.log_utils import configure_structlog

    configure_structlog()  # as `rasa run` does: no debug lines
    agent = Agent.load(str(model))
    start_s = time.perf_counter() - started

    def talker(sender: str) -> Talk:
        async def talk(text: str) -> None:
            await asyncio.sleep(0)  # behind the others' messages, as in the server: a turn of Rasa never pauses
            await agent.handle_message(UserMessage(text, CollectingOutputChannel(), sender))

        return talk

    texts = _examples(folder)
    conversations = ((talker(f"c{number}"), texts_of) for number, texts_of in enumerate(_conversations(texts)))
    return asyncio.run(_rows(conversations, messages, round(start_s, 1)))


async def _rows(
    conversations: Iterator[tuple[Talk, Sequence[str]]], messages: int, start_s: float
) -> list[dict[str, Any]]:
    await drive(conversations, WARM_UP, 1, [os.getpid()])
    rows = []
    for at_once in AT_ONCE:
        load = await drive(conversations, messages, at_once, [os.getpid()])
        rows.append({"server": "rasa init", "at once": at_once, **load.row()})
    memory = megabytes([os.getpid()])
    return [{**row, "memory_mb": memory, "start_s": start_s} for row in rows]


def _examples(folder: Path) -> list[str]:
    blocks = read_yaml(folder / "data" / "nlu.yml").data["nlu"]
    return [line.strip().removeprefix("- ") for block in blocks for line in block["examples"].strip().splitlines()]


def _conversations(texts: Sequence[str]) -> Iterator[list[str]]:
    draw = random.Random(0)
    for _ in itertools.count():
        yield draw.choices(texts, k=PER_CONVERSATION)


if __name__ == "__main__":
    quiet_libraries()
    given = arguments(__doc__, messages=MESSAGES)
    show("Rasa's default project", measure(given.messages), given.json)
