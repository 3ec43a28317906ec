"""The queue's lines, ready to be shown, and its counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.engine import Connection, Row

from conversations.ownership_model import BOT, QUEUE
from desk.queue.statements import Key, Wish, choices_query, counts_query, list_query
from desk.viewer import Viewer

MAX_NAME = 80
TAIL = 4  # last characters of a sender, by which a person without name is told from another
WindowLeft = Callable[[str, float], float | None]  # (channel, seconds of silence) -> seconds left; None: not counted


class Clock(StrEnum):
    """How a promise stands."""

    NONE = "none"  # the customer does not wait for a person
    OPEN = "open"
    AT_RISK = "at_risk"
    BROKEN = "broken"


@dataclass(frozen=True)
class QueueRow:
    """A conversation as one line."""

    id: str
    key: Key
    market: str
    language: str
    channel: str
    tier: str  # empty while the bot has it
    escalated: bool
    owner: str  # bot, queue, agent:<name>
    name: str  # empty: unknown
    tail: str  # of the sender, where there is no name
    words: str  # the customer's last; may be empty
    words_language: str
    words_kind: str
    seq: int  # of the customer's last message; 0: none
    unread: bool
    waiting_since: float | None
    promised_at: float | None
    told: bool  # the customer knows of that moment
    at_risk_from: float | None
    clock: Clock
    window_until: float | None  # when a free answer is no longer possible; None: nothing to count
    updated_at: float
    closed: bool

    @property
    def agent(self) -> str:
        """Name of the agent who has it; empty when none has."""
        return self.owner.partition(":")[2]

    @property
    def in_queue(self) -> bool:
        """Whether it is anybody's."""
        return self.owner == QUEUE


@dataclass(frozen=True)
class QueuePart:
    """Lines in order; `more`: where the next ones begin, None at the end."""

    rows: Sequence[QueueRow]
    more: Key | None


def read_part(connection: Connection, wish: Wish, window_left: WindowLeft) -> QueuePart:
    """The lines of the wish, by one query."""
    found = connection.execute(*list_query(wish)).all()
    rows = [_to_row(row, wish, window_left) for row in found[: wish.limit]]
    return QueuePart(rows, rows[-1].key if len(found) > wish.limit else None)


def read_counts(connection: Connection, viewer: Viewer) -> Mapping[str, int]:
    """Number of open conversations by view."""
    return dict(connection.execute(*counts_query(viewer)).one()._mapping)


def read_choices(connection: Connection, viewer: Viewer) -> Mapping[str, Sequence[str]]:
    """What open conversations of the viewer can be narrowed to: languages, channels, owners, in order."""
    found = connection.execute(*choices_query(viewer)).all()
    names = ("language", "channel", "owner")
    return {name: sorted({getattr(row, name) for row in found} - {""}) for name in names}


def clock_of(waiting_since: float | None, promised_at: float | None, at_risk_from: float | None, now: float) -> Clock:
    """How the promise stands at `now`."""
    if waiting_since is None or promised_at is None:
        return Clock.NONE
    if now >= promised_at:
        return Clock.BROKEN
    return Clock.AT_RISK if at_risk_from is not None and now >= at_risk_from else Clock.OPEN


def _to_row(row: Row[Any], wish: Wish, window_left: WindowLeft) -> QueueRow:
    closed = row.state != "open"
    waiting = None if closed else row.pending_since if row.owner == BOT else row.waiting_since
    seq = row.customer_seq or 0
    return QueueRow(
        id=row.id,
        key=(row.rank, row.at, row.id),
        market=row.market,
        language=row.language,
        channel=row.channel,
        tier=row.tier or "",
        escalated=bool(row.escalated),
        owner=row.owner,
        name=" ".join((row.name or "").split())[:MAX_NAME],
        tail=row.sender[-TAIL:],
        words=" ".join((row.words or "").split()),
        words_language=row.words_language or row.language,
        words_kind=row.kind or "",
        seq=seq,
        unread=row.owner == wish.viewer.owner and not closed and seq > (row.read_seq or 0),
        waiting_since=waiting,
        promised_at=row.promised_at if row.owner != BOT else None,
        told=bool(row.told),
        at_risk_from=row.at_risk_from,
        clock=clock_of(row.waiting_since, row.promised_at, row.at_risk_from, wish.now),
        window_until=None if closed else _window(row, wish.now, window_left),
        updated_at=row.updated_at,
        closed=closed,
    )


def _window(row: Row[Any], now: float, window_left: WindowLeft) -> float | None:
    if row.last_inbound_at is None:
        return None
    left = window_left(row.channel, max(0.0, now - row.last_inbound_at))
    return None if left is None else now + left
