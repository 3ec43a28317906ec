"""What becomes of a delivery: each step is stored before or after the call it is about, and moves its messages."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from conversations import rows
from conversations.contacts import return_token, use_token
from conversations.delivery_model import (
    OPEN,
    Delivery,
    State,
    afresh,
    may_fail,
    message_status,
    moves_forward,
    select_deliveries,
    to_delivery,
)
from conversations.outbox import look_at, look_now
from core.database import reading
from core.errors import LostLease
from core.schema import conversations, messages, ownership_events
from core.schema_channels import contacts, deliveries, delivery_messages

BOT_AUTHOR = "bot"
AGENT = "agent:"  # how the name of a person begins
MAX_REASON = 500
DECIDE_S = 5.0  # so long a failed delivery rests while it is being decided upon


class DeliveryStates:
    """Moves deliveries on."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock

    def begin(self, delivery: Delivery, way: Mapping[str, Any], repeated: bool = False) -> bool:
        """Whether the call may be made: the bot's words are withdrawn when a person has taken over since.

        `way` has name, cost, detail and token; it is stored before the call, so that a crash leaves a trace. Raises
        LostLease when somebody else has tried it since `delivery` was read.
        """
        now = self._clock()
        with self._engine.begin() as connection:
            found = _find(connection, delivery.id)
            if found.attempts != delivery.attempts:
                raise LostLease(f"delivery {delivery.id} is being made by another sender")
            if found.state not in OPEN:
                return False  # a status or a person was quicker
            if delivery.author == BOT_AUTHOR and _taken_over(connection, found):
                self._set(connection, delivery.id, state=State.WITHDRAWN, settled_at=now)
                return False
            values: dict[str, Any] = {"state": State.SENDING, "way": dict(way), "started_at": now}
            values |= {"attempts": deliveries.c.attempts + 1, "repeated": deliveries.c.repeated + int(repeated)}
            self._set(connection, delivery.id, **values)
            if way.get("token"):
                use_token(connection, str(way["token"]), now)
            return True

    def accepted(self, delivery_id: str, provider_id: str, address: Mapping[str, str]) -> None:
        """The vendor took it; `address`: what it now knows the person by."""
        with self._engine.begin() as connection:
            found = _find(connection, delivery_id)
            failed_already = found.state is not State.SENDING and provider_id and found.provider_id == provider_id
            if moves_forward(found.state, State.ACCEPTED) and not failed_already:
                values = {"state": State.ACCEPTED, "settled_at": self._clock(), "code": "", "reason": ""}
                self._set(connection, delivery_id, provider_id=provider_id or None, **values)
            elif not found.provider_id:  # a status was quicker than the answer
                self._set(connection, delivery_id, provider_id=provider_id or None)
            if address:
                _remember_address(connection, found.conversation_id, address)

    def later(
        self, delivery_id: str, at: float, code: str, reason: str, uncertain: bool = False, token: str = ""
    ) -> None:
        """It will be tried again at `at`; `uncertain`: the last try may have been taken; `token`: it left it unused."""
        state = State.UNCERTAIN if uncertain else State.WAITING
        with self._engine.begin() as connection:
            found = _find(connection, delivery_id)
            if found.state in OPEN:
                self._set(connection, delivery_id, state=state, next_at=at, code=code, reason=_storable(reason))
                look_at(connection, found.conversation_id, at)
            if token:
                return_token(connection, token)

    def stop(self, delivery_id: str, state: State, code: str, reason: str) -> bool:
        """Whether it is now `state` (held or failed); False: the vendor had taken it after all."""
        with self._engine.begin() as connection:
            if _find(connection, delivery_id).state not in OPEN:
                return False
            values = {"state": state, "code": code, "reason": _storable(reason), "settled_at": self._clock()}
            self._set(connection, delivery_id, **values)
            return True

    def told(
        self, channel: str, message: str, tracker: str, state: State, account: str | None = None
    ) -> Delivery | None:
        """The delivery that a vendor's status is about, moved forward when that is news; None: none of `account`'s."""
        with self._engine.begin() as connection:
            found = _by_vendor(connection, channel, message, tracker, account)
            if found is None:
                return None
            if moves_forward(found.state, state) and not _is_older_than_failure(found, message, state):
                values = {"state": state, "provider_id": message, "settled_at": self._clock(), "code": "", "reason": ""}
                self._set(connection, found.id, **values)
                look_now(connection, found.conversation_id, self._clock())  # the next one may be waiting for it
            return found

    def told_failed(
        self, channel: str, message: str, tracker: str, code: str, reason: str, account: str | None = None
    ) -> Delivery | None:
        """The delivery that the vendor could not deliver, open again so that it can be decided upon.

        None: none of ours, or it was delivered, or this is about a try before the one that was taken.
        """
        with self._engine.begin() as connection:
            found = _by_vendor(connection, channel, message, tracker, account)
            if found is None or not may_fail(found.state) or _is_of_another_try(found, message):
                return None
            values = {"state": State.WAITING, "provider_id": message, "next_at": self._clock() + DECIDE_S}
            self._set(connection, found.id, code=code, reason=_storable(reason), **values)
            return found

    def message_of(self, channel: str, provider_id: str) -> str:
        """Our id of the message that the vendor calls so, in or out; empty when it is none of ours."""
        with reading(self._engine) as connection:
            inbound = rows.by_provider_id(connection, channel, provider_id)
            if inbound:
                return inbound.id
            found = _by_vendor(connection, channel, provider_id, "")
            if found is None:
                return ""
            theirs = sa.select(delivery_messages.c.message_id).where(delivery_messages.c.delivery_id == found.id)
            return str(connection.execute(theirs.limit(1)).scalar_one())

    def wake(self, channel: str, account: str, sender: str) -> None:
        """Let the sender look at the person's conversations now: what waited for a free way has one."""
        now = self._clock()
        theirs = sa.and_(*_of_person(channel, account, sender), conversations.c.send_at > now)
        with reading(self._engine) as connection:
            if connection.execute(sa.select(conversations.c.id).where(theirs)).first() is None:
                return  # the usual case takes no write lock
        with self._engine.begin() as connection:
            connection.execute(sa.update(conversations).where(theirs).values(send_at=now))

    def release_held(self, channel: str, account: str, sender: str) -> int:
        """Number of held deliveries of the person that are sent now."""
        now = self._clock()
        theirs = sa.select(conversations.c.id).where(*_of_person(channel, account, sender))
        held = sa.and_(deliveries.c.conversation_id.in_(theirs), deliveries.c.state == State.HELD)
        with reading(self._engine) as connection:
            if connection.execute(sa.select(deliveries.c.id).where(held).limit(1)).first() is None:
                return 0  # the usual case takes no write lock
        with self._engine.begin() as connection:
            found = [to_delivery(row) for row in connection.execute(select_deliveries().where(held)).all()]
            for delivery in found:
                self._set(connection, delivery.id, **afresh(delivery, now))
                look_now(connection, delivery.conversation_id, now)
            return len(found)

    def _set(self, connection: Connection, delivery_id: str, **values: Any) -> None:
        connection.execute(sa.update(deliveries).where(deliveries.c.id == delivery_id).values(**values))
        move_messages(connection, delivery_id)


