"""Processes are killed while customers write: nothing is lost, nothing is answered twice, order is kept."""

import asyncio
import os
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import pytest
import sqlalchemy as sa

from core.database import reading
from core.schema import conversations, handoffs, messages
from tests.support.installation import Installation
from tests.support.killer import MIN_KILLS, Killer
from tests.support.load import Writer, make_writers, write_all
from tests.support.service import Service

pytestmark = [pytest.mark.model, pytest.mark.slow, pytest.mark.timeout(600)]

MESSAGES = int(os.environ.get("AFTERSAIL_KILL_MESSAGES", "2000"))
CONVERSATIONS = 60
WRITE_S = 420.0
SEED = 20_261_122


def stored(installation: Installation) -> dict[str, list[Any]]:
    """The rows of each conversation, in order of seq."""
    statement = sa.select(messages).order_by(messages.c.conversation_id, messages.c.seq)
    with reading(installation.engine) as connection:
        rows = connection.execute(statement).all()
    return {conversation: list(group) for conversation, group in groupby(rows, key=lambda row: row.conversation_id)}


def check_stored(writer: Writer, rows: Sequence[Any]) -> None:
    """Every message once and in order, each answered by one turn, seqs without gaps."""
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    inbound = [row for row in rows if row.direction == "in"]
    assert [row.provider_id.rpartition(":")[2] for row in inbound] == writer.ids
    assert {row.status for row in inbound} == {"handled"}
    outbound = [row for row in rows if row.direction == "out"]
    turns = [(message, list(group)) for message, group in groupby(outbound, key=lambda row: row.reply_to)]
    assert [message for message, _ in turns] == [row.id for row in inbound]  # one turn each, in the same order
    for message, replies in turns:
        assert len({reply.created_at for reply in replies}) == 1, f"{message} was answered in two turns"
        assert Counter((reply.text, str(reply.payload)) for reply in replies).most_common(1)[0][1] == 1


def check_seen(writer: Writer, rows: Sequence[Any]) -> None:
    """The customer got every row once, in order."""
    assert [frame["seq"] for frame in writer.seen] == [row.seq for row in rows]
    assert [frame["id"] for frame in writer.seen] == [row.id for row in rows]


async def talk_and_kill(service: Service, writers: Sequence[Writer]) -> tuple[float, dict[str, int]]:
    """Seconds that it took, and how often each part was killed."""
    killer = Killer(service, SEED)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(killer.run())
        seconds = await write_all(writers, WRITE_S)
        killer.stop()
    return seconds, killer.killed


async def test_nothing_is_lost_or_doubled_when_processes_are_killed(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    with Service(installation) as service:
        writers = make_writers(service.url, MESSAGES, CONVERSATIONS)
        seconds, killed = await talk_and_kill(service, writers)
        service.wait_ready(40)
        stopped = service.stop()
    rows = stored(installation)
    inbound = [row for found in rows.values() for row in found if row.direction == "in"]
    ids = Counter(row.provider_id for row in inbound)
    with capsys.disabled():
        print(
            f"\n{MESSAGES} messages, {CONVERSATIONS} conversations, {seconds:.0f} s: lost {MESSAGES - len(ids)}, "
            f"doubled {sum(ids.values()) - len(ids)}, kills {killed}, "
            f"sent again {sum(writer.resent for writer in writers)}"
        )
    assert sum(killed.values()) >= MIN_KILLS
    assert all(killed.values())
    assert stopped == 0
    for writer in writers:
        check_stored(writer, rows[writer.conversation])
        check_seen(writer, rows[writer.conversation])
    assert len(rows) == CONVERSATIONS
    check_nothing_is_left(installation)


def check_nothing_is_left(installation: Installation) -> None:
    """No message waits, no lease is held, nobody was handed off."""
    with reading(installation.engine) as connection:
        left = connection.execute(
            sa.select(sa.func.count()).where(
                sa.or_(conversations.c.pending != 0, conversations.c.lease_holder.is_not(None))
            )
        ).scalar_one()
        handed_off = connection.execute(sa.select(sa.func.count()).select_from(handoffs)).scalar_one()
    assert (left, handed_off) == (0, 0)
