"""Who has a conversation, in the database: each change is one conditional UPDATE, with an event that says who and why.

What may happen is in ownership_model.py; docs/ownership.md explains it.
"""

from sqlalchemy.engine import Connection, Engine

from conversations import hand_back as memory
from conversations import handoff_rows, rows
from conversations.episode_rows import is_unanswered, successor
from conversations.hand_back import Settled
from conversations.handoff_rows import Handoff, find_handoff, list_handoffs
from conversations.model import HandoffRequest
from conversations.ownership_errors import Overtaken, PersonOwns
from conversations.ownership_model import AGENT, BOT, QUEUE, Action, Event, Standing, State, step
from conversations.ownership_rows import CLOSED, change_owner, standing, write_event, write_reopened
from conversations.promise_model import Asked, Promise, in_hours

__all__ = [
    "AGENT",
    "BOT",
    "QUEUE",
    "Action",
    "Event",
    "Handoff",
    "Settled",
    "act",
    "act_on_handoff",
    "find_handoff",
    "hand_back",
    "hand_over",
    "list_handoffs",
    "move",
    "queue",
    "reopen",
    "standing",
    "write_reopened",
]

MAX_TRIES = 5
SYSTEM = "aftersail"  # who acts when no person does
TAKEN_OVER = "taken_over"  # why a person has a conversation that nobody handed off
_SPOKEN = (Event.MESSAGE, Event.TURN, Event.ANSWER)  # change no owner
_PERSONS = (State.QUEUED, State.ASSIGNED)


def move(
    connection: Connection,
    conversation_id: str,
    action: Action,
    now: float,
    *,
    request: HandoffRequest | None = None,
    settled: Settled | None = None,
    promise: Promise = in_hours,
) -> Standing:
    """How the conversation stands after `action`, in the transaction that also does what it is about.

    `request` comes with HAND_OFF, `settled` with HAND_BACK or CLOSE. Raises NotFound and the OwnershipError that says
    what to do instead.
    """
    for _ in range(MAX_TRIES):
        before = standing(connection, conversation_id)
        after = step(before, action, now)
        if after == before and action.event is not Event.ESCALATE:
            return after
        if change_owner(connection, before, after, now):
            _change_handoff(connection, before, after, action, now, request, settled, promise)
            if action.event not in _SPOKEN:
                write_event(connection, before, after, action, now)
            return after
    raise Overtaken(f"conversation {conversation_id} changes again and again; look at it once more and decide anew")


def act(engine: Engine, conversation_id: str, action: Action, now: float, promise: Promise = in_hours) -> Standing:
    """`move` in a transaction of its own."""
    with engine.begin() as connection:
        return move(connection, conversation_id, action, now, promise=promise)


def act_on_handoff(
    engine: Engine,
    handoff_id: str,
    action: Action,
    now: float,
    settled: Settled | None = None,
    promise: Promise = in_hours,
) -> Handoff:
    """The hand-off after `action` on its conversation. Raises NotFound when it is resolved already; see `move`."""
    with engine.begin() as connection:
        found = handoff_rows.open_handoff(connection, handoff_id)
        move(connection, found.conversation_id, action, now, settled=settled, promise=promise)
        return handoff_rows.handoff(connection, handoff_id)


def queue(connection: Connection, conversation_id: str, request: HandoffRequest, now: float, who: str = BOT) -> None:
    """Pass the bot's conversation to a person, in the transaction that tells the customer so. Raises PersonOwns."""
    move(connection, conversation_id, Action(Event.HAND_OFF, who, request.reason), now, request=request)


def hand_over(engine: Engine, conversation_id: str, request: HandoffRequest, now: float) -> bool:
    """Whether the conversation went from the bot to the queue; False: a person has it already.

    Of a closed one it is the one that the person has open now, or a new one: the matter is not over.
    """
    try:
        with engine.begin() as connection:
            if standing(connection, conversation_id).state is State.CLOSED:
                closed_id = conversation_id
                conversation_id, is_new = successor(connection, closed_id, now)
                if is_new:
                    write_reopened(connection, closed_id, conversation_id, SYSTEM, now)
            queue(connection, conversation_id, request, now, SYSTEM)
    except PersonOwns:
        return False
    return True


