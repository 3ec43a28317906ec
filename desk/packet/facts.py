"""Everything that a packet is made of, read with few queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from conversations import handoff_rows, promise_rows, rows
from conversations.attempts import tries_of
from conversations.handoff_rows import Handoff
from conversations.memory import slots_of
from conversations.model import Conversation, Message
from conversations.promise_rows import PromiseRow
from core.schema import conversations, handoffs, ownership_events
from core.schema_channels import contacts
from core.schema_desk import notes, surveys
from desk.after.orders_find import FoundOrder, find_orders, sources_of
from desk.after.orders_proofs import BY_BOT, NO_PROOFS, proofs_of
from desk.after.parcel_steps import way_of
from desk.deps import ChannelState
from desk.packet.model import Earlier, OrderFact, OrderFacts
from desk.packet.sources import PacketSources
from desk.translated import Translated
from glossaries.violations import GateRelease
from knowledge.release import Release
from markets.profile import MarketProfile
from orders.source import OrderSource

LOOK_BACK = 80  # messages that are read
MOST_EARLIER = 10


@dataclass(frozen=True)
class Facts:
    """What is known of a conversation at `now`."""

    now: float
    reader: str  # content code of whoever reads
    conversation: Conversation
    market: MarketProfile | None
    handoff: Handoff | None  # the open one
    ended: Handoff | None  # of a closed conversation: the last one
    messages: Sequence[Message]  # the last ones, oldest first
    slots: Mapping[str, Any]  # what the bot remembers
    translations: Mapping[str, Translated]  # by message id, into the reader's language
    orders: OrderFacts
    promises: Sequence[PromiseRow]  # newest first
    channel: ChannelState
    name: str  # as the channel tells it
    earlier: Sequence[Earlier]
    notes: int
    proofs_failed: int  # within a day
    taken_by: str  # the last person who got it
    release: Release
    terms: GateRelease
    waits_for_bot: float | None  # since when, where the bot has it

    @property
    def waiting_since(self) -> float | None:
        """Since when the customer waits for an answer."""
        return self.handoff.waiting_since if self.handoff else self.waits_for_bot

    @property
    def customers(self) -> Sequence[Message]:
        """The customer's own messages."""
        return [message for message in self.messages if message.author == "customer"]


def read_facts(sources: PacketSources, connection: Connection, conversation: Conversation, reader: str) -> Facts:
    """The facts; asks the shop, which may take as long as its timeout."""
    release, now = sources.release(), sources.clock()
    market = release.markets.get(conversation.market)
    last = _last_messages(connection, conversation)
    theirs = [message for message in last if message.author == "customer"]
    earlier, noted = _earlier(connection, conversation)
    return Facts(
        now=now,
        reader=reader,
        conversation=conversation,
        market=market,
        handoff=handoff_rows.of_conversation(connection, conversation.id),
        ended=_ended(connection, conversation),
        messages=last,
        slots=slots_of(connection, conversation.id),
        translations=sources.translations(connection, theirs, reader),
        orders=_orders(sources.orders, connection, conversation, market, now),
        promises=promise_rows.of_conversation(connection, conversation.id),
        channel=sources.channel(conversation),
        name=_name(connection, conversation),
        earlier=earlier,
        notes=noted,
        proofs_failed=_proofs_failed(connection, conversation.id, now),
        taken_by=_taken_by(connection, conversation.id),
        release=release,
        terms=sources.terms(),
        waits_for_bot=_waits_for_bot(connection, conversation.id),
    )


def _last_messages(connection: Connection, conversation: Conversation) -> list[Message]:
    """The last ones. Of a conversation in which the customer has said nothing yet, as an agent has opened it again,
    those of the one before come first, with the place 0.
    """
    last = rows.history(connection, conversation.id, max(0, conversation.last_seq - LOOK_BACK), LOOK_BACK)
    if any(message.author == "customer" for message in last):
        return last
    follows = sa.select(conversations.c.follows).where(conversations.c.id == conversation.id).scalar_subquery()
    before = sa.select(conversations.c.id, conversations.c.last_seq).where(conversations.c.id == follows)
    row = connection.execute(before).one_or_none()
    if row is None:
        return last
    earlier = rows.history(connection, row.id, max(0, row.last_seq - LOOK_BACK), LOOK_BACK)
    return [replace(message, seq=0) for message in earlier] + last


