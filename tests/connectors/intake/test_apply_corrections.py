"""What people take back or write anew."""

from typing import Any

import pytest
import sqlalchemy as sa

from connectors.events import (
    Edit,
    MediaRef,
    Retraction,
)
from conversations.media import MediaRecord
from conversations.model import MAX_TEXT, Reply
from conversations.work import TurnResult, WorkQueue
from core.database import reading
from core.errors import LostLease
from core.schema_channels import webhook_events
from tests.connectors.intake.people import rows, texts
from tests.support.channel import NOW, event, said
from tests.support.channel_desk import Desk


async def test_a_message_taken_back_loses_its_words_and_gets_no_answer(desk: Desk) -> None:
    await desk.deliver(
        event(said("my secret", "m1", media=MediaRef("ref", name="secret.png"), details={"place": "secret"}), "e1")
    )
    await desk.tell(Retraction("ann", "m1"), "e2")
    (row,) = rows(desk)
    assert (row.text, row.status) == ("", "handled")
    assert desk.conversation().pending == 0
    (file,) = MediaRecord(desk.engine).of_message(row.id)
    assert (file.state, file.ref) == ("erased", {})
    assert "secret" not in repr(rows(desk))
    with reading(desk.engine) as connection:
        assert all(body is None for body in connection.execute(sa.select(webhook_events.c.body)).scalars())


async def test_a_message_taken_back_before_it_came_is_never_stored(desk: Desk) -> None:
    await desk.tell(Retraction("ann", "m1"), "e2", NOW + 1)
    await desk.tell(said("my secret", "m1"), "e1", NOW)
    await desk.tell(Edit("ann", "m1", "my new secret"), "e3", NOW + 0.5)
    assert texts(desk) == []


async def test_a_message_taken_back_in_the_middle_of_the_bots_turn_gets_no_answer(desk: Desk) -> None:
    await desk.tell(said("one", "m1"), "e1")
    await desk.tell(said("two", "m2"), "e2")
    queue, conversation_id, waiting = in_a_turn(desk)
    await desk.tell(Retraction("ann", "m1"), "e3")
    with pytest.raises(LostLease):
        queue.commit(waiting[0], waiting[1], turn("an answer"))
    queue.release(conversation_id)
    assert desk.conversation().pending == 1
    desk.answer("to two")
    assert [(row.direction, row.text) for row in rows(desk)] == [("in", ""), ("in", "two"), ("out", "to two")]


async def test_taking_back_the_last_message_ends_the_wait(desk: Desk) -> None:
    await desk.tell(said("one", "m1"), "e1")
    queue, conversation_id, waiting = in_a_turn(desk)
    await desk.tell(Retraction("ann", "m1"), "e3")
    with pytest.raises(LostLease):
        queue.commit(waiting[0], waiting[1], turn("an answer"))
    queue.release(conversation_id)
    assert queue.claim() is None
    await desk.tell(said("two", "m2"), "e4")
    assert queue.claim() == conversation_id


def work_queue(desk: Desk) -> WorkQueue:
    """The worker's side."""
    return WorkQueue(desk.engine, "worker", desk.gate, desk.clock)


def in_a_turn(desk: Desk) -> tuple[WorkQueue, str, tuple[Any, ...]]:
    """A worker that has read the oldest message and not answered yet."""
    queue = work_queue(desk)
    conversation_id = queue.claim()
    assert conversation_id
    waiting = queue.next_message(conversation_id)
    assert waiting
    return queue, conversation_id, waiting


def turn(text: str) -> TurnResult:
    """A turn that says `text`."""
    return TurnResult([Reply(text, "de")], {})


async def test_an_edit_before_the_answer_takes_the_place_of_the_words(desk: Desk) -> None:
    await desk.tell(said("helo", "m1"), "e1")
    await desk.tell(Edit("ann", "m1", "hello"), "e2")
    (row,) = rows(desk)
    assert (row.text, row.payload["edits"], row.status) == ("hello", ["helo"], "received")


async def test_an_edit_after_the_answer_is_a_message_of_its_own(desk: Desk) -> None:
    await desk.tell(said("helo", "m1"), "e1")
    desk.answer("what?")
    await desk.tell(Edit("ann", "m1", "hello"), "e2")
    assert [(row.text, row.status) for row in rows(desk)][0::2] == [("helo", "handled"), ("hello", "received")]


async def test_an_edit_while_the_old_words_are_being_answered_is_not_lost(desk: Desk) -> None:
    await desk.tell(said("helo", "m1"), "e1")
    queue, conversation_id, waiting = in_a_turn(desk)
    await desk.tell(Edit("ann", "m1", "hello"), "e2")
    assert queue.commit(waiting[0], waiting[1], turn("an answer to helo")) == 1
    following = queue.next_message(conversation_id)
    assert following
    assert following[1].text == "hello"


async def test_an_edit_that_comes_before_its_message_is_the_message(desk: Desk) -> None:
    await desk.tell(Edit("ann", "m1", "hello"), "e2", NOW + 1)
    await desk.tell(said("helo", "m1"), "e1", NOW)
    assert texts(desk) == ["hello"]
    await desk.tell(Retraction("ann", "m1"), "e3", NOW + 2)
    assert texts(desk) == [""]


async def test_taking_a_message_back_takes_its_later_words_too(desk: Desk) -> None:
    await desk.tell(said("my secret", "m1"), "e1")
    desk.answer("what?")
    await desk.tell(Edit("ann", "m1", "my better secret"), "e2")
    await desk.tell(Retraction("ann", "m1"), "e3")
    assert texts(desk) == ["", "what?", ""]
    assert desk.conversation().pending == 0


async def test_an_edit_of_what_was_taken_back_changes_nothing(desk: Desk) -> None:
    await desk.tell(said("my secret", "m1"), "e1")
    await desk.tell(Retraction("ann", "m1"), "e2")
    await desk.tell(Edit("ann", "m1", "my secret again"), "e3")
    assert texts(desk) == [""]


async def test_an_edit_has_the_limit_of_a_message(desk: Desk) -> None:
    await desk.tell(said("x", "m1"), "e1")
    await desk.tell(Edit("ann", "m1", "y" * 50_000), "e2")
    assert texts(desk) == ["y" * MAX_TEXT]
