"""Web part and worker with every channel, in this process: all is real but the bot's words, which a test scripts.

The simulated vendors post to it over loopback. Nothing but the bot's words and the release is made up.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace, TracebackType
from typing import Any, Self

import httpx
import sqlalchemy as sa
from prometheus_client import CollectorRegistry
from pydantic import SecretStr
from rasa.core.channels.channel import UserMessage
from starlette.applications import Starlette

from bot.metrics import WorkerMetrics
from bot.turn import Bot
from bot.worker import Worker
from connectors.channel import Channel
from connectors.delivery.errors import DeliveryError
from connectors.webchat.deps import WebchatDeps
from connectors.webchat.routes import webchat_routes
from conversations.delivery_model import Delivery
from conversations.model import Conversation, Message, Reply
from conversations.outgoing import Blocked
from conversations.record import Record
from conversations.work import TurnResult, WorkQueue
from core.database import reading
from core.schema import conversations, messages
from core.schema_channels import webhook_events
from core.settings import Settings
from tests.simulators.common.server import ThreadServer
from tests.support.channel_office_web import Web
from tests.support.gate import open_gate
from tests.support.records import new_engine
from tests.support.webchat import SECRET, StandInDemo, StandInLanguages, StandInWords

LOOK_S = 0.02
QUIET_S = 20.0
APOLOGY = "Something went wrong here, sorry."
INTENTS = {f"pick_{number}" for number in range(20)}
OpenChannels = Callable[[httpx.AsyncClient], Mapping[str, Channel]]


@dataclass
class Script:
    """What the bot says: `said` by the customer's words; else an echo. It also notes what it hears."""

    answers: dict[str, Sequence[dict[str, Any]] | Exception] = field(default_factory=dict)
    heard: list[tuple[str, str]] = field(default_factory=list)  # (conversation id, text for the model)
    domain: Any = field(default_factory=lambda: SimpleNamespace(intents=INTENTS))

    async def handle_message(self, message: UserMessage) -> None:
        """bot.processor.TurnProcessor, scripted."""
        self.heard.append((message.sender_id, message.text))
        answer = self.answers.get(message.text, [{"text": f"You wrote: {message.text}"}])
        if isinstance(answer, Exception):
            raise answer
        for said in answer:
            language = {"language": message.metadata["language"] or "en", "release": "r1"}
            await message.output_channel.send_response(
                message.sender_id, {**said, "said": {**language, **said.get("said", {})}}
            )


class _NoMemory:
    def begin(self, conversation_id: str, slots: Mapping[str, Any]) -> None:
        """Nothing is remembered."""

    def end(self, conversation_id: str) -> dict[str, Any]:
        """Nothing."""
        return {}


