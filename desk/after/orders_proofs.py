"""What may prove an order besides the bot's own questions, within the bot's bounds against guessing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.attempts import tries_of, write_tries
from conversations.memory import remember, slots_of
from conversations.model import Conversation
from conversations.ownership_model import BOT
from core.schema import messages
from markets.profile import MarketProfile
from orders.model import Order
from orders.proof import MAX_TRIES, MAX_TRIES_PER_ORDER
from orders.written_proof import Written, written_in

NOTHING_WRITTEN = Written()
LOOK_BACK = 300  # messages of the customer that are searched, from the first one on
BY_BOT, BY_READING = "proof", "proof_read"  # kinds of tries


@dataclass(frozen=True)
class Proofs:
    """What the customer has shown."""

    phone: bool = False  # the market takes a phone that the channel verified
    written: Written = NOTHING_WRITTEN
    tried: Mapping[str, int] = field(default_factory=dict)  # failed tries of a day, by order number

    def matches(self, order: Order) -> tuple[str, ...]:
        """Kinds of what they wrote that is the order's own: email, postcode; nothing while the order is guessed at."""
        return () if self.is_guessed_at(order) else self.written.proves(order)

    def is_guessed_at(self, order: Order) -> bool:
        """Whether as many tries failed in a day as the bot allows."""
        return self.tried.get(order.number, 0) >= MAX_TRIES_PER_ORDER


NO_PROOFS = Proofs()


def proofs_of(
    connection: Connection, conversation: Conversation, market: MarketProfile, numbers: Sequence[str], now: float
) -> Proofs:
    """The conversation's; `numbers` are those of the orders that may be asked about."""
    phone = market.channel_phone_is_proof
    tried = tries_of(connection, BY_BOT, [conversation.id, *numbers], now)
    if tried.get(conversation.id, 0) >= MAX_TRIES:
        return Proofs(phone)  # the bot has locked it: whoever goes on writing proves nothing by it
    return Proofs(phone, written_in(_words(connection, conversation.id), market), tried)


@dataclass(frozen=True)
class News:
    """What was found by reading and is not kept yet."""

    proved: tuple[str, ...] = ()  # order numbers that the bot does not know as proved
    failed: Mapping[str, int] = field(default_factory=dict)  # tries that nobody has counted, by order number

    def __bool__(self) -> bool:
        return bool(self.proved or self.failed)


def news_of(
    connection: Connection, conversation: Conversation, proofs: Proofs, orders: Sequence[Order], now: float
) -> News:
    """What is new of `orders`, which nothing but writing may prove."""
    if not proofs.written.candidates or not orders:
        return News()
    matching = [order.number for order in orders if proofs.matches(order)]
    known = slots_of(connection, conversation.id).get("proven_orders") or []
    counted = tries_of(connection, BY_READING, [_key(conversation.id, order.number) for order in orders], now)
    by_bot = tries_of(connection, BY_BOT, [conversation.id], now).get(conversation.id, 0)
    failed = {
        order.number: proofs.written.failed(order) - by_bot - counted.get(_key(conversation.id, order.number), 0)
        for order in orders
        if order.number not in matching
    }
    proved = tuple(number for number in matching if number not in known) if conversation.owner != BOT else ()
    return News(proved, {number: count for number, count in failed.items() if count > 0})


def keep(connection: Connection, conversation_id: str, news: News, now: float) -> None:
    """Let the bot know what was proved, and count what failed for everybody who asks about the order."""
    if news.proved:
        remember_proven(connection, conversation_id, news.proved, now)
    for number, count in news.failed.items():
        write_tries(connection, BY_READING, [_key(conversation_id, number)] * count, now)
        write_tries(connection, BY_BOT, [number] * count, now)


def remember_proven(connection: Connection, conversation_id: str, numbers: Sequence[str], now: float) -> None:
    """Let the bot know the orders as proved, after hand-back too."""
    slots = slots_of(connection, conversation_id)
    proven = list(dict.fromkeys([*(slots.get("proven_orders") or []), *numbers]))
    remember(connection, conversation_id, {**slots, "proven_orders": proven}, now)


def _key(conversation_id: str, number: str) -> str:
    return f"{conversation_id}:{number}"


def _words(connection: Connection, conversation_id: str) -> Sequence[str]:
    """What the customer wrote, the first first: later guesses never push earlier ones out of the count."""
    theirs = sa.and_(messages.c.conversation_id == conversation_id, messages.c.author == "customer")
    statement = sa.select(messages.c.text).where(theirs).order_by(messages.c.seq).limit(LOOK_BACK)
    return list(connection.execute(statement).scalars())
