"""What became of every message: the product's record beside what the vendors' simulators know."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from core.database import reading
from core.schema import conversations, messages
from core.schema_channels import deliveries, webhook_events
from tests.faults.drive import Customer
from tests.simulators.line.simulator import LineSimulator
from tests.simulators.whatsapp.simulator import WhatsAppSimulator

TAKEN = ("accepted", "sent", "delivered", "read")


@dataclass(frozen=True)
class Verdict:
    """Counts over one channel."""

    channel: str
    written: int
    lost_in: int  # messages of customers that are not in the record, or were never handled
    doubled_in: int
    calls: int  # deliveries planned
    lost_out: int  # deliveries that the customer never got
    doubled_out: int  # deliveries that the customer got twice
    repeated: int  # calls made again without knowing of the one before; safe where the vendor knows our key or token
    unordered: int  # customers who got their answers in another order
    false_delivered: int  # marked as delivered though the vendor never said so
    stuck: int  # deliveries or events that still wait
    free: int  # deliveries that cost nothing

    @property
    def is_clean(self) -> bool:
        """Whether nothing went wrong that may not go wrong."""
        wrong = (self.lost_in, self.doubled_in, self.lost_out, self.unordered, self.false_delivered, self.stuck)
        return not any(wrong) and self.doubled_out <= self.repeated


@dataclass(frozen=True)
class _Sent:
    """A conversation's deliveries in order."""

    sender: str
    rows: Sequence[Any]


def judge(engine: Engine, channel: str, customers: Sequence[Customer], seen: Mapping[str, Sequence[str]],
          told_delivered: frozenset[str]) -> Verdict:  # fmt: skip
    """The verdict. `seen`: what each customer got, as marks of deliveries in order of arrival.

    `told_delivered`: ids of deliveries that the vendor said it delivered.
    """
    mine = [customer for customer in customers if customer.channel == channel]
    written = [item for customer in mine for item in customer.written]
    with reading(engine) as connection:
        stored = Counter(
            connection.execute(
                sa.select(messages.c.provider_id).where(
                    messages.c.channel == channel, messages.c.direction == "in", messages.c.status == "handled"
                )
            ).scalars()
        )
        sent = _deliveries(connection, channel)
        waiting = _waiting(connection, channel)
    rows = [row for item in sent for row in item.rows]
    lost, doubled, unordered = _compare(sent, seen)
    return Verdict(
        channel=channel,
        written=len(written),
        lost_in=sum(1 for item in written if not stored[item]),
        doubled_in=sum(count - 1 for count in stored.values()) + max(0, len(stored) - len(set(written))),
        calls=len(rows),
        lost_out=lost,
        doubled_out=doubled,
        repeated=sum(row.repeated for row in rows),
        unordered=unordered,
        false_delivered=sum(1 for row in rows if row.state in ("delivered", "read") and row.id not in told_delivered),
        stuck=waiting + sum(1 for row in rows if row.state not in TAKEN),
        free=sum(1 for row in rows if (row.way or {}).get("cost") == "free"),
    )


def whatsapp_seen(simulator: WhatsAppSimulator) -> tuple[dict[str, list[str]], frozenset[str]]:
    """What customers got, as ids of deliveries; and those that were delivered."""
    seen: dict[str, list[str]] = defaultdict(list)
    delivered = set()
    for message in simulator.accepted():
        seen[message.wa_id].append(message.callback_data)
        if any(status in ("delivered", "read") for status, _ in message.statuses):
            delivered.add(message.callback_data)
    return dict(seen), frozenset(delivered)


def line_seen(simulator: LineSimulator, customers: Sequence[Customer], engine: Engine) -> dict[str, list[str]]:
    """What customers got, as ids of deliveries: a request's messages are found by its first text."""
    seen: dict[str, list[str]] = {}
    with reading(engine) as connection:
        by_sender = {item.sender: item.rows for item in _deliveries(connection, "line")}
    for customer in customers:
        if customer.channel != "line":
            continue
        marks: list[str] = []
        left = list(by_sender.get(customer.id, ()))
        requests = _requests(simulator.messages_to(customer.id))
        for text in requests:
            match = next((row for row in left if _first_text(row.body) == text), None)
            known = next((row for row in by_sender.get(customer.id, ()) if _first_text(row.body) == text), None)
            if match is not None:
                left.remove(match)
            marks.append(match.id if match is not None else known.id if known is not None else f"unknown:{text}")
        seen[customer.id] = marks
    return seen


def _requests(entries: Sequence[Any]) -> list[str]:
    """The first text of each request of ours, in order."""
    firsts: dict[str, str] = {}
    for entry in entries:
        firsts.setdefault(entry.request_id, str(entry.message.get("text", "")))
    return list(firsts.values())


def _first_text(body: Mapping[str, Any]) -> str:
    return str(body["messages"][0].get("text", ""))


def _deliveries(connection: sa.Connection, channel: str) -> list[_Sent]:
    statement = (
        sa.select(deliveries, conversations.c.sender)
        .join(conversations, conversations.c.id == deliveries.c.conversation_id)
        .where(conversations.c.channel == channel)
        .order_by(conversations.c.sender, deliveries.c.position)
    )
    by_sender: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(statement):
        by_sender[row.sender].append(row)
    return [_Sent(sender, rows) for sender, rows in by_sender.items()]


def _waiting(connection: sa.Connection, channel: str) -> int:
    statement = sa.select(sa.func.count()).where(webhook_events.c.channel == channel, webhook_events.c.state != "done")
    queued = sa.select(sa.func.count()).where(
        messages.c.channel == channel, messages.c.direction == "out", messages.c.status == "queued"
    )
    return int(connection.execute(statement).scalar_one() + connection.execute(queued).scalar_one())


def _compare(sent: Sequence[_Sent], seen: Mapping[str, Sequence[str]]) -> tuple[int, int, int]:
    """(deliveries lost, deliveries doubled, customers with another order)."""
    lost = doubled = unordered = 0
    for item in sent:
        got = list(seen.get(item.sender, ()))
        counts = Counter(got)
        expected = [row.id for row in item.rows if row.state in TAKEN]
        lost += sum(1 for mark in expected if not counts[mark])
        doubled += sum(count - 1 for count in counts.values())
        unordered += list(dict.fromkeys(got)) != [mark for mark in expected if counts[mark]]
    return lost, doubled, unordered
