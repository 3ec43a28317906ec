"""What stands above a thread: who the customer is, who has the conversation, which clocks run, what may be done."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from conversations import contacts, handoff_rows, ownership
from conversations.handoff_rows import Handoff
from conversations.model import Conversation
from conversations.ownership_model import Standing, State
from core.schema_desk import promises
from desk.agents import Agent, agent_named, list_agents
from desk.conversation import thread_rows
from desk.conversation.thread_items import name_of
from desk.conversation.thread_rows import Episode
from desk.deps import ChannelState, DeskDeps
from desk.viewer import Right, Viewer

MOST_NAME = 80
_RUNNING = ("open", "at_risk", "broken")


@dataclass(frozen=True)
class Clock:
    """The promise that the customer waits for. `state`: open, at_risk, broken; kept: they have an answer."""

    due: float
    state: str
    risk: float | None = None  # when it becomes at risk; None: unknown


@dataclass(frozen=True)
class Header:
    """All of it."""

    conversation: Conversation
    standing: Standing
    customer: str  # what they call themselves; empty: they do not say
    tail: str  # of the channel's id
    owner_name: str  # of the agent who has it; empty: nobody has
    is_mine: bool
    handoff: Handoff | None
    clock: Clock | None
    channel: ChannelState
    actions: frozenset[str]  # take, release, escalate, assign, hand_back, close, reopen
    episodes: Sequence[Episode]  # that the viewer may see, the oldest first, this one among them


def read_header(connection: Connection, deps: DeskDeps, viewer: Viewer, conversation: Conversation) -> Header:
    """The header as things stand now."""
    standing = ownership.standing(connection, conversation.id)
    handoff = handoff_rows.of_conversation(connection, conversation.id)
    person = contacts.find(connection, conversation.channel, conversation.account, conversation.sender)
    owner = agent_named(connection, standing.agent.partition(":")[2]) if standing.agent else None
    names = {owner.owner: owner.display_name} if owner else {}
    found = thread_rows.episodes(connection, conversation.id)
    return Header(
        conversation=conversation,
        standing=standing,
        customer=" ".join(person.name.split())[:MOST_NAME] if person else "",
        tail=conversation.sender[-4:],
        owner_name=name_of(standing.agent, names) if standing.agent else "",
        is_mine=standing.agent == viewer.owner,
        handoff=handoff,
        clock=_clock(connection, handoff, deps.clock()) if handoff else None,
        channel=deps.channels.state(conversation),
        actions=allowed(standing, viewer),
        episodes=[episode for episode in found if viewer.sees(episode.market)],
    )


def allowed(standing: Standing, viewer: Viewer) -> frozenset[str]:
    """What is offered to the viewer; what may really happen, conversations/ownership_model.py says when they do it."""
    if not viewer.may(Right.ANSWER):
        return frozenset()
    over = standing.agent == viewer.owner or viewer.is_lead
    others = {"assign", "release", "escalate", "hand_back", "close"} if over else set()
    by_state = {
        State.BOT: {"take", "assign"},
        State.QUEUED: {"take", "assign", "escalate", "hand_back", "close"},
        State.ASSIGNED: others | ({"take"} if viewer.is_lead and standing.agent != viewer.owner else set()),
        State.CLOSED: {"reopen"},
    }
    return frozenset(by_state[standing.state])


def colleagues(connection: Connection, market: str, but: str = "") -> Sequence[Agent]:
    """Who can have a conversation of the market, those who are here first; without the owner `but`."""
    able = [
        agent
        for agent in list_agents(connection)
        if agent.sees(market) and agent.may(Right.ANSWER) and agent.owner != but
    ]
    return sorted(able, key=lambda agent: (agent.presence != "here", agent.display_name.casefold()))


def _clock(connection: Connection, handoff: Handoff, now: float) -> Clock | None:
    if handoff.waiting_since is None:
        return Clock(handoff.promised_at, "kept")
    if handoff.promised_at <= now:
        return Clock(handoff.promised_at, "broken")
    kept = promises.c
    told = promises.select().where(
        kept.handoff_id == handoff.id, kept.state.in_(_RUNNING), kept.due_at == handoff.promised_at
    )
    risks = [row.at_risk_from for row in connection.execute(told.limit(5))]
    risk = min(risks, default=None)
    return Clock(handoff.promised_at, "open" if risk is None or risk > now else "at_risk", risk)
