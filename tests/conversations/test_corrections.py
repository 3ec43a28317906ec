"""Retractions and edits on a real database; through the vendors' door they are in tests/connectors/intake/."""

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from conversations.corrections import Corrections
from conversations.record import Record
from conversations.work import LEASE_S, WorkQueue
from core.database import reading
from core.schema_desk import message_translations
from tests.support.channel import Clock
from tests.support.gate import open_gate
from tests.support.records import inbound


@pytest.fixture
def corrections(engine: Engine) -> Corrections:
    """Corrections."""
    return Corrections(engine, Clock())


def test_nothing_is_found_nothing_happens(record: Record, corrections: Corrections) -> None:
    record.receive(inbound("hello", "m1"))
    assert corrections.erase("webchat", "m2") is None
    assert corrections.erase("line", "m1") is None
    assert corrections.edit("line", "m1", "x") is False
    assert [row.text for row in record.history(record.receive(inbound("hello", "m1")).conversation.id)] == ["hello"]


def test_erased_twice_is_erased_once(record: Record, corrections: Corrections) -> None:
    conversation = record.receive(inbound("one", "m1")).conversation
    record.receive(inbound("two", "m2"))
    for _ in range(2):
        erased = corrections.erase("webchat", "m1")
        assert erased
        assert (erased.text, erased.status) == ("", "handled")
        assert record.conversation(conversation.id).pending == 1


def test_translations_of_erased_words_are_erased_too(engine: Engine, record: Record, corrections: Corrections) -> None:
    mine, other = (record.receive(inbound(text, text)).message for text in ("one", "two"))
    with engine.begin() as connection:
        for message in (mine, other):
            values = {"message_id": message.id, "language": "de", "text": "eins", "digest": "d", "created_at": 0.0}
            connection.execute(sa.insert(message_translations).values(**values))
    corrections.erase("webchat", "one")
    with reading(engine) as connection:
        left = connection.execute(sa.select(message_translations.c.message_id)).scalars().all()
    assert left == [other.id]


def test_the_last_words_are_kept_and_the_history_of_edits_is_bounded(record: Record, corrections: Corrections) -> None:
    conversation = record.receive(inbound("0", "m1")).conversation
    for number in range(1, 10):
        assert corrections.edit("webchat", "m1", str(number))
        assert corrections.edit("webchat", "m1", str(number))
    (row,) = record.history(conversation.id)
    assert (row.text, row.payload["edits"]) == ("9", ["4", "5", "6", "7", "8"])


@pytest.mark.parametrize(("later_s", "edited"), [(0.0, False), (LEASE_S - 1, False), (LEASE_S + 1, True)])
def test_words_that_a_worker_has_read_are_not_changed_under_it(
    engine: Engine, record: Record, later_s: float, edited: bool
) -> None:
    clock = Clock()
    record.receive(inbound("old", "m1"))
    WorkQueue(engine, "worker", open_gate(), clock).claim()
    clock.pass_s(later_s)
    assert Corrections(engine, clock).edit("webchat", "m1", "new") is edited
