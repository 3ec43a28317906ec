"""The record through its public methods, on a real SQLite file."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.engine import Engine

from conversations.model import Hints, Kind, Reply, Status
from conversations.record import Record
from conversations.work import TurnResult, WorkQueue
from core.errors import NotFound
from tests.support.gate import open_gate
from tests.support.records import inbound


def answer(engine: Engine, *texts: str, buttons: list[dict[str, str]] | None = None) -> None:
    """Let a worker answer the waiting message."""
    queue = WorkQueue(engine, "w", open_gate())
    conversation_id = queue.claim()
    assert conversation_id
    waiting = queue.next_message(conversation_id)
    assert waiting
    conversation, message, slots = waiting
    payload = {"buttons": buttons} if buttons else {}
    queue.commit(conversation, message, TurnResult([Reply(text, "de", payload) for text in texts], slots))
    queue.release(conversation_id)


def test_a_message_is_stored_with_its_language(record: Record) -> None:
    receipt = record.receive(inbound("Wo ist mein Paket?"))
    assert not receipt.duplicate
    assert [(m.seq, m.text, m.language, m.status) for m in record.history(receipt.conversation.id)] == [
        (1, "Wo ist mein Paket?", "de", "received")
    ]
    assert receipt.conversation.pending == 1
    assert receipt.conversation.owner == "bot"


def test_the_same_provider_id_changes_nothing(record: Record) -> None:
    first = record.receive(inbound("one"))
    again = record.receive(inbound("another text, same id"))
    assert again.duplicate
    assert again.message.id == first.message.id
    assert len(record.history(first.conversation.id)) == 1
    assert record.conversation(first.conversation.id).pending == 1


def test_many_threads_store_each_message_once_and_in_one_conversation(record: Record) -> None:
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda i: record.receive(inbound(f"text {i % 20}", f"m{i % 20}")), range(80)))
    conversation_ids = {receipt.conversation.id for receipt in receipts}
    assert len(conversation_ids) == 1
    history = record.history(conversation_ids.pop())
    assert [message.seq for message in history] == list(range(1, 21))
    assert len({message.provider_id for message in history}) == 20


def test_language_state_is_kept_from_message_to_message(record: Record) -> None:
    record.receive(inbound("a", "m1"))
    receipt = record.receive(inbound("b", "m2"))
    assert receipt.conversation.language_state["turns"] == 2


def test_a_closed_conversation_stays_and_a_new_one_begins(record: Record) -> None:
    first = record.receive(inbound("a", "m1")).conversation
    record.close(first.id)
    second = record.receive(inbound("b", "m2")).conversation
    assert second.id != first.id
    assert [message.text for message in record.history(first.id)] == ["a"]


def test_hints_are_kept_and_added_to(record: Record) -> None:
    record.open_conversation("webchat", "v", "DE", Hints(page_locale="de-DE"))
    conversation = record.open_conversation("webchat", "v", "DE", Hints(time_zone="Europe/Berlin"))
    assert conversation.hints == Hints(page_locale="de-DE", time_zone="Europe/Berlin")


def test_outbound_states_only_move_forward(engine: Engine, record: Record) -> None:
    conversation = record.receive(inbound()).conversation
    answer(engine, "Hallo")
    reply = record.history(conversation.id)[-1]
    assert record.advance(reply.id, Status.DELIVERED)
    assert not record.advance(reply.id, Status.SENT)
    assert record.advance_to(conversation.id, reply.seq, Status.READ) == 1
    assert record.advance_to(conversation.id, reply.seq, Status.DELIVERED) == 0
    assert record.history(conversation.id)[-1].status == "read"


@pytest.mark.parametrize(("index", "is_ours"), [(0, True), (1, False), (-1, False)])
def test_only_buttons_that_we_offered_count(engine: Engine, record: Record, index: int, is_ours: bool) -> None:
    conversation = record.receive(inbound()).conversation
    answer(engine, "Hallo", buttons=[{"title": "Ja", "payload": "affirm"}])
    reply = record.history(conversation.id)[-1]
    if is_ours:
        assert record.offered_button(conversation.id, reply.id, index)["payload"] == "affirm"
    else:
        with pytest.raises(NotFound):
            record.offered_button(conversation.id, reply.id, index)


def test_a_button_of_another_conversation_is_refused(engine: Engine, record: Record) -> None:
    conversation = record.receive(inbound()).conversation
    answer(engine, "Hallo", buttons=[{"title": "Ja", "payload": "affirm"}])
    reply = record.history(conversation.id)[-1]
    other = record.receive(inbound("x", "m9", sender="visitor-2")).conversation
    with pytest.raises(NotFound):
        record.offered_button(other.id, reply.id, 0)


def test_a_chosen_language_is_remembered(record: Record) -> None:
    conversation = record.receive(inbound(kind=Kind.TEXT)).conversation
    record.choose_language(conversation.id, "th")
    changed = record.conversation(conversation.id)
    assert (changed.language, changed.language_state["chosen"]) == ("th", "th")
