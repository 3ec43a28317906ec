"""Webhooks of the vendors as events: what counts as an answer, and what never does."""

import json
import time
from collections.abc import Mapping
from typing import Any

import pytest

from connectors.events import Unreadable
from connectors.helpdesks.chatwoot import parse as chatwoot
from connectors.helpdesks.events import AgentSaid, StateChange
from connectors.helpdesks.zendesk.parse import parse as zendesk

OURS = {"1000001": "900"}


def _zendesk(comment: Mapping[str, Any] | None = None, kind: str = "comment_added", **changes: Any) -> bytes:
    detail = {"id": "71447", "requester_id": "5878", "actor_id": "901", "external_id": "conv-1:handover-1"}
    event: Any = {"comment": comment} if comment is not None else {}
    data = {
        "account_id": 1000001,
        "detail": detail,
        "event": event,
        "id": "2222",
        "zendesk_event_version": "2022-11-06",
    }
    data |= {"time": "2026-06-09T08:41:00.304701605Z", "type": f"zen:event-type:ticket.{kind}"}
    return json.dumps({**data, **changes}).encode()


AGENT = {"id": "901", "is_staff": True, "name": "Anna"}
PUBLIC = {"id": "7", "body": "Hi", "plain_body": "Hi&nbsp;there", "is_public": True, "author": AGENT}


def test_zendesk_agents_public_comment() -> None:
    (event,) = zendesk(_zendesk(PUBLIC), OURS)
    assert event.what == AgentSaid("comment:7", "Hi there", "Anna")
    assert (event.account, event.case_id, event.key) == ("1000001", "71447", "conv-1:handover-1")
    assert event.at == pytest.approx(1780994460.304701)


@pytest.mark.parametrize(
    "change",
    [
        {"is_public": False},
        {"is_public": "true"},
        {"is_public": None},
        {"author": {"id": "5878", "is_staff": False, "name": "Customer"}},
        {"author": {"id": "900", "is_staff": True, "name": "Aftersail"}},
        {"author": {"id": "-1", "is_staff": True, "name": "Zendesk"}},
        {"author": {}, "author_id": "5878"},
        {"author": None},
        {"id": None},
    ],
)
def test_zendesk_what_is_no_answer(change: dict[str, Any]) -> None:
    assert zendesk(_zendesk({**PUBLIC, **change}), OURS) == ()


def test_zendesk_author_without_kind() -> None:
    (event,) = zendesk(_zendesk({**PUBLIC, "author": None, "author_id": "901"}), OURS)
    assert isinstance(event.what, AgentSaid)


@pytest.mark.parametrize(
    ("before", "now", "actor", "state"),
    [
        ("OPEN", "SOLVED", "901", "resolved"),
        ("OPEN", "CLOSED", "901", "resolved"),
        ("SOLVED", "CLOSED", "-1", None),  # by itself, days later
        ("SOLVED", "OPEN", "901", "open"),
        ("NEW", "OPEN", "901", None),
        ("OPEN", "PENDING", "901", None),
        ("OPEN", "SOLVED", "900", None),  # we did it
        ("SOLVED", "OPEN", "900", None),
    ],
)
def test_zendesk_states(before: str, now: str, actor: str, state: str | None) -> None:
    detail = {"id": "71447", "requester_id": "5878", "actor_id": actor, "external_id": None}
    found = zendesk(_zendesk(None, "status_changed", event={"previous": before, "current": now}, detail=detail), OURS)
    assert [event.what for event in found] == ([StateChange(state)] if state else [])  # type: ignore[arg-type]


def _chatwoot(event: str = "message_created", **changes: Any) -> bytes:
    conversation = {"id": 42, "inbox_id": 5, "custom_attributes": {"aftersail_case": "conv-1:handover-1"}}
    data: dict[str, Any] = {
        "account": {"id": 1, "name": "Acct"},
        "content": "A **human** helps",
        "conversation": conversation,
    }
    data |= {"created_at": "2026-05-18T00:00:00.000Z", "id": 124, "inbox": {"id": 5}, "message_type": "outgoing"}
    data |= {"private": False, "sender": {"id": 45, "name": "Anna", "type": "user"}, "source_id": None, "event": event}
    return json.dumps({**data, **changes}).encode()


def test_chatwoot_agents_message() -> None:
    (event,) = chatwoot.parse({}, _chatwoot())
    assert event.what == AgentSaid("message:124", "A human helps", "Anna")
    assert (event.account, event.case_id, event.key) == ("1/5", "42", "conv-1:handover-1")
    assert event.id == "1/5:message:124"  # the same for every delivery of it