class Office:
    """Use it in a `with` statement; `restart_web` ends the web part and starts another on the same port."""

    def __init__(self, folder: Path, open_channels: OpenChannels, settle: Callable[[], object]) -> None:
        self.engine = new_engine(folder)
        self.record = Record(self.engine, StandInLanguages())
        self.gate = open_gate()
        self.script = Script()
        self.told: list[tuple[str, str]] = []  # (conversation, code) of what could not be sent
        self._settings = Settings(_env_file=None, data_dir=folder, secret=SecretStr(SECRET))
        self._open = open_channels
        self._settle = settle  # returns when the vendors have nothing more to tell
        self._stopped = threading.Event()
        self.paused = threading.Event()  # set: the worker takes nothing
        self._worker = threading.Thread(target=lambda: asyncio.run(self._work()), daemon=True)
        self._server = ThreadServer(self._app())
        self.url = self._server.url

    def __enter__(self) -> Self:
        self._server.start()
        self._worker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._worker.join(timeout=10)
        self._server.stop()
        self.engine.dispose()

    def restart_web(self) -> None:
        """What a deployment does: the running web part ends, a new one comes up."""
        self.stop_web()
        self.start_web()

    def stop_web(self) -> None:
        """End the web part."""
        self._server.stop()

    def start_web(self) -> None:
        """Start another web part where the last one was."""
        self._server = ThreadServer(self._app(), self._server.port)
        self._server.start()

    # --- what a test looks at ------------------------------------------------------------------------------------

    def conversation(self, sender: str) -> Conversation:
        """The newest conversation of a sender."""
        statement = sa.select(conversations.c.id).where(conversations.c.sender == sender)
        with reading(self.engine) as connection:
            found = connection.execute(statement.order_by(conversations.c.created_at.desc())).scalars().first()
        assert found, f"{sender} has no conversation"
        return self.record.conversation(found)

    def rows(self, sender: str, direction: str = "in") -> list[Message]:
        """Stored messages of a sender; empty when there is no conversation."""
        statement = sa.select(conversations.c.id).where(conversations.c.sender == sender)
        with reading(self.engine) as connection:
            ids = connection.execute(statement.order_by(conversations.c.created_at)).scalars().all()
        return [row for each in ids for row in self.record.history(each) if row.direction == direction]

    def count(self, table: sa.Table) -> int:
        """Rows of a table."""
        with reading(self.engine) as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())

    def heard(self, sender: str) -> list[str]:
        """What the model was given of a sender's messages."""
        mine = {row.conversation_id for row in self.rows(sender)}
        return [text for conversation, text in self.script.heard if conversation in mine]

    def wait_quiet(self) -> None:
        """Return when every event is applied, every message answered, every answer sent, and the vendors told all.

        Nothing is under way then, so nothing is written until somebody writes.
        """
        deadline = time.monotonic() + QUIET_S
        while not self._is_quiet():
            assert time.monotonic() < deadline, f"still at work after {QUIET_S:g} s"
            time.sleep(LOOK_S)

    def _is_quiet(self) -> bool:
        """Whether nothing waited, here or at the vendors', and nothing came in while that was found out."""
        before = self._at_rest()
        if before is None:
            return False
        self._settle()  # an answer's "delivered" and "read", and what is delivered again, come later than the answer
        return self._at_rest() == before

    def _at_rest(self) -> tuple[int, int] | None:
        """How many messages and events there are; None while one of them waits."""
        vendors = messages.c.channel != "webchat"  # a browser fetches its messages itself
        left = (
            sa.select(webhook_events.c.id).where(webhook_events.c.state == "waiting"),
            sa.select(conversations.c.id).where(conversations.c.pending > 0),
            sa.select(messages.c.id).where(messages.c.direction == "out", messages.c.status == "queued", vendors),
        )
        counts = self.count(messages), self.count(webhook_events)
        with reading(self.engine) as connection:
            waits = any(connection.execute(statement.limit(1)).first() for statement in left)
        return None if waits else counts

    # --- the parts -----------------------------------------------------------------------------------------------

    async def _work(self) -> None:
        worker = Worker(
            queue=WorkQueue(self.engine, "worker-1", self.gate),
            bot=Bot(self.script, _NoMemory()),  # type: ignore[arg-type]
            apology=lambda _, message: Reply(APOLOGY, message.language),
            withhold=_withhold,
            notify=lambda _: None,
            metrics=WorkerMetrics(CollectorRegistry()),
        )
        while not self._stopped.is_set():
            if self.paused.is_set() or not await worker.work_once():
                await asyncio.sleep(LOOK_S)

    def _app(self) -> Starlette:
        deps = WebchatDeps(
            record=self.record,
            notify=_notify,
            words=StandInWords(),
            demo=StandInDemo(),
            settings=self._settings,
            clock=time.time,
        )
        client = httpx.AsyncClient(timeout=10.0)
        return Web(self.engine, self.record, self.tell, self._open(client), client).app(webchat_routes(deps))

    def tell(self, conversation: Conversation, delivery: Delivery, error: DeliveryError) -> None:
        """Noted."""
        self.told.append((conversation.id, error.code))


def _notify(role: str, conversation_id: str) -> None:
    """The worker looks by itself."""


def _withhold(conversation: Conversation, message: Message, error: Blocked) -> TurnResult:
    raise error
