"""Posts webhook bodies to the product, as stubbornly as the vendors do."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from tests.simulators.common.clock import SimulatedClock
from tests.simulators.common.faults import FaultDice
from tests.simulators.common.scheduler import Scheduler

Signer = Callable[[bytes], dict[str, str]]


@dataclass(frozen=True)
class RetryPlan:
    """How a vendor repeats a body that was not answered with 200."""

    timeout_s: float = 20.0  # real seconds until an attempt counts as unanswered
    first_pause_s: float = 5.0
    factor: float = 2.0
    longest_pause_s: float = 3600.0
    give_up_s: float = 7 * 86_400.0
    scale: float = 1.0  # shrinks all pauses, for tests
    enabled: bool = True  # LINE repeats only when its console says so

    def pause_s(self, attempts: int) -> float:
        """Simulated seconds to wait after so many failed attempts (1 or more)."""
        return self.scale * min(self.longest_pause_s, self.first_pause_s * self.factor ** (attempts - 1))


@dataclass(frozen=True)
class Attempt:
    """One try to post a body. `status` is 0 when no answer came; `error` then names why."""

    at: float
    status: int
    error: str = ""


@dataclass
class Post:
    """One body for one address, and what became of it."""

    url: str
    body: bytes
    created_at: float
    duplicate: bool = False  # posted again without need
    attempts: list[Attempt] = field(default_factory=list)
    finished: bool = False

    @property
    def delivered(self) -> bool:
        """Whether the product answered 200."""
        return any(attempt.status == 200 for attempt in self.attempts)


Body = Callable[[Post], bytes]


class WebhookDelivery:
    """Posts bodies and keeps the record of all attempts in `posts`."""

    def __init__(
        self, clock: SimulatedClock, scheduler: Scheduler, plan: RetryPlan, sign: Signer, concurrency: int = 1
    ) -> None:
        self.posts: list[Post] = []
        self.dice: FaultDice | None = None  # no duplicates and no reordering without
        self.rewrite: Body = lambda post: post.body  # LINE marks repeated bodies inside them
        self._clock = clock
        self._scheduler = scheduler
        self._plan = plan
        self._sign = sign
        self._slots = asyncio.Semaphore(concurrency)
        self._client: httpx.AsyncClient | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def idle(self) -> bool:
        """True when every body was taken or given up."""
        return not self._tasks and all(post.finished for post in self.posts)

    def post(self, url: str, body: bytes) -> None:
        """Post this body soon. With faults, sometimes later or twice."""
        now = self._clock.now()
        hold = self.dice.hold_s() if self.dice else 0.0
        self._add(Post(url, body, now), now + hold)
        if self.dice and self.dice.duplicate():
            self._add(Post(url, body, now, duplicate=True), now + hold + 0.05)

    async def close(self) -> None:
        """Stop posting; what is under way is dropped."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    def _add(self, post: Post, at: float) -> None:
        self.posts.append(post)
        self._scheduler.at(at, lambda: self._start(post))

    def _start(self, post: Post) -> None:
        task = asyncio.get_running_loop().create_task(self._attempt(post))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _attempt(self, post: Post) -> None:
        async with self._slots:
            post.attempts.append(await self._send(post))
        expired = self._clock.now() - post.created_at > self._plan.give_up_s
        if post.delivered or expired or not self._plan.enabled:
            post.finished = True
            return
        self._scheduler.at(self._clock.now() + self._plan.pause_s(len(post.attempts)), lambda: self._start(post))

    async def _send(self, post: Post) -> Attempt:
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=self._plan.timeout_s)
        body = self.rewrite(post)
        headers = {"Content-Type": "application/json", **self._sign(body)}
        at = self._clock.now()
        try:
            async with asyncio.timeout(self._plan.timeout_s):
                answer = await self._client.post(post.url, content=body, headers=headers)
        except (httpx.HTTPError, TimeoutError) as error:
            return Attempt(at, 0, type(error).__name__)
        return Attempt(at, answer.status_code)
