"""What the desk works with. Passed in by aftersail/desk.py, never imported."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy.engine import Engine

from conversations.model import Conversation
from conversations.outgoing import Gate
from conversations.promise_model import Promise
from core.settings import Settings
from desk.viewer import Viewer
from glossaries.violations import GateRelease
from knowledge.release import Release
from languages.translation.translator import Translator
from orders.source import OrderSource


@dataclass(frozen=True)
class ChannelState:
    """What the next message to a customer costs, and until when it is free."""

    free_until: float | None  # seconds since 1970; None: it is not free now
    cost: str  # free, template, push: of a message sent now
    then: str  # what it costs afterwards; empty: it stays free
    left: int | None = None  # pushes left in this month; None: not counted
    sendable: bool = True  # False: nothing can be sent now, not even paid
    reason: str = ""  # why not, a word of desk/data/words/<language>/channels.yml


@dataclass(frozen=True)
class Preview:
    """A message as the customer will see it."""

    bubbles: Sequence[Mapping[str, Any]]  # of the channel, each {"text", "choices": [...], "image"}
    notes: Sequence[str] = ()  # what the channel changes: cut in 2, labels shortened; keys of words channels.*


class ChannelDesk(Protocol):
    """What the desk asks of channels; aftersail/desk_channels.py."""

    def state(self, conversation: Conversation) -> ChannelState:
        """What a message to this customer costs now."""

    def preview(self, conversation: Conversation, text: str, payload: Mapping[str, Any]) -> Preview:
        """What the customer will see of `text`."""

    def media_link(self, media_id: str) -> str:
        """Address of a file that a customer sent; good for a month."""


class Doorkeeper(Protocol):
    """Who has a session; desk/people/sessions.py."""

    def viewer(self, token: str) -> Viewer | None:
        """Whose session it is; None when it is unknown, over or ended, or its owner disabled."""


@dataclass(frozen=True)
class DeskDeps:
    """The outside world of the desk."""

    engine: Engine
    settings: Settings
    release: Callable[[], Release]  # the current one
    gate: Gate
    terms: Callable[[], GateRelease]  # of the current release
    translator: Translator
    orders: OrderSource
    channels: ChannelDesk
    doorkeeper: Doorkeeper
    promise: Promise
    notify: Callable[[str, str], object]  # (role, conversation id): something is new there
    clock: Callable[[], float] = time.time
    extras: Mapping[str, Any] = field(default_factory=dict)

    def news(self, conversation_id: str) -> None:
        """Tell everybody who shows or sends messages that the conversation has something new."""
        for role in ("web", "courier"):
            self.notify(role, conversation_id)
