"""A simulated app with its clock, its faults and its webhooks. Lives on one event loop."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import httpx

from tests.simulators.common.clock import SimulatedClock
from tests.simulators.common.delivery import WebhookDelivery
from tests.simulators.common.faults import FaultDice, Faults
from tests.simulators.common.scheduler import Scheduler
from tests.simulators.common.signing import ascii_body, hex_signature
from tests.simulators.whatsapp.config import Document, SimulatorConfig
from tests.simulators.whatsapp.engine import Engine
from tests.simulators.whatsapp.errors import VendorError, bad_token, expired_token
from tests.simulators.whatsapp.inbound import Inbound
from tests.simulators.whatsapp.links import Links
from tests.simulators.whatsapp.webhooks import Event, bodies, template_event

HANDSHAKE_S = 10.0
CHALLENGE = "1158201444"


class Simulation:
    """Ties the engine to time, faults and delivery."""

    def __init__(self, config: SimulatorConfig) -> None:
        self.config = config
        self.clock = SimulatedClock(config.clock_offset_s)
        self.scheduler = Scheduler(self.clock)
        self.delivery = WebhookDelivery(self.clock, self.scheduler, config.retries, self._signed, config.concurrency)
        self.engine = Engine(config, self.clock, self.emit, self.scheduler.at)
        self.inbound = Inbound(self.engine)
        self.links = Links(self.engine)
        self.webhook_urls = list(config.webhook_urls)
        self.faults = Faults(seed=config.seed)
        self.dice = FaultDice(self.faults)
        self.calls: list[tuple[float, str, str, int]] = []  # time, method, path, HTTP status (0: reset)
        self._expired_until = 0.0
        self._waiting: list[Event] = []
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Let time pass."""
        self._task = asyncio.create_task(self.scheduler.run())

    async def stop(self) -> None:
        """Stop time and deliveries."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self.links.close()
        await self.delivery.close()

    @property
    def idle(self) -> bool:
        """True when nothing is due later and every webhook was taken or given up."""
        return not (len(self.scheduler) or self._waiting or self.links.busy) and self.delivery.idle

    def emit(self, event: Event) -> None:
        """Post a webhook event, alone or with those that come within the batch time."""
        if self.config.batch_max <= 1:
            self.post([event])
            return
        self._waiting.append(event)
        if len(self._waiting) >= self.config.batch_max:
            self._flush()
        elif len(self._waiting) == 1:
            self.scheduler.at(self.clock.now() + self.config.batch_s, self._flush)

    def post(self, events: Sequence[Event]) -> None:
        """Post events together, in one body for each address."""
        for address, document in bodies(events, self.clock.now()):
            for url in [address] if address else self.webhook_urls:
                self.delivery.post(url, ascii_body(document))

    def act(self, acts: Any) -> list[str]:
        """Ids of what customers sent; several acts travel in one body. Raises ValueError."""
        several = acts if isinstance(acts, list) else [acts]
        done = [self.inbound.act(act) for act in several]
        events = [event for _, event in done if event is not None]
        if len(several) > 1:
            self.post(events)
        else:
            for event in events:
                self.emit(event)
        return [wamid for wamid, _ in done]

    def advance(self, seconds: float) -> float:
        """The time after a move; what became due runs soon."""
        now = self.clock.advance(seconds)
        self.scheduler.wake()
        return now

    def set_faults(self, values: Document) -> Faults:
        """The faults from now on: all at rest, but for these. Raises ValueError."""
        self.faults = Faults(seed=self.config.seed).changed(values)
        self.dice = FaultDice(self.faults)
        self.delivery.dice = self.dice
        self._expired_until = self.clock.now() + self.faults.expired_token_s
        return self.faults

    def set_template(self, account: str, name: str, language: str, status: str, reason: str = "NONE") -> None:
        """Give a template a status and tell of it. Raises ValueError for an unknown template."""
        template = self.engine.templates.find(account, name, language)
        if template is None:
            raise ValueError(f"account {account} has no template {name} in {language}")
        template.document["status"] = status
        self.emit(template_event(account, template.document, reason))

    def set_customer(self, values: Document) -> None:
        """Change a customer: name, hidden, aliases, reachable, fails_with, reads. Raises ValueError."""
        customer = self.engine.world.customer(str(values["wa_id"]))
        for name, value in values.items():
            if name not in {"wa_id", "name", "username", "hidden", "aliases", "reachable", "fails_with", "reads"}:
                raise ValueError(f"a customer has no {name}")
            setattr(customer, name, tuple(value) if name == "aliases" else value)

    def check_token(self, header: str) -> None:
        """Nothing for a good token. Raises VendorError for a missing, wrong or expired one."""
        now = self.clock.now()
        if now < self._expired_until:
            raise expired_token(datetime.fromtimestamp(now, UTC).strftime("%A, %d-%b-%y %H:%M:%S UTC"))
        if not header:
            raise VendorError(
                104,
                "An access token is required to request this resource.",
                message="An access token is required to request this resource.",
                http=401,
            )
        if header != f"Bearer {self.config.access_token}":
            raise bad_token()

    async def handshake(self) -> list[Document]:
        """What each webhook address answered to the subscription: {url, status, ok}."""
        answers = []
        query = {"hub.mode": "subscribe", "hub.verify_token": self.config.verify_token, "hub.challenge": CHALLENGE}
        async with httpx.AsyncClient(timeout=HANDSHAKE_S) as client:
            for url in self.webhook_urls:
                try:
                    answer = await client.get(url, params=query)
                except httpx.HTTPError as error:
                    answers.append({"url": url, "status": 0, "ok": False, "error": type(error).__name__})
                    continue
                ok = answer.status_code == 200 and answer.text == CHALLENGE
                answers.append({"url": url, "status": answer.status_code, "ok": ok})
        return answers

    def _flush(self) -> None:
        events, self._waiting = self._waiting, []
        if events:
            self.post(events)

    def _signed(self, body: bytes) -> dict[str, str]:
        signature = hex_signature(self.config.app_secret, body)
        return {"X-Hub-Signature-256": f"sha256={signature}", "User-Agent": "facebookexternalua"}
