"""An agent compares what a customer gave by picture or phone with an order, without ever seeing the order's own."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.attempts import tries_of, write_tries
from core.schema import conversations
from desk.after.orders_proofs import remember_proven
from orders.model import Order
from orders.proof import MAX_TRIES, MAX_TRIES_PER_ORDER, matches_proof

BY_HAND = "proof_checked"  # kind of tries
MAX_TRIES_PER_AGENT = 30  # wrong ones in a day


@dataclass(frozen=True)
class Try:
    """What is compared."""

    conversation_id: str
    order: Order
    proof: str  # e-mail or postcode
    postcode_length: int  # the market's
    who: str  # agent:<name>


@dataclass(frozen=True)
class Checked:
    """What came of it."""

    number: str
    matches: bool = False
    refused: bool = False  # too many wrong tries: nothing was compared
    left: int = 0  # tries


def check_proof(connection: Connection, made: Try, now: float) -> Checked:
    """Whether it matches, which the conversation remembers; wrong ones are counted and bounded."""
    _lock(connection, made.conversation_id)
    limits = _limits(made)
    tried = tries_of(connection, BY_HAND, list(limits), now)
    left = min(most - tried.get(key, 0) for key, most in limits.items())
    number = made.order.number
    if left <= 0:
        return Checked(number, refused=True)
    email, postcode = (made.proof, None) if "@" in made.proof else (None, made.proof)
    if matches_proof(made.order, email, postcode, None, postcode_length=made.postcode_length):
        remember_proven(connection, made.conversation_id, [number], now)
        return Checked(number, matches=True)
    write_tries(connection, BY_HAND, list(limits), now)
    return Checked(number, left=left - 1)


def _limits(made: Try) -> dict[str, int]:
    """Wrong tries of a day, by what they are counted under."""
    return {made.conversation_id: MAX_TRIES, made.order.number: MAX_TRIES_PER_ORDER, made.who: MAX_TRIES_PER_AGENT}


def _lock(connection: Connection, conversation_id: str) -> None:
    """One at a time, so that tries at once are counted one after the other."""
    mine = conversations.c.id == conversation_id
    connection.execute(sa.select(conversations.c.id).where(mine).with_for_update())
