"""Posts webhooks: in order within a chat, within two seconds, again when redelivery is on."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from tests.simulators.common.scheduler import Scheduler
from tests.simulators.common.signing import base64_signature
from tests.simulators.line.events import body_of, renew_tokens
from tests.simulators.line.state import BotState, World

Events = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Attempt:
    """One post of a body. `status` is 0 when no answer came; `reason` as in the vendor's error statistics."""

    at_ms: int
    bot: str
    body: bytes
    signature: str
    status: int
    reason: str  # success, error_status_code, request_timeout, could_not_connect
    redelivery: bool = False

    @property
    def taken(self) -> bool:
        """Whether the endpoint answered 20x in time."""
        return self.reason == "success"


class Delivery:
    """Sends the events of all bots and keeps every attempt in `attempts`, oldest first."""

    def __init__(self, world: World, scheduler: Scheduler) -> None:
        self.attempts: list[Attempt] = []
        self.lost: list[Mapping[str, Any]] = []  # events that the platform gave up
        self._world = world
        self._scheduler = scheduler
        self._client: httpx.AsyncClient | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns: dict[str, asyncio.Lock] = {}
        self._waiting = 0
        self._age = 0

    @property
    def idle(self) -> bool:
        """Whether nothing is under way or waits for redelivery."""
        return not self._tasks and not self._waiting

    def send(self, bot: BotState, events: Events) -> None:
        """Post these events in one body soon; with faults, later or twice."""
        if not events:
            return
        if not bot.webhook:
            self.lost.extend(events)
            return
        dice = self._world.dice
        hold_s, copies = dice.hold_s(), 2 if dice.duplicate() else 1
        if hold_s:
            self._later(hold_s, lambda: self._begin(bot, events, copies))
        else:
            self._begin(bot, events, copies)

    async def attempt(self, bot: BotState, events: Events, *, redelivery: bool = False) -> Attempt:
        """Post once and record it. An empty list of events is the console's "Verify"."""
        renew_tokens(self._world, events)
        body = body_of(bot, events, redelivery=redelivery)
        signature = base64_signature(bot.bot.channel_secret, body)
        at_ms = self._world.now_ms()
        status, reason = await self._post(bot.webhook, body, signature)
        made = Attempt(at_ms, bot.bot.user_id, body, signature, status, reason, redelivery)
        self.attempts.append(made)
        return made

    def reset(self) -> None:
        """Forget all attempts and drop what is under way or waits."""
        self._age += 1
        self._waiting = 0
        for task in list(self._tasks):
            task.cancel()
        self._tasks.clear()
        self._turns.clear()
        self.attempts.clear()
        self.lost.clear()

    async def close(self) -> None:
        """Drop what is under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    def _begin(self, bot: BotState, events: Events, copies: int) -> None:
        source = events[0].get("source", {})
        chat = source.get("groupId") or source.get("roomId") or source.get("userId", "")
        turn = self._turns.setdefault(f"{bot.bot.user_id} {chat}", asyncio.Lock())
        for number in range(copies):
            self._start(bot, events, turn, redelivered=0, again=number == 0)

    def _start(self, bot: BotState, events: Events, turn: asyncio.Lock, *, redelivered: int, again: bool) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(bot, events, turn, redelivered, again))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, bot: BotState, events: Events, turn: asyncio.Lock, redelivered: int, again: bool) -> None:
        async with turn:
            made = await self.attempt(bot, events, redelivery=redelivered > 0)
        settings = self._world.settings
        if made.taken or not again:
            return
        if not settings.redelivery or redelivered >= len(settings.redelivery_pauses_s):
            self.lost.extend(events)
            return
        pause_s = settings.redelivery_pauses_s[redelivered] * settings.pause_scale
        self._later(pause_s, lambda: self._start(bot, events, turn, redelivered=redelivered + 1, again=True))

    def _later(self, seconds: float, start: Callable[[], None]) -> None:
        self._waiting += 1
        age = self._age

        def run() -> None:
            if age != self._age:
                return
            self._waiting -= 1
            start()

        self._scheduler.at(self._world.clock.now() + seconds, run)

    async def _post(self, url: str, body: bytes, signature: str) -> tuple[int, str]:
        timeout_s = self._world.settings.webhook_timeout_s
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=None, trust_env=False)  # the exchange as a whole is timed
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "LineBotWebhook/2.0",
            "x-line-signature": signature,
        }
        try:
            async with asyncio.timeout(timeout_s):
                answer = await self._client.post(url, content=body, headers=headers)
        except (TimeoutError, httpx.TimeoutException):
            return 0, "request_timeout"
        except httpx.HTTPError:
            return 0, "could_not_connect"
        return answer.status_code, "success" if 200 <= answer.status_code < 210 else "error_status_code"
