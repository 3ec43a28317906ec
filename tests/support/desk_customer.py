"""Desk and web chat in one server, as in production: what an agent does is seen by the customer, and the other way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import Browser
from starlette.applications import Starlette

from aftersail.shop_window import ReleaseWords
from connectors.webchat.deps import WebchatDeps
from connectors.webchat.hub import Hub
from connectors.webchat.routes import webchat_routes
from conversations import rows
from conversations.model import Conversation, Message, Reply
from conversations.promise_model import Asked, Promised
from conversations.record import Record
from conversations.work import TurnResult, WorkQueue
from core.database import reading
from core.schema import conversations
from tests.support.desk import DeskWorld
from tests.support.desk_site import DeskServer, DeskSite
from tests.support.webchat import StandInDemo


class BothServer(DeskServer):
    """Serves both, and wakes both."""

    def __init__(self, world: DeskWorld) -> None:
        super().__init__(world)
        deps = self._deps = world.parts.deps
        self._hub = Hub()
        chat = WebchatDeps(
            record=Record(world.engine, world.languages, world.clock, promise=deps.promise),
            notify=self._notify,
            words=ReleaseWords(world.holder.current),
            demo=StandInDemo(),
            settings=world.settings,
            clock=world.clock,
            hub=self._hub,
        )
        self._app = Starlette(routes=[*webchat_routes(chat), *world.routes])

    def _notify(self, role: str, note: str) -> None:
        self._deps.notify(role, note)

    def ring(self, note: str) -> None:
        """A wake-up of the web process; lost while the server is down."""
        super().ring(note)
        loop = self._loop
        if loop is not None and loop.is_running():
            loop.call_soon_threadsafe(self._hub.hear, note)


class BothSite(DeskSite):
    """A running desk with customers in the web chat of its shop."""

    def __init__(self, world: DeskWorld, browser: Browser) -> None:
        super().__init__(world, browser)
        self.server = BothServer(world)


@dataclass(frozen=True)
class Thought:
    """A turn that the bot has begun and not finished."""

    queue: WorkQueue
    conversation: Conversation
    message: Message

    def ends(self, result: TurnResult) -> None:
        """The bot is done; whether its words leave is the record's to say."""
        self.queue.commit(self.conversation, self.message, result)


def think(world: DeskWorld) -> Thought | None:
    """The bot begins with the message that has waited longest; None when none waits for it."""
    queue = WorkQueue(world.engine, "worker-1", world.gate, clock=world.clock)
    claimed = queue.claim()
    found = queue.next_message(claimed) if claimed else None
    return Thought(queue, found[0], found[1]) if found else None


def promised(world: DeskWorld, conversation: Conversation, tier: str) -> Promised:
    """What would be promised now."""
    with reading(world.engine) as connection:
        return world.parts.deps.promise(connection, Asked(conversation.id, conversation.market, tier, world.clock()))


def words(world: DeskWorld, conversation: Conversation, *names: str, **values: Any) -> Reply:
    """Approved words to the customer, one sentence after the other; moments are given in seconds since 1970."""
    release = world.holder.current()
    market = release.markets[conversation.market]
    given: Mapping[str, Any] = {name: datetime.fromtimestamp(at, market.zone) for name, at in values.items()}
    first, *others = names
    said = release.words.say(
        first,
        given if not others else {},
        market=market,
        language=conversation.language,
        time_zone=conversation.hints.time_zone or None,
        then=[(name, given) for name in others],
    )
    return Reply(said.text, said.language, {"response": first}, release.id)


def newest(world: DeskWorld) -> Conversation:
    """The conversation that began last."""
    statement = sa.select(conversations.c.id).order_by(conversations.c.created_at.desc())
    with reading(world.engine) as connection:
        return rows.conversation(connection, connection.execute(statement.limit(1)).scalar_one())
