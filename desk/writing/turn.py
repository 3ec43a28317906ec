"""Whose turn it is to write, and in which languages an agent may."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.model import Conversation
from conversations.ownership import BOT, QUEUE
from core.schema import conversations
from desk.agents import agent_named
from desk.viewer import Viewer
from desk.writing.compose import Recipient
from knowledge.release import Release

_AGENT = "agent:"


class Turn(StrEnum):
    """Who has the conversation, as the viewer sees it."""

    MINE = "mine"
    QUEUE = "queue"  # answering takes it
    BOT = "bot"
    OTHER = "other"
    CLOSED = "closed"


@dataclass(frozen=True)
class Choice:
    """A language to write in. `is_translated`: the customer reads it, or a translation into what they read exists."""

    code: str
    is_translated: bool


@dataclass(frozen=True)
class Standing:
    """Whose turn; `owner`: the name to show of the agent who has it, empty when it is nobody."""

    turn: Turn
    owner: str = ""

    @property
    def may_write(self) -> bool:
        """Whether what the viewer writes now can be sent."""
        return self.turn in (Turn.MINE, Turn.QUEUE)


def standing_of(connection: Connection, conversation: Conversation, viewer: Viewer) -> Standing:
    """Whose turn it is."""
    if conversation.state == "closed":
        return Standing(Turn.CLOSED)
    if conversation.owner == viewer.owner:
        return Standing(Turn.MINE, viewer.display_name)
    if conversation.owner in (QUEUE, BOT):
        return Standing(Turn.QUEUE if conversation.owner == QUEUE else Turn.BOT)
    name = conversation.owner.removeprefix(_AGENT)
    agent = agent_named(connection, name)
    return Standing(Turn.OTHER, agent.display_name if agent else name)


def before_of(connection: Connection, conversation_id: str) -> str:
    """The id of the customer's conversation before this one; empty: there was none."""
    statement = sa.select(conversations.c.follows).where(conversations.c.id == conversation_id)
    return connection.execute(statement).scalar() or ""


def recipient_of(conversation: Conversation, release: Release) -> Recipient:
    """For whom: a customer whose language nobody knows yet reads the market's main one."""
    market = release.markets[conversation.market]
    return Recipient(conversation.language or market.languages[0], conversation.market)


def writing_languages(viewer: Viewer, to: Recipient) -> Sequence[str]:
    """What the agent may write in, the best first: the customer's when they know it, else their own."""
    own = list(viewer.languages)
    if to.language in own:
        return [to.language, *(language for language in own if language != to.language)]
    return [*own, to.language]


def choices(viewer: Viewer, to: Recipient, available: Callable[[str, str], bool]) -> Sequence[Choice]:
    """The writing languages; of the agent's own those first that `available` (from, to) says can be translated."""
    found = [Choice(code, available(code, to.language)) for code in writing_languages(viewer, to)]
    return sorted(found, key=lambda choice: (choice.code not in viewer.languages, not choice.is_translated))


def own_language(viewer: Viewer, to: Recipient) -> str:
    """The language in which the agent understands best what the customer will read."""
    return writing_languages(viewer, to)[0]
