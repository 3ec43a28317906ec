"""The desk on a real database and the real release, with customers and agents to put into it."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from prometheus_client import CollectorRegistry
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from aftersail.desk import DeskParts, open_desk
from aftersail.gate import open_terms
from conversations import ownership, rows
from conversations.handoff_rows import Handoff, of_conversation
from conversations.model import Conversation, HandoffRequest, Hints, Inbound, Kind, Message, Receipt, Reply
from conversations.outgoing import Draft, Gate
from conversations.ownership import Action, Event
from conversations.record import Record
from conversations.work import TurnResult, WorkQueue
from core.database import reading
from core.schema_desk import agents
from core.settings import Settings
from desk.web.routing import COOKIE, CSRF_HEADER
from knowledge.release_holder import ReleaseHolder
from tests.support.desk_people import add_agent, sign_in
from tests.support.records import new_engine

START = 1_795_000_000.0  # Tuesday, 17 November 2026, 17:46:40 UTC
HOUR = 3600.0


class Clock:
    """A time that a test sets."""

    def __init__(self, now: float = START) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class FixedReading:
    """A language decision."""

    language: str
    state: Mapping[str, Any] = field(default_factory=dict)
    decision: Mapping[str, Any] = field(default_factory=dict)


class GivenLanguages:
    """Reads each message as the language that the test gave."""

    def __init__(self) -> None:
        self.next = "en"

    def read(self, text: str, conversation: Conversation) -> FixedReading:
        """The given one."""
        language = self.next
        return FixedReading(language, {"turns": 1}, {"language": language, "evidence": ["given by the test"]})


class DeskWorld:
    """A desk with everything behind it. Nothing is faked but time and the reading of languages."""

    def __init__(self, folder: Path, holder: ReleaseHolder, orders_of: Settings, **settings: Any) -> None:
        self.clock = Clock()
        self.holder = holder
        self.engine = new_engine(folder)
        self.settings = Settings(
            _env_file=None,
            data_dir=folder,
            secret=SecretStr("s" * 48),
            **{"translation_engine": "none", "desk_suggestions": False, **settings},
        )
        self.languages = GivenLanguages()
        self.gate = Gate(open_terms(holder))
        self.record = Record(self.engine, self.languages, self.clock)
        self.woken: list[tuple[str, str]] = []
        self.on_wake: Callable[[str, str], object] = lambda _role, _note: None
        self.parts: DeskParts = open_desk(
            self.settings,
            self.engine,
            holder,
            self._wake,
            CollectorRegistry(),
            clock=self.clock,
            orders_of=orders_of,
        )
        self._numbers = itertools.count(1)

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """Everything that the desk serves."""
        return self.parts.routes

    def _wake(self, role: str, note: str) -> None:
        self.woken.append((role, note))
        self.on_wake(role, note)

    # --- customers -----------------------------------------------------------------------------------------------

    def write(
        self,
        text: str,
        *,
        market: str = "DE",
        language: str = "de",
        sender: str = "visitor-1",
        channel: str = "webchat",
        account: str = "",
        payload: Mapping[str, Any] | None = None,
        kind: Kind = Kind.TEXT,
        hints: Hints = Hints(),
    ) -> Receipt:
        """A customer's message, as a channel hands it to the record."""
        self.languages.next = language
        number = f"m{next(self._numbers)}"
        inbound = Inbound(channel, sender, market, text, number, kind, payload or {}, hints, account)
        return self.record.receive(inbound)

    def hand_off(
        self,
        conversation_id: str,
        reason: str = "asked_for_person",
        tier: str = "ordinary",
        hours: float = 24,
        **packet: Any,
    ) -> Handoff:
        """The bot says one sentence and passes the conversation to a person, as a turn of it does."""
        now = self.clock()
        packet = {"wants": "help", "given": {}, **packet}
        request = HandoffRequest(reason, tier, packet, now + hours * HOUR, told=True)
        queue = WorkQueue(self.engine, "worker-1", self.gate, clock=self.clock)
        with reading(self.engine) as connection:
            waiting = rows.next_received(connection, conversation_id)
        if waiting is None:
            assert ownership.hand_over(self.engine, conversation_id, request, now)
        else:
            claimed = queue.claim()
            found = queue.next_message(claimed) if claimed else None
            assert claimed == conversation_id, "another conversation waits for the bot"
            assert found is not None
            said = self.say("utter_handoff_closed_test", found[0])
            queue.commit(found[0], found[1], TurnResult([said] if said else [], {}, request))
        return self.handoff(conversation_id)

    def say(self, _name: str, conversation: Conversation) -> Reply | None:
        """What the bot says; nothing, unless a test overrides it."""
        return None

    def waiting(self, text: str = "Hilfe", **given: Any) -> Handoff:
        """A new customer who has written and waits for a person."""
        names = ("market", "language", "sender", "channel", "account", "payload", "kind", "hints")
        message = {name: given.pop(name) for name in names if name in given}
        message.setdefault("sender", f"visitor-{next(self._numbers)}")
        return self.hand_off(self.write(text, **message).conversation.id, **given)

    def handoff(self, conversation_id: str) -> Handoff:
        """The conversation's open hand-off."""
        with reading(self.engine) as connection:
            found = of_conversation(connection, conversation_id)
        assert found is not None
        return found

    def conversation(self, conversation_id: str) -> Conversation:
        """As it stands."""
        with reading(self.engine) as connection:
            return rows.conversation(connection, conversation_id)

    def messages(self, conversation_id: str) -> list[Message]:
        """All its messages."""
        with reading(self.engine) as connection:
            return rows.history(connection, conversation_id, 0, 1_000)

    def answer(self, conversation_id: str, agent: str, text: str, language: str, **payload: Any) -> Message:
        """An agent's answer, past the desk's pages."""
        from conversations.agent_reply import AgentDesk

        desk = AgentDesk(self.engine, self.gate, self.clock)
        return desk.send(conversation_id, Draft(Reply(text, language, payload), f"agent:{agent}"))

    def act(self, conversation_id: str, event: Event, agent: str, **more: Any) -> None:
        """An ownership event."""
        ownership.act(self.engine, conversation_id, Action(event, f"agent:{agent}", **more), self.clock())

    # --- people --------------------------------------------------------------------------------------------------

    def add_agent(self, name: str, role: str = "agent", **changes: Any) -> str:
        """Somebody who may sign in; the id. Markets: all, languages: German and English, unless given."""
        return add_agent(self.engine, name, self.clock(), role, **changes)

    def session(self, name: str) -> tuple[str, str]:
        """(token, csrf) of a new session of the agent."""
        return sign_in(self.engine, name, self.clock())

    def client(self, name: str = "", *, partial: bool = False, **agent: Any) -> TestClient:
        """A browser without a screen: signed in as `name`, who is made when there is none; empty: nobody."""
        client = TestClient(Starlette(routes=list(self.routes)), base_url="http://desk.test", follow_redirects=False)
        if not name:
            return client
        with reading(self.engine) as connection:
            known = connection.execute(sa.select(agents.c.id).where(agents.c.name == name)).one_or_none()
        if known is None:
            self.add_agent(name, **agent)
        token, csrf = self.session(name)
        client.cookies.set(COOKIE, token)
        client.headers[CSRF_HEADER] = csrf
        if partial:
            client.headers["hx-request"] = "true"
        return client


MakeDesk = Callable[..., DeskWorld]
