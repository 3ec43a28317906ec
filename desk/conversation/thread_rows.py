"""What a thread is made of, as rows: one query for each kind, whatever the number of messages."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations import rows
from conversations.episode_rows import CUSTOMER
from conversations.media import MediaFile
from conversations.model import Message
from conversations.ownership_model import AGENT, BOT
from core.schema import conversations, messages, ownership_events
from core.schema_channels import deliveries, delivery_messages, media
from core.schema_desk import notes

MOST = 100  # messages shown or looked at again at once
MOST_BESIDES = 300  # events, and notes, of one window
MOST_EPISODES = 50
REOPENED = "reopen"  # an event
_STOPPED = ("failed", "held", "waiting", "uncertain", "discarded")
_FILE_COLUMNS = [media.c[name] for name in MediaFile.__dataclass_fields__]


@dataclass(frozen=True)
class OwnershipEvent:
    """A conversation changed hands."""

    id: int
    event: str
    from_owner: str
    to_owner: str
    who: str
    why: str
    last_seq: int  # of the conversation at that moment: it stands behind this message
    at: float


@dataclass(frozen=True)
class Begun:
    """A conversation that another one continues."""

    id: str
    market: str
    at: float  # when it began


@dataclass(frozen=True)
class Note:
    """What agents say to each other; never sent."""

    id: str
    author: str
    text: str
    mentions: Sequence[str]
    created_at: float


@dataclass(frozen=True)
class Episode:
    """One of a customer's conversations on a channel."""

    id: str
    market: str
    state: str
    created_at: float
    last_seq: int


def before(connection: Connection, conversation_id: str, seq: int, most: int = MOST) -> list[Message]:
    """The last `most` messages before `seq`, oldest first."""
    first = max(seq - 1 - most, 0)  # seqs are 1, 2, 3 … without gaps
    found = rows.history(connection, conversation_id, first, most)
    return [message for message in found if message.seq < seq]


def numbered(connection: Connection, conversation_id: str, seqs: Collection[int]) -> list[Message]:
    """The conversation's messages with these numbers, oldest first; of more than 100 the last 100."""
    wanted = sorted(seqs)[-MOST:]
    if not wanted:
        return []
    found = rows.history(connection, conversation_id, wanted[0] - 1, min(wanted[-1] - wanted[0] + 1, 10 * MOST))
    return [message for message in found if message.seq in set(wanted)]


def unanswered(connection: Connection, conversation_id: str) -> int:
    """How many messages the customer has written since bot or agents last wrote."""
    here = messages.c.conversation_id == conversation_id
    answers = sa.or_(messages.c.author == BOT, messages.c.author.startswith(AGENT))
    last = sa.select(sa.func.coalesce(sa.func.max(messages.c.seq), 0)).where(here, answers).scalar_subquery()
    counted = sa.select(sa.func.count()).where(here, messages.c.author == CUSTOMER, messages.c.seq > last)
    return int(connection.execute(counted).scalar_one())


def failures(connection: Connection, message_ids: Sequence[str]) -> Mapping[str, str]:
    """Why messages were not sent or not answered, in words for an operator, by message id."""
    errors = sa.select(messages.c.id, messages.c.error).where(messages.c.id.in_(message_ids), messages.c.error != "")
    calls = (
        sa.select(delivery_messages.c.message_id, deliveries.c.reason)
        .join(deliveries, deliveries.c.id == delivery_messages.c.delivery_id)
        .where(
            delivery_messages.c.message_id.in_(message_ids),
            deliveries.c.state.in_(_STOPPED),
            deliveries.c.reason != "",
        )
    )
    own = {row.id: row.error for row in connection.execute(errors)}
    return own | {row.message_id: row.reason for row in connection.execute(calls)}


def files(connection: Connection, message_ids: Sequence[str]) -> Mapping[str, Sequence[MediaFile]]:
    """Files by message id."""
    found: defaultdict[str, list[MediaFile]] = defaultdict(list)
    for row in connection.execute(sa.select(*_FILE_COLUMNS).where(media.c.message_id.in_(message_ids))):
        found[row.message_id].append(MediaFile(**row._mapping))
    return found


def events(
    connection: Connection, conversation_id: str, first: int, last: int | None = None, after: int = 0
) -> list[OwnershipEvent]:
    """Changes of hands behind messages `first` to `last` (None: to the end), with an id above `after`."""
    kept = ownership_events.c
    columns = [kept[name] for name in OwnershipEvent.__dataclass_fields__]
    statement = sa.select(*columns).where(kept.conversation_id == conversation_id, kept.last_seq >= first)
    if last is not None:
        statement = statement.where(kept.last_seq <= last)
    newest = statement.where(kept.id > after).order_by(kept.id.desc()).limit(MOST_BESIDES)
    return [OwnershipEvent(**row._mapping) for row in connection.execute(newest)][::-1]


def continued(connection: Connection, conversation_id: str, found: Sequence[OwnershipEvent]) -> Begun | None:
    """The conversation that this one continues, where it was opened again in one of the events `found`."""
    if not any(event.event == REOPENED for event in found):
        return None
    this = sa.select(conversations.c.follows).where(conversations.c.id == conversation_id).scalar_subquery()
    columns = (conversations.c.id, conversations.c.market, conversations.c.created_at)
    row = connection.execute(sa.select(*columns).where(conversations.c.id == this)).one_or_none()
    return Begun(row.id, row.market, row.created_at) if row else None


def last_event(connection: Connection, conversation_id: str) -> int:
    """Id of the conversation's last change of hands; 0: there was none."""
    newest = sa.select(sa.func.max(ownership_events.c.id)).where(ownership_events.c.conversation_id == conversation_id)
    return int(connection.execute(newest).scalar() or 0)


def notes_of(
    connection: Connection, conversation_id: str, since: float = 0.0, until: float | None = None
) -> list[Note]:
    """Notes from `since` to before `until`, oldest first."""
    columns = [notes.c[name] for name in Note.__dataclass_fields__]
    statement = sa.select(*columns).where(notes.c.conversation_id == conversation_id, notes.c.created_at >= since)
    if until is not None:
        statement = statement.where(notes.c.created_at < until)
    newest = statement.order_by(notes.c.created_at.desc(), notes.c.id).limit(MOST_BESIDES)
    return [Note(**row._mapping) for row in connection.execute(newest)][::-1]


def episodes(connection: Connection, conversation_id: str) -> list[Episode]:
    """The customer's conversations on the channel, this one among them, oldest first; the last 50."""
    this = sa.select(conversations).where(conversations.c.id == conversation_id).subquery()
    columns = [conversations.c[name] for name in Episode.__dataclass_fields__]
    statement = (
        sa.select(*columns)
        .join(
            this,
            sa.and_(
                conversations.c.channel == this.c.channel,
                conversations.c.account == this.c.account,
                conversations.c.sender == this.c.sender,
            ),
        )
        .order_by(conversations.c.created_at.desc())
        .limit(MOST_EPISODES)
    )
    return [Episode(**row._mapping) for row in connection.execute(statement)][::-1]
