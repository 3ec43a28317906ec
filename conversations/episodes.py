"""Episodes: a person's conversations on a channel, one after the other. One begins when the one before is closed."""

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from conversations import ownership, rows
from conversations.episode_rows import insert, last_of
from conversations.model import Conversation, Inbound, Status
from conversations.ownership import Action, Event
from conversations.ownership_errors import OwnershipError
from core.database import reading
from core.schema import conversations, messages

MOST = 500  # conversations closed at a time
HOUR_S = 3600.0
_ON_ITS_WAY = (Status.QUEUED.value, Status.HELD.value)  # an answer that has not arrived is none


def begin(connection: Connection, inbound: Inbound, now: float) -> Conversation:
    """A new conversation of the person, who has no open one; it follows their last one."""
    chosen = inbound.hints.chosen_language
    person = {"channel": inbound.channel, "account": inbound.account, "sender": inbound.sender}
    before = last_of(connection, **person)
    language = {"language_state": {"chosen": chosen} if chosen else {}, "hints": inbound.hints.to_json()}
    new_id = insert(connection, now, **person, **language, market=inbound.market, follows=before)
    if before:
        ownership.write_reopened(connection, before, new_id, "customer", now)
    return rows.conversation(connection, new_id)


def close_answered(engine: Engine, hours: Callable[[str], float], now: float) -> list[str]:
    """Ids of conversations closed because the customer has had an answer for `hours(market)` and wrote no more."""
    closed = []
    for conversation_id, last_seq in _answered(engine, hours, now):
        action = Action(Event.EXPIRE, ownership.SYSTEM, "answered long ago", seen=last_seq)
        try:
            ownership.act(engine, conversation_id, action, now)
        except OwnershipError:  # somebody wrote, took or closed it since
            continue
        closed.append(conversation_id)
    return closed


def _answered(engine: Engine, hours: Callable[[str], float], now: float) -> list[tuple[str, int]]:
    """(id, last_seq) of conversations to close."""
    under_way = sa.exists().where(
        messages.c.conversation_id == conversations.c.id,
        messages.c.direction == "out",
        messages.c.status.in_(_ON_ITS_WAY),
    )
    found: list[tuple[str, int]] = []
    with reading(engine) as connection:
        for market in connection.execute(sa.select(conversations.c.market).distinct()).scalars().all():
            quiet = sa.select(conversations.c.id, conversations.c.last_seq).where(
                conversations.c.market == market,
                conversations.c.state == "open",
                conversations.c.owner != ownership.QUEUE,
                conversations.c.last_seq > 0,
                sa.or_(conversations.c.pending == 0, conversations.c.owner != ownership.BOT),
                conversations.c.updated_at < now - hours(market) * HOUR_S,
                ~under_way,
            )
            found += [(row.id, row.last_seq) for row in connection.execute(quiet.limit(MOST))]
    return found
