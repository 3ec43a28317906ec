"""What is sent to vendors: one delivery is one call, with its outcome. Plain values; the database is in outbox.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Row

from conversations.contacts import Contact
from conversations.model import Conversation, Message, Status
from core.schema_channels import deliveries

KEY_LIFE_S = 23 * 3600.0  # LINE knows a retry key for 24 hours


class State(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    SENDING = "sending"  # the call is being made, or its process died while it was
    UNCERTAIN = "uncertain"  # the call may have been taken
    HELD = "held"  # may not be made now
    FAILED = "failed"  # will not be made: the dead letter list
    DISCARDED = "discarded"  # by a person, from the dead letter list
    WITHDRAWN = "withdrawn"  # the bot's, overtaken by a person who took over
    ACCEPTED = "accepted"  # the vendor took it
    SENT = "sent"  # the vendor says that it sent it
    DELIVERED = "delivered"
    READ = "read"


OPEN = (State.WAITING, State.SENDING, State.UNCERTAIN)
_RANK = {State.ACCEPTED: 1, State.SENT: 2, State.DELIVERED: 3, State.READ: 4}
_WORST_FIRST: Sequence[tuple[State, Status]] = (
    (State.FAILED, Status.FAILED),
    (State.DISCARDED, Status.FAILED),
    (State.HELD, Status.HELD),
    (State.WITHDRAWN, Status.WITHDRAWN),
    (State.WAITING, Status.QUEUED),
    (State.SENDING, Status.QUEUED),
    (State.UNCERTAIN, Status.QUEUED),
    (State.ACCEPTED, Status.SENT),
    (State.SENT, Status.SENT),
    (State.DELIVERED, Status.DELIVERED),
    (State.READ, Status.READ),
)


def moves_forward(now: State, to: State) -> bool:
    """Whether a vendor's word of `to` is news: sent, delivered and read never go back."""
    return _RANK[to] > _RANK.get(now, 0)


def may_fail(now: State) -> bool:
    """Whether a vendor's word that it failed can still be true: what was delivered did not fail."""
    return now in (*OPEN, State.ACCEPTED, State.SENT)


def message_status(states: Sequence[State]) -> Status:
    """The status of a message whose parts are in `states`: that of its worst part."""
    return next(status for state, status in _WORST_FIRST if state in states)


@dataclass(frozen=True)
class Delivery:
    """One call to a vendor."""

    id: str
    key: str  # UUID, the same for every try
    conversation_id: str
    position: int
    body: Mapping[str, Any]
    author: str
    state: State
    way: Mapping[str, Any] | None  # how it was tried last
    attempts: int
    next_at: float
    started_at: float | None
    provider_id: str | None
    code: str
    reason: str
    created_at: float


@dataclass(frozen=True)
class Batch:
    """A conversation with all that is to be sent in it."""

    conversation: Conversation
    contact: Contact | None
    unplanned: Sequence[Message]  # messages that no call carries yet, oldest first
    deliveries: Sequence[Delivery]  # calls to make, in order
    tap_asked_at: float  # when the person was asked to tap for the answer, since they last wrote; 0: they were not
    accepted_at: float  # when the vendor took the last call that it has not said "sent" of; 0: there is none
    token: tuple[str, float] | None  # the newest unused reply token, and when it came


def afresh(delivery: Delivery, now: float) -> Mapping[str, Any]:
    """Columns of a stopped delivery that is tried again as if it were new; an old one gets a new key and new time."""
    values: dict[str, Any] = {"state": State.WAITING, "attempts": 0, "next_at": 0, "code": "", "reason": ""}
    is_old = now - delivery.created_at > KEY_LIFE_S
    return values | ({"key": str(uuid4()), "created_at": now} if is_old else {})


COLUMNS = [deliveries.c[name] for name in Delivery.__dataclass_fields__]


def to_delivery(row: Row[Any]) -> Delivery:
    """The row of COLUMNS as a value."""
    return Delivery(**{**row._mapping, "state": State(row.state)})


def select_deliveries() -> sa.Select[Any]:
    """Deliveries' columns."""
    return sa.select(*COLUMNS)
