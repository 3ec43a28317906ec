"""A small scripted channel with a JSON webhook of its own, and the parts of intake and sender on a real database."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from connectors.channel import Accepted, Fetched, Outgoing, Planned, Profile, Task, Way, Words
from connectors.delivery.errors import DeliveryError, Refused
from connectors.events import Content, Event, MediaRef, Said, Unreadable, What

NOW = 1_800_000_000.0
SIGNATURE = "x-scripted-signature"
_WHAT: TypeAdapter[What] = TypeAdapter(What)


class Clock:
    """A clock that moves when a test says so."""

    def __init__(self, now: float = NOW) -> None:
        self.now = now

    def __call__(self) -> float:
        """Seconds since 1970."""
        return self.now

    def pass_s(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


@dataclass(frozen=True)
class ScriptedAccount:
    """A number of ours at the scripted vendor."""

    name: str = "de"
    market: str = "DE"
    vendor_id: str = "bot-de"
    secret: str = "secret-of-de"
    messages_per_second: int = 1_000
    recipient_limit: tuple[int, float] = (0, 0.0)


@dataclass(frozen=True)
class Call:
    """A call that was made."""

    task: Task
    way: Way

    @property
    def text(self) -> str:
        """What the person reads."""
        return str(self.task.body["text"])


Outcome = Accepted | Exception | None
Send = Callable[[Task, Way], Outcome | Awaitable[Outcome]]


@dataclass
class ScriptedChannel:
    """connectors.channel.Channel whose ways and answers a test writes down; what is not scripted is taken."""

    accounts: Mapping[str, ScriptedAccount] = field(default_factory=lambda: {"de": ScriptedAccount()})
    name: str = "scripted"
    reports_delivery: bool = False
    proof_wait_s: float = 0.0
    reply_within_s: float = 0.0
    outcomes: list[Outcome] = field(default_factory=list)  # of the next calls; None: taken
    on_send: Send | None = None  # in place of `outcomes`
    on_way: Callable[[Task], Way] | None = None
    failures: dict[str, DeliveryError] = field(default_factory=dict)  # by the vendor's code
    profiles: dict[str, Profile | DeliveryError] = field(default_factory=dict)
    parts: int = 1  # calls that carry one row
    calls: list[Call] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)  # messages shown as read
    asked: list[str] = field(default_factory=list)  # people whose profile was asked

    @property
    def texts(self) -> list[str]:
        """What was called, in its order."""
        return [call.text for call in self.calls]

    def signers(self, headers: Mapping[str, str], body: bytes) -> Sequence[ScriptedAccount]:
        """Accounts whose secret signed the body."""
        given = headers.get(SIGNATURE, "").encode()
        return [one for one in self.accounts.values() if hmac.compare_digest(sign(one.secret, body).encode(), given)]

    def parse(self, body: bytes) -> list[Event]:
        """The events of `make_body`."""
        try:
            found = json.loads(body)["events"]
            return [Event(**{**event, "what": _WHAT.validate_python(event["what"])}) for event in found]
        except (ValueError, KeyError, TypeError) as error:
            raise Unreadable("no body of the scripted vendor") from error

    def plan(self, rows: Sequence[Outgoing], words: Words) -> list[Planned]:
        """One call a row, or `parts` of them."""
        return [
            Planned((row.id,), {"text": row.text if self.parts == 1 else f"{row.text} {part}/{self.parts}"})
            for row in rows
            for part in range(1, self.parts + 1)
        ]

    @property
    def paid_way(self) -> str:
        """What a message takes when it is not free."""
        return "push"

    def free_left_s(self, silent_s: float | None, token_age_s: float | None) -> float:
        """Seconds for which the newest token is good."""
        return 0.0 if token_age_s is None else max(0.0, self.reply_within_s - token_age_s)

    def way(self, task: Task) -> Way:
        """As scripted; else the reply token when there is a fresh one, else a push."""
        if self.on_way:
            return self.on_way(task)
        if task.token and task.token.age_s <= self.reply_within_s and task.uncertain is None:
            return Way("reply", "free", {"token": task.token.token}, task.token.token)
        return Way("push", "push", {"key": task.key})

    def failure(self, code: str, reason: str) -> DeliveryError:
        """What a later failure asks us to do."""
        return self.failures.get(code) or Refused(code, reason, "Read the code.")

    async def prepare(self, task: Task) -> None:
        """It has no files."""

    async def send(self, task: Task, way: Way) -> Accepted:
        """The next outcome."""
        self.calls.append(Call(task, way))
        number = len(self.calls)
        outcome = self.on_send(task, way) if self.on_send else (self.outcomes.pop(0) if self.outcomes else None)
        if isinstance(outcome, Awaitable):
            outcome = await outcome
        if isinstance(outcome, Exception):
            raise outcome
        return outcome or Accepted((f"v{number}",))

    async def acknowledge(self, account: str, address: Mapping[str, str], said: Mapping[str, str]) -> None:
        """Remembered."""
        self.shown.append(said["message"])

    async def profile(self, account: str, sender: str) -> Profile | None:
        """As scripted; None when nothing is."""
        self.asked.append(sender)
        found = self.profiles.get(sender)
        if isinstance(found, DeliveryError):
            raise found
        return found

    @asynccontextmanager
    async def _fetch(self) -> AsyncIterator[Fetched]:
        async def nothing() -> AsyncIterator[bytes]:
            for chunk in (b"file",):
                yield chunk

        yield Fetched("text/plain", 4, nothing())

    def fetch(self, account: str, media: MediaRef) -> AbstractAsyncContextManager[Fetched]:
        """Four bytes."""
        return self._fetch()


def sign(secret: str, body: bytes) -> str:
    """The signature header's value."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def event(what: What, event_id: str, at: float = NOW, account: str = "bot-de") -> Event:
    """An event of the German account."""
    return Event(event_id, account, at, what)


def said(text: str, message: str, sender: str = "ann", **more: Any) -> Said:
    """A person's text."""
    return Said(sender, message, more.pop("content", Content.TEXT), text, **more)


def make_body(*events: Event) -> bytes:
    """A webhook's bytes."""
    return json.dumps({"events": [_plain(one) for one in events]}).encode()


def _plain(one: Event) -> dict[str, Any]:
    return {**vars(one), "what": _vars(one.what)}


def _vars(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return {name: _vars(item) for name, item in vars(value).items()}
    return dict(value) if isinstance(value, Mapping) else value


class NoWords:
    """Words around choices, the same in every language."""

    def of(self, market: str, language: str) -> Words:
        """Words."""
        return Words("Options", "Choose:")

    def mark(self, market: str, language: str, checked: bool) -> str:
        """A mark."""
        return "(checked)" if checked else "(machine)"

    def original(self, market: str, language: str) -> str:
        """A label."""
        return "Original"
