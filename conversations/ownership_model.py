"""Who owns a conversation: states, events, and the one table of what may happen. Pure; the database is in ownership.py.

docs/ownership.md explains it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from conversations.ownership_errors import (
    AlreadyTaken,
    Closed,
    CustomerWrote,
    NoAgent,
    NotClosed,
    NotYours,
    OwnershipError,
    PersonOwns,
    StillWaiting,
)

BOT = "bot"
QUEUE = "queue"
AGENT = "agent:"  # how the name of a person begins
MAX_OWNER = 64  # characters


class State(StrEnum):
    """Who has to answer."""

    BOT = "bot"
    QUEUED = "queued"  # the whole team: whoever takes it first
    ASSIGNED = "assigned"  # one agent
    CLOSED = "closed"


class Event(StrEnum):
    """What can happen to a conversation."""

    MESSAGE = "message"  # the customer writes
    TURN = "turn"  # the bot answers
    ANSWER = "answer"  # a person answers
    HAND_OFF = "hand_off"  # the bot or the system passes it to the queue
    TAKE = "take"  # an agent makes it theirs
    ASSIGN = "assign"  # somebody makes it an agent's
    RELEASE = "release"  # back to the queue
    ESCALATE = "escalate"  # to the queue, for a lead
    HAND_BACK = "hand_back"  # to the bot
    CLOSE = "close"  # a person ends it
    EXPIRE = "expire"  # it ends by itself: answered long ago
    START_OVER = "start_over"  # the customer ends it
    REOPEN = "reopen"  # the customer comes back: a new episode


class By(StrEnum):
    """Whose event it may be."""

    ANYONE = "anyone"
    OWNER = "owner"
    OWNER_OR_LEAD = "owner or lead"


class Clock(StrEnum):
    """What becomes of the customer's waiting time."""

    KEEPS = "keeps"
    STARTS = "starts"  # unless it runs
    STOPS = "stops"  # unless the customer wrote something that whoever answers has not seen


@dataclass(frozen=True)
class Rule:
    """What an event does in a state."""

    to: State
    by: By = By.ANYONE
    clock: Clock = Clock.KEEPS
    sees_all: bool = False  # refused when the customer wrote something that has not been seen
    answered: bool = False  # refused while the customer waits
    refusal: type[OwnershipError] = NotYours  # of somebody else's event


RULES: Mapping[tuple[State, Event], Rule] = {
    (State.BOT, Event.MESSAGE): Rule(State.BOT, clock=Clock.STARTS),
    (State.BOT, Event.TURN): Rule(State.BOT, clock=Clock.STOPS),
    (State.BOT, Event.HAND_OFF): Rule(State.QUEUED, clock=Clock.STARTS),
    (State.BOT, Event.TAKE): Rule(State.ASSIGNED),
    (State.BOT, Event.ASSIGN): Rule(State.ASSIGNED),
    (State.BOT, Event.EXPIRE): Rule(State.CLOSED, clock=Clock.STOPS, sees_all=True, answered=True),
    (State.BOT, Event.START_OVER): Rule(State.CLOSED, clock=Clock.STOPS, sees_all=True),
    (State.QUEUED, Event.MESSAGE): Rule(State.QUEUED, clock=Clock.STARTS),
    (State.QUEUED, Event.TAKE): Rule(State.ASSIGNED),
    (State.QUEUED, Event.ASSIGN): Rule(State.ASSIGNED),
    (State.QUEUED, Event.ESCALATE): Rule(State.QUEUED, clock=Clock.STARTS),
    (State.QUEUED, Event.HAND_BACK): Rule(State.BOT, clock=Clock.STOPS, sees_all=True),
    (State.QUEUED, Event.CLOSE): Rule(State.CLOSED, clock=Clock.STOPS, sees_all=True),
    (State.ASSIGNED, Event.MESSAGE): Rule(State.ASSIGNED, clock=Clock.STARTS),
    (State.ASSIGNED, Event.ANSWER): Rule(State.ASSIGNED, By.OWNER, Clock.STOPS),
    (State.ASSIGNED, Event.TAKE): Rule(State.ASSIGNED, By.OWNER_OR_LEAD, refusal=AlreadyTaken),
    (State.ASSIGNED, Event.ASSIGN): Rule(State.ASSIGNED, By.OWNER_OR_LEAD),
    (State.ASSIGNED, Event.RELEASE): Rule(State.QUEUED, By.OWNER_OR_LEAD, Clock.STARTS),
    (State.ASSIGNED, Event.ESCALATE): Rule(State.QUEUED, By.OWNER_OR_LEAD, Clock.STARTS),
    (State.ASSIGNED, Event.HAND_BACK): Rule(State.BOT, By.OWNER_OR_LEAD, Clock.STOPS, sees_all=True),
    (State.ASSIGNED, Event.CLOSE): Rule(State.CLOSED, By.OWNER_OR_LEAD, Clock.STOPS, sees_all=True),
    (State.ASSIGNED, Event.EXPIRE): Rule(State.CLOSED, clock=Clock.STOPS, sees_all=True, answered=True),
    (State.CLOSED, Event.REOPEN): Rule(State.BOT),
}