def move_messages(connection: Connection, delivery_id: str) -> None:
    """Give the messages of a delivery the status of their worst part."""
    theirs = sa.select(delivery_messages.c.message_id).where(delivery_messages.c.delivery_id == delivery_id)
    for message_id in connection.execute(theirs).scalars().all():
        parts = connection.execute(
            sa.select(deliveries.c.state, deliveries.c.code, deliveries.c.reason)
            .join(delivery_messages, delivery_messages.c.delivery_id == deliveries.c.id)
            .where(delivery_messages.c.message_id == message_id)
        ).all()
        status = message_status([State(part.state) for part in parts])
        error = next((f"{part.code}: {part.reason}" for part in parts if part.code), "")
        values = {"status": status.value, "error": error}
        connection.execute(sa.update(messages).where(messages.c.id == message_id).values(**values))


def _storable(reason: str) -> str:
    """A vendor's words as every database takes them: neither NUL nor half surrogate pairs, and not too many."""
    whole = reason[:MAX_REASON].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\x00", "\ufffd")


def _is_of_another_try(found: Delivery, message: str) -> bool:
    """Whether the vendor speaks of a try before the one that it took under another id."""
    return found.state in (State.ACCEPTED, State.SENT) and found.provider_id not in (None, message)


def _is_older_than_failure(found: Delivery, message: str, state: State) -> bool:
    """Whether the vendor says "sent" of what it said to have failed: statuses come in any order."""
    return state is State.SENT and found.provider_id == message and found.state is not State.ACCEPTED


def _find(connection: Connection, delivery_id: str) -> Delivery:
    return to_delivery(connection.execute(select_deliveries().where(deliveries.c.id == delivery_id)).one())


def _by_vendor(
    connection: Connection, channel: str, message: str, tracker: str, account: str | None = None
) -> Delivery | None:
    ours = select_deliveries().join(conversations, conversations.c.id == deliveries.c.conversation_id)
    ours = ours.where(conversations.c.channel == channel)
    if account is not None:
        ours = ours.where(conversations.c.account == account)
    for column, value in ((deliveries.c.id, tracker), (deliveries.c.provider_id, message)):
        row = connection.execute(ours.where(column == value)).first() if value else None
        if row:
            return to_delivery(row)
    return None


def _taken_over(connection: Connection, delivery: Delivery) -> bool:
    """Whether a person has the conversation, or had it after the delivery's last message was written."""
    if rows.conversation(connection, delivery.conversation_id).owner.startswith(AGENT):
        return True
    written = (
        sa.select(sa.func.max(messages.c.created_at))
        .join(delivery_messages, delivery_messages.c.message_id == messages.c.id)
        .where(delivery_messages.c.delivery_id == delivery.id)
        .scalar_subquery()
    )
    taken = sa.select(ownership_events.c.id).where(
        ownership_events.c.conversation_id == delivery.conversation_id,
        ownership_events.c.to_owner.startswith(AGENT),
        ownership_events.c.at > written,
    )
    return connection.execute(taken.limit(1)).first() is not None


def _remember_address(connection: Connection, conversation_id: str, address: Mapping[str, str]) -> None:
    conversation = rows.conversation(connection, conversation_id)
    key = (conversation.channel, conversation.account, conversation.sender)
    mine = sa.and_(contacts.c.channel == key[0], contacts.c.account == key[1], contacts.c.sender == key[2])
    known = connection.execute(sa.select(contacts.c.address).where(mine)).scalar_one_or_none()
    if known is not None and {**known, **address} != known:
        connection.execute(sa.update(contacts).where(mine).values(address={**known, **address}))


def _of_person(channel: str, account: str, sender: str) -> list[sa.ColumnElement[bool]]:
    wanted = {"channel": channel, "account": account, "sender": sender}
    return [conversations.c[name] == value for name, value in wanted.items()]
