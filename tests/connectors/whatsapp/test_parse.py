"""Webhooks that no sample shows: hidden numbers, groups, batches with faults, types of tomorrow."""

import json
import time
from typing import Any

import pytest

from connectors.events import Content, Edit, NewIdentity, Notice, Reaction, Said, StatusChange, Unreadable
from connectors.whatsapp.parse import parse
from tests.connectors.whatsapp.support import body, message

BSUID = "US.13491208655302741918"
HIDDEN = {"type": "text", "id": "wamid.X", "timestamp": "1749416383", "text": {"body": "¿Dónde está mi pedido?"}}


def only(raw: bytes) -> Any:
    """The one thing that happened."""
    (event,) = parse(raw)
    return event.what


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b'"text"',
        b"null",
        b"{",
        b'{"object":"page","entry":[]}',
        b"{}",
        b'{"object":NaN}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
    ],
)
def test_what_is_no_webhook_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        parse(raw)


def test_a_hidden_number_is_known_by_the_user_id() -> None:
    contacts = [{"profile": {"name": "Sheena Nelson", "username": "@sheena"}, "user_id": BSUID}]
    said = only(body({**HIDDEN, "from_user_id": BSUID}, contacts=contacts))
    assert (said.sender, said.aliases, said.phone, said.country) == (BSUID, (BSUID,), "", "US")
    assert (said.name, said.text) == ("Sheena Nelson", "¿Dónde está mi pedido?")


def test_number_and_user_id_are_both_known() -> None:
    contacts = [{"wa_id": "16505551234", "user_id": BSUID, "profile": {"username": "@sheena"}}]
    said = only(body(message(), contacts=contacts))
    assert (said.sender, said.aliases) == ("16505551234", ("16505551234", BSUID))
    assert (said.name, said.phone) == ("@sheena", "+16505551234")


@pytest.mark.parametrize("ids", [{"wa_id": "4915112345678", "user_id": "DE.9"}, {"wa_id": "4915112345678"}, {}])
def test_another_persons_card_is_not_taken(ids: dict[str, str]) -> None:
    contacts = [{**ids, "profile": {"name": "Somebody else"}}]
    said = only(body(message(), contacts=contacts))
    assert (said.aliases, said.name, said.country) == (("16505551234",), "", "")


def test_the_envelope_helps_only_when_it_names_one_person() -> None:
    one = {"wa_id": "4915112345678", "profile": {"name": "Ada"}}
    assert only(body(HIDDEN, contacts=[one])).sender == "4915112345678"
    assert only(body(HIDDEN, contacts=[one, {"wa_id": "4915187654321"}])).topic == "unreadable"


@pytest.mark.parametrize(
    ("wa_id", "phone"),
    [("5215512345678", "+525512345678"), ("554188887777", "+5541988887777"), ("123", ""), ("abc", ""), ("0" * 12, "")],
)
def test_the_phone_is_the_number_that_is_dialled(wa_id: str, phone: str) -> None:
    said = only(body(message(**{"from": wa_id})))
    assert (said.sender, said.phone) == (wa_id, phone)


def test_a_group_answers_to_the_group_and_proves_no_phone() -> None:
    said = only(body(message(group_id="Z3JvdXA=")))
    assert (said.content, said.sender, said.aliases, said.phone) == (Content.GROUP, "Z3JvdXA=", ("Z3JvdXA=",), "")
    assert said.details == {"content": "text", "speaker": "16505551234"}


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "hologram", "hologram": {"id": "1"}},
        {"type": "text", "text": {}},
        {"type": "text", "text": {"body": " \u0000 "}},
        {"type": "text", "text": "words"},
        {"type": "interactive"},
        {"type": "interactive", "interactive": {"type": "button_reply"}},
        {"type": "interactive", "interactive": {"type": "payment", "payment": {}}},
        {"type": "button", "button": {}},
        {"type": "unsupported"},
        {"type": None},
        {"type": ["text"]},
    ],
)
def test_what_cannot_be_understood_still_gets_an_answer(fields: dict[str, Any]) -> None:
    said = only(body({**message(), **fields}))
    assert isinstance(said, Said)
    assert said.content is Content.UNSUPPORTED


def test_one_bad_message_does_not_cost_the_others() -> None:
    bad: list[Any] = [
        7, None, [], {}, {"id": "wamid.B"}, message(id=""), message(id="x" * 300), message("reaction"),
        message("edit", edit={"message": {}}), message("revoke"), "text", message(id={"a": 1}), message(id="a\nb"),
    ]  # fmt: skip
    events = parse(body(message(id="wamid.1"), *bad, message(id="wamid.2"), statuses=[1, {}, {"id": "wamid.3"}]))
    said = [event.what.message for event in events if isinstance(event.what, Said)]
    unread = [event for event in events if isinstance(event.what, Notice)]
    assert said == ["wamid.1", "wamid.2"]
    assert len(unread) == len(bad) + 3
    assert all(event.what.topic == "unreadable" and event.what.details["why"] for event in unread)
    assert all(len(json.dumps(event.what.details)) < 2_000 for event in unread)