def _orders(
    shop: OrderSource, connection: Connection, conversation: Conversation, market: MarketProfile | None, now: float
) -> OrderFacts:
    numbers = sources_of(connection, conversation)
    proofs = proofs_of(connection, conversation, market, list(numbers), now) if market else NO_PROOFS
    found = find_orders(shop, conversation, numbers, proofs)
    at = datetime.fromtimestamp(now, UTC)
    made = tuple(
        OrderFact(each.order, each.source, each.proven, _problems(each, market, at) if market else (), each.matches)
        for each in found.orders
    )
    return OrderFacts(made, now, tuple(found.unknown), found.failed)


def _ended(connection: Connection, conversation: Conversation) -> Handoff | None:
    return handoff_rows.last_of_conversation(connection, conversation.id) if conversation.state == "closed" else None


def _problems(found: FoundOrder, market: MarketProfile, now: datetime) -> tuple[str, ...]:
    ways = [way_of(found.order, parcel, market, now) for parcel in found.order.parcels]
    return tuple(dict.fromkeys(problem for way in ways for problem in way.problems))


def _name(connection: Connection, conversation: Conversation) -> str:
    person = [contacts.c[name] == getattr(conversation, name) for name in ("channel", "account", "sender")]
    found: str | None = connection.execute(sa.select(contacts.c.name).where(*person)).scalar_one_or_none()
    return found or ""


def _earlier(connection: Connection, conversation: Conversation) -> tuple[Sequence[Earlier], int]:
    """The person's conversations in this market before this one, newest first, and the notes on all of them."""
    same = [conversations.c[name] == getattr(conversation, name) for name in ("channel", "account", "sender", "market")]
    theirs = sa.select(conversations.c.id).where(*same)
    noted = sa.select(sa.func.count()).where(notes.c.conversation_id.in_(theirs)).scalar_subquery()
    last = _last_handoff()
    statement = (
        sa.select(
            *(conversations.c[name] for name in ("id", "created_at", "state", "owner")),
            *(handoffs.c[name] for name in ("reason", "resolution", "resolved_by")),
            surveys.c.score,
            noted.label("notes"),
        )
        .select_from(conversations)
        .outerjoin(handoffs, last)
        .outerjoin(surveys, surveys.c.conversation_id == conversations.c.id)
        .where(*same)
        .order_by(conversations.c.created_at.desc())
        .limit(MOST_EARLIER + 1)
    )
    found = list({row.id: row for row in connection.execute(statement)}.values())
    count = int(found[0].notes) if found else 0
    return [_to_earlier(row) for row in found if row.id != conversation.id][:MOST_EARLIER], count


def _last_handoff() -> sa.ColumnElement[bool]:
    """Joins a conversation's newest hand-off."""
    newest = sa.select(sa.func.max(handoffs.c.created_at)).where(handoffs.c.conversation_id == conversations.c.id)
    at = newest.correlate(conversations).scalar_subquery()
    return sa.and_(handoffs.c.conversation_id == conversations.c.id, handoffs.c.created_at == at)


def _to_earlier(row: Row[Any]) -> Earlier:
    ended = "open" if row.state == "open" else row.resolution or "bot"
    return Earlier(row.id, row.created_at, ended, row.resolved_by or "", row.reason or "", row.score)


def _proofs_failed(connection: Connection, conversation_id: str, now: float) -> int:
    return tries_of(connection, BY_BOT, [conversation_id], now).get(conversation_id, 0)


def _taken_by(connection: Connection, conversation_id: str) -> str:
    mine = sa.and_(
        ownership_events.c.conversation_id == conversation_id, ownership_events.c.event.in_(("take", "assign"))
    )
    last = sa.select(ownership_events.c.to_owner).where(mine).order_by(ownership_events.c.id.desc()).limit(1)
    found: str | None = connection.execute(last).scalar_one_or_none()
    return found or ""


def _waits_for_bot(connection: Connection, conversation_id: str) -> float | None:
    since = sa.select(conversations.c.pending_since).where(conversations.c.id == conversation_id)
    found: float | None = connection.execute(since).scalar_one()
    return found
