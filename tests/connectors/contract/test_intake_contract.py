"""What every channel does with what comes in."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from conversations.contacts import find
from core.database import reading
from core.schema import messages
from core.schema_channels import webhook_events
from tests.connectors.contract.driver import Driver
from tests.connectors.contract.drivers import CHANNELS
from tests.support.channel_office import APOLOGY, Office
from tests.support.channel_watch import until

GARBAGE = [
    b"",
    b"\x00\xff\xfe",
    b"null",
    b"[]",
    b"7",
    b'"text"',
    b"{",
    b"[" * 50_000,
    b'{"entry": 5, "events": 5, "id": 5}',
    json.dumps({"id": "x" * 9, "object": "page", "destination": 7, "events": {}, "entry": {}}).encode(),
]


def stored(office: Office) -> int:
    return office.count(messages) + office.count(webhook_events)


@contextmanager
def no_room(office: Office) -> Iterator[None]:
    """A database that takes nothing new."""

    def refuse(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("INSERT INTO"):
            raise sa.exc.OperationalError(statement, {}, Exception("database or disk is full"))

    sa.event.listen(office.engine, "before_cursor_execute", refuse)
    try:
        yield
    finally:
        sa.event.remove(office.engine, "before_cursor_execute", refuse)


def test_a_message_is_stored_before_it_is_acknowledged(channel: Driver, office: Office) -> None:
    customer = channel.customer()
    office.wait_quiet()
    before = stored(office)
    channel.write(customer, "hello")  # returns when the delivery was answered
    assert stored(office) > before
    office.wait_quiet()
    assert [row.text for row in office.rows(customer)] == ["hello"]


def test_what_cannot_be_stored_is_not_acknowledged_and_comes_again(channel: Driver, office: Office) -> None:
    customer = channel.customer()
    channel.write(customer, "first")
    office.wait_quiet()
    with no_room(office):
        channel.write(customer, "second")
        assert channel.deliver_last_again() == 503
    assert channel.deliver_last_again() == 200
    office.wait_quiet()
    assert [row.text for row in office.rows(customer)] == ["first", "second"]


def test_the_same_delivery_thrice_is_one_message_and_one_answer(channel: Driver, office: Office) -> None:
    customer = channel.customer()
    channel.write(customer, "hello")
    assert channel.deliver_last_again() == 200
    office.wait_quiet()
    assert channel.deliver_last_again() == 200
    office.wait_quiet()
    assert len(office.rows(customer)) == 1
    assert [bubble.text for bubble in channel.sees(customer)] == ["You wrote: hello"]


def test_the_same_words_twice_are_two_messages(channel: Driver, office: Office) -> None:
    customer = channel.customer()
    channel.write(customer, "hello")
    channel.write(customer, "hello")
    office.wait_quiet()
    assert len(office.rows(customer)) == 2


def test_a_forged_delivery_is_refused_and_leaves_no_trace(channel: Driver, office: Office) -> None:
    customer = channel.customer()
    channel.write(customer, "mine")
    office.wait_quiet()
    assert channel.deliver_forged(customer) in (401, 403)
    office.wait_quiet()
    assert "forged" not in [row.text for row in office.rows(customer)]


@pytest.mark.parametrize("body", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_is_refused(channel: Driver, office: Office, body: bytes) -> None:
    customer = channel.customer()
    office.wait_quiet()  # what is left of the test before
    before = stored(office)
    assert 400 <= channel.deliver_raw(customer, body) < 500
    assert stored(office) == before


def test_a_body_that_is_too_large_is_refused(channel: Driver, office: Office) -> None:
    customer = channel.customer()
    office.wait_quiet()
    before = stored(office)
    assert channel.deliver_raw(customer, b" " * channel.most_bytes) == 413
    assert stored(office) == before


def test_several_people_in_one_delivery(channel: Driver, office: Office) -> None:
    people = {channel.customer(): f"I am number {number}" for number in range(4)}
    channel.write_together(people)
    office.wait_quiet()
    for customer, text in people.items():
        assert [row.text for row in office.rows(customer)] == [text]
        assert [bubble.text for bubble in channel.sees(customer)] == [f"You wrote: {text}"]


def test_messages_of_one_person_keep_their_order(channel: Driver, office: Office) -> None:
    customer = channel.customer()
    said = [f"line {number}" for number in range(5)]
    for text in said:
        channel.write(customer, text)
    office.wait_quiet()
    assert [row.text for row in office.rows(customer)] == said
    seen = "\n".join(bubble.text for bubble in channel.sees(customer))
    assert [line for line in seen.split("\n") if line] == [f"You wrote: {text}" for text in said]


@pytest.mark.parametrize("blank", [" ", "\n\t ", "\u3000", "\u200b"], ids=["space", "lines", "wide", "zero"])
def test_a_blank_message_gets_a_turn_and_an_answer(channel: Driver, office: Office, blank: str) -> None:
    customer = channel.customer()
    channel.write(customer, blank)
    office.wait_quiet()
    assert len(office.rows(customer)) == 1
    assert len(office.heard(customer)) == 1
    assert channel.sees(customer)


@pytest.mark.parametrize("letter", ["ß", "漢", "ก", "ع"])
def test_five_thousand_characters_are_kept_whole(channel: Driver, office: Office, letter: str) -> None:
    customer = channel.customer()
    text = (f"{letter}" * 49 + " ") * 99 + "the last 50 characters are here, up to this stop ."
    assert len(text) == 5000
    if channel.name == "whatsapp":
        text = text[:4096].rstrip()  # Meta takes no more from a customer
    channel.write(customer, text)
    office.wait_quiet()
    assert [row.text for row in office.rows(customer)] == [text]


@pytest.mark.parametrize("kind", ["voice", "sticker", "location", "unknown"])
def test_what_is_no_text_gets_an_answer(vendor_channel: Driver, office: Office, kind: str) -> None:
    customer = vendor_channel.customer()
    vendor_channel.send_other(customer, kind)
    office.wait_quiet()
    content = {"unknown": "unsupported"}.get(kind, kind)
    (heard,) = office.heard(customer)
    assert heard.startswith("/received{")
    assert content in heard or {"audio"} & {heard.split('"')[3]}
    assert len(vendor_channel.sees(customer)) == 1


@pytest.mark.parametrize("answered", [False, True])
def test_what_is_taken_back_loses_its_words(vendor_channel: Driver, office: Office, answered: bool) -> None:
    assert vendor_channel.takes_back
    customer = vendor_channel.customer()
    if not answered:
        office.paused.set()
    message = vendor_channel.write(customer, "my card is 4111")
    if answered:
        office.wait_quiet()
    else:
        until(lambda: bool(office.rows(customer)), "the message is in the record")
    vendor_channel.take_back(customer, message)
    until(lambda: not office.rows(customer)[0].text, "the words are gone")
    office.paused.clear()
    office.wait_quiet()
    (row,) = office.rows(customer)
    assert row.text == ""
    assert row.payload["retracted"]
    assert len(vendor_channel.sees(customer)) == int(answered)


def test_a_bot_that_breaks_down_apologises_and_goes_on(channel: Driver, office: Office) -> None:
    customer = channel.customer()
    office.script.answers["boom"] = RuntimeError("no such slot")
    channel.write(customer, "boom")
    channel.write(customer, "still there?")
    office.wait_quiet()
    text = "\n".join(bubble.text for bubble in channel.sees(customer))
    assert text.index(APOLOGY) < text.index("You wrote: still there?")
    assert [row.status for row in office.rows(customer)] == ["failed", "handled"]


def test_a_restart_of_the_web_part_loses_and_doubles_nothing(channel: Driver, office: Office) -> None:
    customer = channel.customer()
    channel.write(customer, "before")
    office.paused.set()
    channel.write(customer, "between")
    office.restart_web()
    office.paused.clear()
    channel.write(customer, "after")
    assert channel.deliver_last_again() == 200
    office.wait_quiet()
    assert [row.text for row in office.rows(customer)] == ["before", "between", "after"]
    seen = "\n".join(bubble.text for bubble in channel.sees(customer)).split("\n")
    assert [line for line in seen if line] == [f"You wrote: {text}" for text in ("before", "between", "after")]


def test_every_channel_has_a_driver(drivers: dict[str, Driver]) -> None:
    assert tuple(drivers) == CHANNELS


def test_a_customer_is_called_as_the_vendor_calls_them(vendor_channel: Driver, office: Office) -> None:
    """In the message, as WhatsApp tells it, or in the profile that LINE is asked for beside it."""
    customer = vendor_channel.customer()
    vendor_channel.write(customer, "hello")
    office.wait_quiet()
    conversation = office.conversation(customer)
    person = (conversation.channel, conversation.account, conversation.sender)
    with reading(office.engine) as connection:
        contact = find(connection, *person)
    assert contact
    assert contact.name
    assert contact.name != customer
