"""Hand-offs on the command line, until the desk is there."""

import json
import sys
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import Engine

from aftersail.handoff_view import channel_clock, messages_view
from aftersail.promises import market_promise
from conversations import ownership, rows
from conversations.handoff_rows import Handoff, find_handoff, list_handoffs
from conversations.model import Message
from conversations.ownership import AGENT, Action, Event, Settled
from conversations.promise_model import Promise
from core.database import migrate, open_engine, reading
from core.errors import NotFound
from core.settings import Settings
from core.wakeups import Notifier
from desk.conversation.order_said import order_said
from knowledge.release_holder import ReleaseHolder
from languages.translation.codes import known_languages
from orders.number import is_valid

SHOWN_MESSAGES = 1_000
OPERATOR = "cli"
OUTCOMES = ("", "done", "declined")


@dataclass(frozen=True)
class Who:
    """Who decides, why, and up to which message they have read (None: all). No `agent`: the operator."""

    agent: str = ""
    why: str = ""
    seen: int | None = None

    def does(self, event: Event) -> Action:
        """The wish; an operator may decide over everybody's conversations."""
        who = f"{AGENT}{self.agent}" if self.agent else OPERATOR
        return Action(event, who, self.why, lead=not self.agent, seen=self.seen)


def show_handoffs(settings: Settings, console: Console, include_resolved: bool) -> None:
    """A table, the nearest promise first."""
    found = list_handoffs(_open(settings), include_resolved)
    table = Table("id", "reason", "tier", "market", "language", "channel", "with", "promised", "wants")
    for handoff in found:
        wants = " ".join(str(handoff.packet.get("wants", "")).split())[:60]
        place = (handoff.market, handoff.language, handoff.channel)
        table.add_row(handoff.id, handoff.reason, handoff.tier, *place, _with(handoff), _promised(handoff), wants)
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 160).print(table)
    console.print(f"{len(found)} hand-off(s); `aftersail handoffs ID` shows one, `aftersail resume ID` hands it back.")


def show_handoff(settings: Settings, handoff_id: str) -> None:
    """One hand-off as JSON on standard output: packet and conversation. Raises NotFound."""
    engine = _open(settings)
    handoff = find_handoff(engine, handoff_id)
    messages = _messages(engine, handoff)
    with reading(engine) as connection:
        conversation = rows.conversation(connection, handoff.conversation_id)
    data = {
        **vars(handoff),
        "created_at": _time(handoff.created_at),
        "promised_at": _time(handoff.promised_at),
        "waiting_since": handoff.waiting_since and _time(handoff.waiting_since),
        "resolved_at": handoff.resolved_at and _time(handoff.resolved_at),
        "last_seq": messages[-1].seq if messages else 0,
        "channel_clock": channel_clock(settings, engine, conversation),
        "conversation": messages_view(settings, engine, messages),
    }
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


def take_over(settings: Settings, console: Console, handoff_id: str, agent: str, lead: bool) -> None:
    """The agent has the conversation: of a hand-off, or one that the bot has. Raises NotFound, AlreadyTaken, Closed."""
    engine = _open(settings)
    action = Action(Event.TAKE, f"{AGENT}{agent}", lead=lead)
    try:
        conversation_id = find_handoff(engine, handoff_id).conversation_id
    except NotFound:
        conversation_id = handoff_id
    ownership.act(engine, conversation_id, action, time.time(), _promise(settings, engine))
    _tell(settings, console, conversation_id, f"Conversation {conversation_id} is yours, {agent}.")


def put_back(settings: Settings, console: Console, handoff_id: str, who: Who) -> None:
    """The queue has the conversation. Raises NotFound, NotYours."""
    found = _to_queue(settings, handoff_id, who.does(Event.RELEASE))
    _tell(settings, console, found.conversation_id, f"Conversation {found.conversation_id} waits in the queue.")


def ask_a_lead(settings: Settings, console: Console, handoff_id: str, who: Who) -> None:
    """The queue has the conversation, and it says that a lead is asked for. Raises NotFound, NotYours."""
    found = _to_queue(settings, handoff_id, who.does(Event.ESCALATE))
    _tell(settings, console, found.conversation_id, f"Conversation {found.conversation_id} waits for a lead.")


def hand_back_to_bot(settings: Settings, console: Console, handoff_id: str, who: Who, settled: Settled) -> None:
    """The bot answers again in the conversation. Raises NotFound, NotYours, CustomerWrote."""
    engine = _open(settings)
    _check(settled)
    if not settled.order_number:
        found = find_handoff(engine, handoff_id)
        settled = replace(settled, order_number=order_said(_messages(engine, found), found.created_at))
    found = ownership.act_on_handoff(engine, handoff_id, who.does(Event.HAND_BACK), time.time(), settled)
    _tell(settings, console, found.conversation_id, f"The bot answers again in conversation {found.conversation_id}.")


def close_conversation(settings: Settings, console: Console, handoff_id: str, who: Who) -> None:
    """The conversation has ended. Raises NotFound, NotYours, CustomerWrote."""
    found = ownership.act_on_handoff(_open(settings), handoff_id, who.does(Event.CLOSE), time.time())
    _tell(settings, console, found.conversation_id, f"Conversation {found.conversation_id} is closed.")


def _to_queue(settings: Settings, handoff_id: str, action: Action) -> Handoff:
    engine = _open(settings)
    return ownership.act_on_handoff(engine, handoff_id, action, time.time(), promise=_promise(settings, engine))


def _promise(settings: Settings, engine: Engine) -> Promise:
    holder = ReleaseHolder(settings, engine, with_vectors=False)
    return market_promise(lambda: holder.current().markets)


def _check(settled: Settled) -> None:
    if settled.outcome not in OUTCOMES:
        raise NotFound(f"there is no outcome {settled.outcome!r}; there are done and declined")
    if settled.order_number and not is_valid(settled.order_number):
        raise NotFound(f"{settled.order_number!r} is no order number; write it as ORK- and seven digits")
    if settled.language and settled.language not in known_languages():
        raise NotFound(f"there is no language {settled.language!r}; there are {', '.join(known_languages())}")


def _messages(engine: Engine, handoff: Handoff) -> list[Message]:
    with reading(engine) as connection:
        last = rows.conversation(connection, handoff.conversation_id).last_seq
        return rows.history(connection, handoff.conversation_id, max(0, last - SHOWN_MESSAGES), SHOWN_MESSAGES)


def _with(handoff: Handoff) -> str:
    return "" if handoff.resolved_at else handoff.owner.removeprefix(AGENT) + (" (lead!)" if handoff.escalated else "")


def _promised(handoff: Handoff) -> str:
    if handoff.resolved_at:
        return f"{(handoff.resolution or 'over').replace('_', ' ')} by {handoff.resolved_by or 'somebody'}"
    return _time(handoff.promised_at) if handoff.waiting_since is not None else "answered"


def _tell(settings: Settings, console: Console, conversation_id: str, words: str) -> None:
    Notifier(settings.run_dir).news(conversation_id)
    console.print(words)


def _open(settings: Settings) -> Engine:
    engine = open_engine(settings)
    migrate(engine)
    return engine


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
