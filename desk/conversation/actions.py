"""What agents do with a conversation: each change of hands in one transaction with its audit row and alerts."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from conversations import handoff_rows, ownership, rows
from conversations.hand_back import MAX_NOTE, Settled
from conversations.model import Conversation
from conversations.ownership import Action, Event
from conversations.ownership_errors import NoAgent, NotClosed
from conversations.ownership_model import State
from desk.audit import audit
from desk.conversation.header import colleagues
from desk.conversation.order_said import order_said
from desk.deps import DeskDeps
from desk.errors import InvalidForm
from desk.queue.alerts import LEADS, AlertKind, raise_alert
from desk.viewer import Viewer
from languages.translation.codes import known_languages
from orders.number import is_valid

OUTCOMES = ("done", "declined")
MOST_READ = 1_000  # messages searched for an order number
NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Deed:
    """Who does something with a conversation, and up to which message they have read."""

    deps: DeskDeps
    viewer: Viewer
    conversation: Conversation
    seen: int

    @property
    def now(self) -> float:
        """When."""
        return self.deps.clock()

    def does(self, event: Event, why: str = "", to: str = "") -> Action:
        """The wish."""
        return Action(event, self.viewer.owner, why, to, lead=self.viewer.is_lead, seen=self.seen)

    def write_down(self, connection: Connection, action: str, details: Mapping[str, Any] = NOTHING) -> None:
        """In the audit log."""
        place = {"target": self.conversation.id, "market": self.conversation.market}
        audit(connection, self.viewer.owner, action, details={"seen": self.seen, **details}, now=self.now, **place)

    def alert(self, connection: Connection, to: str, kind: AlertKind) -> None:
        """Call somebody to the conversation."""
        place = {"market": self.conversation.market, "conversation_id": self.conversation.id}
        raise_alert(connection, agent=to, kind=kind, details={"by": self.viewer.owner}, now=self.now, **place)


def change(deed: Deed, event: Event) -> None:
    """Take, release or close. Raises the OwnershipError that says what to do instead."""
    with deed.deps.engine.begin() as connection:
        ownership.move(connection, deed.conversation.id, deed.does(event), deed.now, promise=deed.deps.promise)
        deed.write_down(connection, event.value)
    deed.deps.news(deed.conversation.id)


def escalate(deed: Deed, why: str) -> None:
    """Ask for a lead; `why`: what the agent says to them, may be empty. Raises OwnershipError."""
    action = deed.does(Event.ESCALATE, why)
    with deed.deps.engine.begin() as connection:
        ownership.move(connection, deed.conversation.id, action, deed.now, promise=deed.deps.promise)
        deed.alert(connection, LEADS, AlertKind.ESCALATED)
        deed.write_down(connection, "escalate", {"with_note": bool(why)})
    deed.deps.news(deed.conversation.id)


def assign(deed: Deed, name: str) -> None:
    """Give it to an agent of its market. Raises OwnershipError; NoAgent when nobody of that name may have it."""
    with deed.deps.engine.begin() as connection:
        able = {agent.name: agent for agent in colleagues(connection, deed.conversation.market)}
        if name not in able:
            raise NoAgent(f"{name!r} is no agent of market {deed.conversation.market}")
        to = able[name].owner
        action = deed.does(Event.ASSIGN, to=to)
        ownership.move(connection, deed.conversation.id, action, deed.now, promise=deed.deps.promise)
        if to != deed.viewer.owner:
            deed.alert(connection, to, AlertKind.ASSIGNED)
        deed.write_down(connection, "assign", {"to": to})
    deed.deps.news(deed.conversation.id)


def hand_back(deed: Deed, settled: Settled) -> None:
    """Let the bot answer again, which learns what was settled. Raises OwnershipError, InvalidForm."""
    check_settled(settled)
    with deed.deps.engine.begin() as connection:
        action = deed.does(Event.HAND_BACK)
        ownership.move(connection, deed.conversation.id, action, deed.now, settled=settled, promise=deed.deps.promise)
        said = {name: value for name, value in settled.to_json().items() if name != "note"}
        deed.write_down(connection, "hand_back", {**said, "with_note": bool(settled.note)})
    deed.deps.news(deed.conversation.id)


def reopen(deed: Deed) -> str:
    """Id of the conversation to go on in: the customer's open one, or a new one that is the agent's.

    Raises NotClosed when this one is open.
    """
    closed = deed.conversation
    with deed.deps.engine.begin() as connection:
        if ownership.standing(connection, closed.id).state is not State.CLOSED:
            raise NotClosed(f"conversation {closed.id} is open; write there")
        take = dataclasses.replace(deed.does(Event.TAKE), seen=None)
        going_on, _ = ownership.reopen(connection, closed.id, take, deed.now, deed.deps.promise)
        deed.write_down(connection, "reopen", {"goes_on_in": going_on})
    deed.deps.news(going_on)
    return going_on


def order_of(connection: Connection, conversation: Conversation) -> str:
    """The order number that was last spoken of since a person has the conversation; empty when there is none."""
    handoff = handoff_rows.of_conversation(connection, conversation.id)
    first = max(conversation.last_seq - MOST_READ, 0)
    found = rows.history(connection, conversation.id, first, MOST_READ)
    return order_said(found, handoff.created_at if handoff else 0.0)


def check_settled(settled: Settled) -> None:
    """Raises InvalidForm with the field that is wrong."""
    if settled.outcome and settled.outcome not in OUTCOMES:
        raise InvalidForm("outcome")
    if settled.order_number and not is_valid(settled.order_number):
        raise InvalidForm("order_number")
    if settled.language and settled.language not in known_languages():
        raise InvalidForm("language")
    if len(settled.note) > MAX_NOTE:
        raise InvalidForm("note")