@pytest.mark.parametrize(
    ("entry", "topic"),
    [
        ([7], "unreadable"),
        ({"id": "1"}, "unreadable"),
        ([{"id": "1"}], "unreadable"),
        ([{"id": "1", "changes": [None]}], "unreadable"),
        ([{"id": "1", "changes": [{"field": "messages"}]}], "unreadable"),
        ([{"id": "1", "changes": [{"field": "messages", "value": {"messages": {"id": "x"}}}]}], "unreadable"),
        ([{"id": "1", "changes": [{"field": "messages", "value": {}}]}], "messages"),
        ([{"id": "1", "changes": [{"field": "tomorrow", "value": {"a": 1}}]}], "tomorrow"),
        ([{"id": "1", "changes": [{"field": "history", "value": {"history": [{}]}}]}], "history"),
    ],
)
def test_what_is_not_a_message_is_told(entry: Any, topic: str) -> None:
    raw = json.dumps({"object": "whatsapp_business_account", "entry": entry}).encode()
    assert only(raw).topic == topic


def test_nothing_in_it_is_nothing() -> None:
    assert parse(b'{"object":"whatsapp_business_account","entry":[]}') == []


def test_several_entries_numbers_and_senders_in_one_body() -> None:
    bodies = [
        json.loads(body(message(id=f"wamid.{part}", **{"from": f"4915112345{part}"}), **more))
        for part, more in ((678, {}), (679, {"metadata": {"phone_number_id": "2"}}))
    ]
    raw = json.dumps({**bodies[0], "entry": [entry for each in bodies for entry in each["entry"]]}).encode()
    found = [(event.account, event.what.sender) for event in parse(raw)]
    assert found == [("106540352242922", "4915112345678"), ("2", "4915112345679")]


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ({"type": "user_changed_number", "wa_id": "2"}, NewIdentity("16505551234", "2", ("16505551234", "2"))),
        ({"type": "customer_changed_number", "new_wa_id": "2"}, NewIdentity("16505551234", "2", ("16505551234", "2"))),
        (
            {"type": "user_changed_user_id", "user_id": "US.NEW"},
            NewIdentity("US.OLD", "US.NEW", ("US.OLD", "16505551234", "US.NEW")),
        ),
        ({"type": "user_changed_number"}, Notice("system.user_changed_number", {"sender": "16505551234"})),
        ({}, Notice("system.", {"sender": "16505551234"})),
    ],
)
def test_a_new_identity(system: dict[str, Any], expected: Any) -> None:
    assert only(body(message("system", system=system, from_user_id="US.OLD"))) == expected


def test_edits_and_reactions_name_their_target() -> None:
    new = {"type": "text", "text": {"body": "Die rote, bitte"}}
    raw = body(
        message("edit", edit={"original_message_id": "wamid.O", "message": new}),
        message("reaction", reaction={"message_id": "wamid.O", "emoji": "👍🏽"}),
    )
    assert [event.what for event in parse(raw)] == [
        Edit("16505551234", "wamid.O", "Die rote, bitte"),
        Reaction("16505551234", "wamid.O", "👍🏽"),
    ]


def test_statuses_of_one_message_have_ids_of_their_own() -> None:
    names = ("sent", "delivered", "read", "failed", "warning")
    events = parse(body(statuses=[{"id": "wamid.S", "status": name, "timestamp": "1"} for name in names]))
    assert len({event.id for event in events}) == 5
    assert [event.what.status for event in events if isinstance(event.what, StatusChange)] == list(names[:4])
    assert events[-1].what.topic == "status.warning"


def test_a_long_id_is_still_the_same_event() -> None:
    raw = body(message(id="wamid." + "A" * 200))
    (event,) = parse(raw)
    assert event.id == parse(raw)[0].id
    assert len(event.id) <= 128
    assert event.what.message == "wamid." + "A" * 200


def test_everything_is_bounded() -> None:
    deep: Any = 1
    for _ in range(900):
        deep = {"a": deep}
    wide = {str(index): "x" * 5_000 for index in range(500)}
    reply = {"type": "nfm_reply", "nfm_reply": {"name": "n" * 999, "response_json": json.dumps({"a": wide})}}
    cards = [{"name": {"formatted_name": "n" * 999}, "phones": [{"phone": "1" * 999}] * 99}] * 99
    raw = body(
        message(text={"body": "x" * 100_000}),
        message("interactive", interactive=reply),
        message("contacts", contacts=cards),
        message("order", order={"product_items": [{"product_retailer_id": "x" * 999, "item_price": 1e308}] * 999}),
        message("location", location={"latitude": 10**19, "longitude": 1e300}),
        tomorrow=deep,
    )
    raw = raw.replace(b'"timestamp": "1749416383"', b'"timestamp": ' + b"9" * 5_000, 1)
    events = parse(raw)
    assert len(events) == 5
    assert all(len(json.dumps(event.what.details, allow_nan=False)) < 60_000 for event in events)
    assert len(events[0].what.text) == 16_384
    assert events[0].at == 0.0


def test_broken_text_is_mended() -> None:
    raw = body(message()).replace(b'"Hi"', b'"a\\ud83d b\\u0000\\r\\nc \\ud83d\\ude00"')
    assert only(raw).text == "a\ufffd b\nc 😀"


def test_a_flood_of_nothing_ends() -> None:
    started = time.process_time()
    events = parse(b'{"object":"whatsapp_business_account","entry":[' + b"1," * 1_000_000 + b"1]}")
    assert len(events) == 20_001
    assert "20000 events" in events[-1].what.details["why"]
    assert time.process_time() - started < 10


def test_the_largest_body_is_read_in_time() -> None:
    messages = [message(id=f"wamid.{index}", text={"body": "Wo ist mein Paket? " * 8}) for index in range(10_000)]
    raw = body(*messages)
    assert len(raw) < 3 * 1024 * 1024
    started = time.process_time()
    assert len(parse(raw)) == 10_000
    assert time.process_time() - started < 5