@pytest.mark.parametrize(
    "change",
    [
        {"private": True},
        {"private": None},  # not told: it may be a note
        {"message_type": "incoming"},
        {"message_type": "activity"},
        {"message_type": "template"},
        {"sender": {"id": 3, "name": "Bot", "type": "agent_bot"}},
        {"sender": None},
        {"source_id": "aftersail:conv-1:handover-1:7"},
        {"event": "message_updated"},
        {"event": "conversation_updated"},
        {"event": "webwidget_triggered"},
    ],
)
def test_chatwoot_what_is_no_answer(change: dict[str, Any]) -> None:
    assert chatwoot.parse({}, _chatwoot(**change)) == ()


@pytest.mark.parametrize(
    ("status", "state"), [("resolved", "resolved"), ("open", "open"), ("pending", None), ("snoozed", None), (7, None)]
)
def test_chatwoot_states(status: Any, state: str | None) -> None:
    meta = {"sender": {"id": 77, "account": {"id": 1}}}
    body = {"event": "conversation_status_changed", "id": 42, "inbox_id": 5, "status": status, "meta": meta}
    headers = {"x-chatwoot-timestamp": "1779062400"}
    found = chatwoot.parse(headers, json.dumps(body).encode())
    assert [event.what for event in found] == ([StateChange(state)] if state else [])  # type: ignore[arg-type]
    assert all((event.at, event.account) == (1779062400.0, "1/5") for event in found)


@pytest.mark.parametrize(
    ("timestamp", "delivery", "inbox", "same"),
    [
        ("1779062400", "d-1", 5, True),
        ("1779062400", "made up", 5, True),  # the header is not signed
        ("1779062401", "d-1", 5, False),
        ("1779062400", "d-1", 6, False),
    ],
)
def test_chatwoots_change_of_state_is_what_was_signed(timestamp: str, delivery: str, inbox: int, same: bool) -> None:
    def event_id(timestamp: str, delivery: str, inbox: int) -> str:
        body = {"event": "conversation_status_changed", "id": 42, "inbox_id": inbox, "status": "open"}
        headers = {"x-chatwoot-timestamp": timestamp, "x-chatwoot-delivery": delivery}
        (event,) = chatwoot.parse(headers, json.dumps(body).encode())
        return event.id

    assert (event_id("1779062400", "d-1", 5) == event_id(timestamp, delivery, inbox)) is same


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("Hello **Anna**\n\nBye", "Hello Anna\n\nBye"),
        ("see [the page](https://shop.example/a_b)", "see the page: https://shop.example/a_b"),
        (r"2 \* 3", "2 * 3"),
        ("snake_case stays, 3 * 4 * 5 too", "snake_case stays, 3 * 4 * 5 too"),
        ("**one** and __two\nlines__, 2 ** 3, ** no ** **yes**", "one and two\nlines, 2 ** 3, ** no ** yes"),
        ("**a *b* c**", "a *b* c"),
    ],
)
def test_chatwoots_markup_becomes_words(markdown: str, words: str) -> None:
    assert chatwoot.plain(markdown) == words


@pytest.mark.parametrize("piece", ["**a ", "__a ", "**a\n", "[", "[a](", "\\", "**"])
def test_marks_without_end_take_no_time(piece: str) -> None:
    began = time.process_time()
    chatwoot.plain(piece * (20_000 // len(piece)))
    assert time.process_time() - began < 0.5


def test_what_no_database_takes_is_left_out() -> None:
    words = "Hi\ud83d \x00there"
    (event,) = chatwoot.parse({}, _chatwoot(content=words, sender={"id": 45, "name": "A\udc00\x00", "type": "user"}))
    assert event.what == AgentSaid("message:124", "Hi\ufffd there", "A\ufffd")
    (event,) = zendesk(_zendesk({**PUBLIC, "plain_body": words, "author": {**AGENT, "name": "A\udc00"}}), OURS)
    assert event.what == AgentSaid("comment:7", "Hi\ufffd there", "A\ufffd")


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b"{", b"[" * 100_000, b"{}", b'{"event": null}'])
def test_no_webhook_at_all(body: bytes) -> None:
    with pytest.raises(Unreadable):
        chatwoot.parse({}, body)
    with pytest.raises(Unreadable):
        zendesk(body, OURS)
