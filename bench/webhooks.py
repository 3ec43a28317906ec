"""How quickly a webhook is acknowledged, while the worker is saturated: LINE events with messages, 200 a second.

`python -m bench.webhooks [--messages N] [--json PATH]`. A real web process and a real worker; LINE's API is a stub that
takes everything. The baseline is the bare endpoint beside it in the same run: it checks the signature, answers 200 and
stores nothing.
"""

import asyncio
import base64
import contextlib
import functools
import hashlib
import hmac
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
import yaml

from bench.content import read_questions
from bench.fleet import workers
from bench.installation import temporary_installation
from bench.ports import START_S, free_port, wait_listening
from bench.posts import post_at_rate
from bench.report import arguments, show
from core.database import open_engine, reading
from core.schema import conversations
from core.schema_channels import webhook_events
from core.settings import Settings, load_settings, quiet_libraries
from core.wakeups import COURIER, Listener

RATE = 200  # webhooks a second
MESSAGES = 3_000
WARM_UP = 100
PEOPLE = 300
SECRET = "simulated-bench-secret"
BOT = "U" + "0" * 31 + "1"


def measure(count: int) -> list[dict[str, Any]]:
    """A row for the bare endpoint and one for ours with an idle and with a saturated worker."""
    with temporary_installation(load_settings()) as settings, _processes(settings) as (stub, web):
        bare = asyncio.run(_drive(f"{stub}/bare", count, _event_without_message))
        idle = asyncio.run(_drive(f"{web}/webhooks/line", count, _event_without_message))
        with workers(settings, 1):
            asyncio.run(_drive(f"{web}/webhooks/line", WARM_UP, _message))
            busy = asyncio.run(_drive(f"{web}/webhooks/line", count, _message))
            waiting = _waiting(settings)
        return [
            {"endpoint": "bare: signature and 200", **bare},
            {"endpoint": "aftersail, worker idle", **idle},
            {"endpoint": "aftersail, worker saturated", **busy, "still waiting at the end": waiting},
        ]


async def _drive(url: str, count: int, event: Callable[[int], dict[str, Any]]) -> dict[str, Any]:
    """Post at the rate, whether or not answers come."""
    seconds, statuses = await post_at_rate(url, count, RATE, lambda number: _signed(event(number)))
    median, p99, worst = (float(value) for value in np.percentile(np.array(seconds) * 1000, (50, 99, 100)))
    taken = sum(status == 200 for status in statuses) / count
    times = {"p50_ms": round(median, 2), "p99_ms": round(p99, 2), "max_ms": round(worst, 1)}
    return {"webhooks": count, **times, "ok": taken}


def _signed(event: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
    body = json.dumps({"destination": BOT, "events": [event]}, ensure_ascii=False).encode()
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256).digest()
    return body, {"x-line-signature": base64.b64encode(digest).decode(), "content-type": "application/json"}


def _event_without_message(number: int) -> dict[str, Any]:
    return {**_base(number), "type": "unfollow"}


def _message(number: int) -> dict[str, Any]:
    texts = _japanese()
    said = {"type": "text", "id": f"{time.time_ns()}{number:05}", "text": texts[number % len(texts)], "quoteToken": "q"}
    return {**_base(number), "type": "message", "replyToken": f"{time.time_ns():032x}", "message": said}


@functools.cache
def _japanese() -> tuple[str, ...]:
    return tuple(item.text for item in read_questions(load_settings().content_dir) if item.language == "ja")


def _base(number: int) -> dict[str, Any]:
    person = {"type": "user", "userId": f"U{number % PEOPLE:032x}"}
    delivery = {"deliveryContext": {"isRedelivery": False}, "webhookEventId": f"{time.time_ns():022d}{number:05d}"}
    return {"mode": "active", "timestamp": time.time_ns() // 1_000_000, "source": person, **delivery}


@contextlib.contextmanager
def _processes(settings: Settings) -> Iterator[tuple[str, str]]:
    """Addresses of the stub and of the web process."""
    stub_port, port = free_port(), free_port()
    accounts = settings.data_dir / "channels.yml"
    account = {"name": "line-bench", "market": "JP", "bot_user_id": BOT, "channel_secret": SECRET}
    account |= {"access_token": "simulated-bench-token", "api_url": f"http://127.0.0.1:{stub_port}"}
    accounts.write_text(yaml.safe_dump({"line": [account]}), encoding="utf-8")
    environment = {**os.environ, "AFTERSAIL_DATA_DIR": str(settings.data_dir), "AFTERSAIL_DATABASE_URL": ""}
    environment |= {"AFTERSAIL_CHANNELS": str(accounts), "AFTERSAIL_PORT": str(port), "AFTERSAIL_LOG_LEVEL": "ERROR"}
    commands = (
        [sys.executable, "-m", "bench.line_stub", str(stub_port), SECRET],
        [sys.executable, "-m", "aftersail.web"],
        [sys.executable, "-m", "aftersail.courier"],
    )
    with Listener(settings.run_dir, "up", "webhooks") as up:
        running = [subprocess.Popen(command, env=environment, cwd=Path.cwd()) for command in commands]
        try:
            wait_listening(stub_port)
            wait_listening(port)
            asyncio.run(_courier_ready(up))
        except BaseException:
            _stop(running)
            raise
    try:
        yield f"http://127.0.0.1:{stub_port}", f"http://127.0.0.1:{port}"
    finally:
        _stop(running)


async def _courier_ready(up: Listener) -> None:
    for _ in range(int(START_S)):
        if any(name.startswith(COURIER) for name in await up.wait(1.0)):
            return
    raise TimeoutError(f"the courier is not ready after {START_S:g} s")


def _stop(running: list[subprocess.Popen[bytes]]) -> None:
    for process in running:
        process.terminate()
    for process in running:
        process.wait(20)


def _waiting(settings: Settings) -> int:
    """Messages that were not answered when the last webhook was acknowledged."""
    engine = open_engine(settings)
    stored = sa.select(sa.func.count()).where(webhook_events.c.state == "waiting")
    with reading(engine) as connection:
        pending = connection.execute(sa.select(sa.func.sum(conversations.c.pending))).scalar_one() or 0
        events = connection.execute(stored).scalar_one()
    engine.dispose()
    return int(pending) + int(events)


if __name__ == "__main__":
    quiet_libraries()
    given = arguments(__doc__, messages=MESSAGES)
    show("Webhooks", measure(given.messages), given.json)