_TAKE_FIRST = (NotYours, "conversation {id} belongs to {owner}; take it over first")
_QUEUED_FIRST = (NotYours, "conversation {id} waits in the queue; take it first")
_NOT_CLOSED = (NotClosed, "conversation {id} is open with {owner}; write there")
_PERSON = (PersonOwns, "conversation {id} belongs to {owner}; what the customer writes goes there, the bot is silent")

# Every pair that is not in RULES, with what to do instead.
REFUSALS: Mapping[tuple[State, Event], tuple[type[OwnershipError], str]] = {
    **{
        (State.BOT, event): _TAKE_FIRST
        for event in (Event.ANSWER, Event.RELEASE, Event.ESCALATE, Event.HAND_BACK, Event.CLOSE)
    },
    **{(state, Event.REOPEN): _NOT_CLOSED for state in (State.BOT, State.QUEUED, State.ASSIGNED)},
    **{
        (state, event): _PERSON
        for state in (State.QUEUED, State.ASSIGNED)
        for event in (Event.TURN, Event.HAND_OFF, Event.START_OVER)
    },
    **{(State.QUEUED, event): _QUEUED_FIRST for event in (Event.ANSWER, Event.RELEASE)},
    (State.QUEUED, Event.EXPIRE): (StillWaiting, "conversation {id} waits for a person; answer it, then it may close"),
    **{
        (State.CLOSED, event): (Closed, "conversation {id} is closed; the customer's next message opens a new one")
        for event in Event
        if event is not Event.REOPEN
    },
}


@dataclass(frozen=True)
class Standing:
    """How a conversation stands."""

    state: State
    agent: str = ""  # agent:<name> while assigned, else empty
    waiting_since: float | None = None  # since when the customer waits for an answer; None: they do not
    escalated: bool = False  # a lead is asked for
    last_seq: int = 0
    customer_seq: int = 0  # of the customer's last message
    conversation_id: str = ""  # for words to people

    @property
    def owner(self) -> str:
        """bot, queue or agent:<name>; of a closed conversation empty."""
        return {State.BOT: BOT, State.QUEUED: QUEUE, State.ASSIGNED: self.agent, State.CLOSED: ""}[self.state]


@dataclass(frozen=True)
class Action:
    """An event as somebody wishes it. `seen`: seq up to which they have read; None: they decide on all there is."""

    event: Event
    who: str  # bot, customer, agent:<name>, aftersail, cli
    why: str = ""
    to: str = ""  # agent:<name>, of ASSIGN
    lead: bool = False  # may decide over what is another agent's
    seen: int | None = None


def step(standing: Standing, action: Action, now: float, rules: Mapping[tuple[State, Event], Rule] = RULES) -> Standing:
    """How the conversation stands after `action`. Raises the OwnershipError that says what to do instead."""
    rule = rules.get((standing.state, action.event))
    owner = standing.owner or "nobody"
    if rule is None:
        refusal, text = REFUSALS[standing.state, action.event]
        raise refusal(text.format(id=standing.conversation_id, owner=owner))
    if not _may(rule, standing, action):
        text = f"conversation {standing.conversation_id} belongs to {owner}, not to {action.who}"
        raise rule.refusal(f"{text}; leave it to them, or ask them to release it")
    seen_all = action.seen is None or action.seen >= standing.customer_seq
    if rule.sees_all and not seen_all:
        raise CustomerWrote(f"conversation {standing.conversation_id}: the customer wrote meanwhile; read it first")
    if rule.answered and standing.waiting_since is not None:
        raise StillWaiting(f"conversation {standing.conversation_id}: the customer waits for {owner}; answer first")
    return replace(
        standing,
        state=rule.to,
        agent=_agent(rule, standing, action),
        waiting_since=_clock(rule, standing, seen_all, now),
        escalated=action.event is Event.ESCALATE or (standing.escalated and rule.to not in (State.BOT, State.CLOSED)),
    )


def _may(rule: Rule, standing: Standing, action: Action) -> bool:
    if rule.by is By.ANYONE or action.who == standing.agent:
        return True
    return rule.by is By.OWNER_OR_LEAD and action.lead


def _agent(rule: Rule, standing: Standing, action: Action) -> str:
    if rule.to is not State.ASSIGNED:
        return ""
    agent = {Event.TAKE: action.who, Event.ASSIGN: action.to}.get(action.event, standing.agent)
    if not agent.startswith(AGENT) or not len(AGENT) < len(agent) <= MAX_OWNER:
        raise NoAgent(f"{agent!r} is no agent; write {AGENT} and a name, {MAX_OWNER} characters at most")
    return agent


def _clock(rule: Rule, standing: Standing, seen_all: bool, now: float) -> float | None:
    if rule.clock is Clock.STARTS and standing.waiting_since is None:
        return now
    return None if rule.clock is Clock.STOPS and seen_all else standing.waiting_since