def reopen(
    connection: Connection, closed_id: str, action: Action, now: float, promise: Promise = in_hours
) -> tuple[str, bool]:
    """(id of the conversation to go on in, whether it is new and whose who `action`, a TAKE, names).

    It goes on with what the closed one was about, and when nobody had answered its last message, with a clock.
    """
    going_on, is_new = successor(connection, closed_id, now)
    if is_new:
        before = handoff_rows.last_of_conversation(connection, closed_id)
        request = _again(connection, before, now, promise) if before else None
        write_reopened(connection, closed_id, going_on, action.who, now)
        move(connection, going_on, action, now, request=request, promise=promise)
        if is_unanswered(connection, closed_id):
            handoff_rows.wait(connection, going_on, now, promise)
    return going_on, is_new


def hand_back(
    engine: Engine,
    handoff_id: str,
    who: str,
    now: float,
    settled: Settled | None = None,
    lead: bool = False,
    seen: int | None = None,
) -> Handoff:
    """The hand-off, whose conversation is the bot's again, which knows what was settled.

    Raises NotFound when it is resolved already, NotYours, and CustomerWrote when the customer wrote after `seen`.
    """
    return act_on_handoff(engine, handoff_id, Action(Event.HAND_BACK, who, lead=lead, seen=seen), now, settled)


def _change_handoff(
    connection: Connection,
    before: Standing,
    after: Standing,
    action: Action,
    now: float,
    request: HandoffRequest | None,
    settled: Settled | None,
    promise: Promise,
) -> None:
    """Let the hand-off follow the conversation: there is an open one exactly while a person has it."""
    conversation_id = before.conversation_id
    if before.state in _PERSONS and after.state not in _PERSONS:
        _end(connection, before, after, action, now, settled)
    elif before.state is State.BOT and after.state in _PERSONS:
        request = request or _taken_over(connection, conversation_id, now, promise)
        handoff_rows.insert(connection, conversation_id, request, after.waiting_since, now)
    elif after.state in _PERSONS:
        if after.waiting_since is None:
            handoff_rows.answered(connection, conversation_id, now)
        else:
            handoff_rows.wait(connection, conversation_id, now, promise)
        if after.escalated and not before.escalated:
            handoff_rows.escalate(connection, conversation_id)


def _end(
    connection: Connection, before: Standing, after: Standing, action: Action, now: float, settled: Settled | None
) -> None:
    found = handoff_rows.of_conversation(connection, before.conversation_id)
    resolution = CLOSED if after.state is State.CLOSED else "handed_back"
    is_unanswered = action.event is Event.CLOSE and before.waiting_since is not None  # then nothing was solved
    by_person = action.event in (Event.HAND_BACK, Event.CLOSE) and not is_unanswered
    ended = (before.conversation_id, resolution, action.who, settled, now)
    handoff_rows.resolve(connection, *ended, by_person=by_person)
    if after.state is State.BOT:
        reason = found.reason if found else ""
        memory.teach(connection, before.conversation_id, reason, settled or Settled(), now)


def _again(connection: Connection, before: Handoff, now: float, promise: Promise) -> HandoffRequest:
    """A hand-off that goes on where `before` ended."""
    promised = promise(connection, Asked(before.conversation_id, before.market, before.tier, now))
    return HandoffRequest(before.reason, before.tier, before.packet, promised.told.due_at, promised)


def _taken_over(connection: Connection, conversation_id: str, now: float, promise: Promise) -> HandoffRequest:
    market = rows.conversation(connection, conversation_id).market
    promised = promise(connection, Asked(conversation_id, market, "ordinary", now))
    return HandoffRequest(TAKEN_OVER, "ordinary", {}, promised.told.due_at, promised)
