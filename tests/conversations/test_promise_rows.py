"""Promises as rows: made when a clock starts, ended when somebody answers, and never moved back."""

import itertools

import pytest
from sqlalchemy.engine import Engine

from conversations import ownership, promise_rows
from conversations.model import HandoffRequest
from conversations.ownership import Action, Event
from conversations.promise_model import Asked, Promised, PromiseState, in_hours, plain
from conversations.promise_rows import PromiseRow
from conversations.record import Record
from core.database import reading
from tests.support.records import inbound

HOUR = 3600.0
ANNA = "agent:anna"


@pytest.fixture
def conversation(record: Record) -> str:
    """A conversation with one message of the customer."""
    return record.receive(inbound("hallo", "m1")).conversation.id


def rows_of(engine: Engine, conversation: str) -> dict[str, PromiseRow]:
    """The newest promise of each clock."""
    with reading(engine) as connection:
        found = promise_rows.of_conversation(connection, conversation)
    return {row.clock: row for row in reversed(found)}


def states(engine: Engine, conversation: str) -> dict[str, str]:
    """State by clock."""
    return {clock: row.state for clock, row in rows_of(engine, conversation).items()}


def hand_off(engine: Engine, conversation: str, tier: str = "ordinary", now: float = 10.0, told: bool = True) -> None:
    """The bot passes it to a person."""
    promised = in_hours(None, Asked(conversation, "DE", tier, now))
    request = HandoffRequest("complaint", tier, {}, promised.told.due_at, promised, told)
    with engine.begin() as connection:
        ownership.queue(connection, conversation, request, now)


def act(engine: Engine, conversation: str, event: Event, now: float, who: str = ANNA) -> None:
    """An event of an agent."""
    ownership.act(engine, conversation, Action(event, who), now)


@pytest.mark.parametrize(
    ("tier", "clocks", "heard"),
    [
        ("safety", {"first_reply": 2, "solution": 26}, "first_reply"),
        ("ordinary", {"first_reply": 24, "solution": 48}, "first_reply"),
        ("parts", {"first_reply": 24, "parts": 72, "solution": 96}, "parts"),
    ],
)
def test_a_hand_off_starts_the_clocks_of_its_tier(
    engine: Engine, conversation: str, tier: str, clocks: dict[str, int], heard: str
) -> None:
    hand_off(engine, conversation, tier)
    found = rows_of(engine, conversation)
    assert {name: (row.due_at - 10) / HOUR for name, row in found.items()} == clocks
    assert [name for name, row in found.items() if row.told] == [heard]
    assert {row.state for row in found.values()} == {"open"}
    assert all(row.next_at == row.at_risk_from for name, row in found.items() if tier != "safety" or name != heard)
    assert (found[heard].next_at == 10) is (tier == "safety")  # danger is told at once


def test_an_answer_keeps_what_was_promised_and_leaves_the_solution_open(engine: Engine, conversation: str) -> None:
    hand_off(engine, conversation, "parts")
    act(engine, conversation, Event.TAKE, 20)
    act(engine, conversation, Event.ANSWER, 10 + 30 * HOUR)
    assert states(engine, conversation) == {"first_reply": "late", "parts": "kept", "solution": "open"}
    assert rows_of(engine, conversation)["parts"].done_at == 10 + 30 * HOUR
    act(engine, conversation, Event.CLOSE, 10 + 90 * HOUR)
    assert states(engine, conversation)["solution"] == "kept"


@pytest.mark.parametrize(
    ("event", "who", "now", "solution"),
    [
        (Event.HAND_BACK, ANNA, 20.0, "kept"),
        (Event.CLOSE, ANNA, 10 + 49 * HOUR, "late"),
        (Event.EXPIRE, "aftersail", 10 + 49 * HOUR, "void"),  # nobody says that it was settled
    ],
)
def test_a_solution_is_what_a_person_says(
    engine: Engine, conversation: str, event: Event, who: str, now: float, solution: str
) -> None:
    hand_off(engine, conversation)
    act(engine, conversation, Event.TAKE, 11)
    act(engine, conversation, Event.ANSWER, 12)
    act(engine, conversation, event, now, who)
    assert states(engine, conversation) == {"first_reply": "kept", "solution": solution}


def test_who_is_handed_back_without_an_answer_waits_no_more(engine: Engine, conversation: str) -> None:
    hand_off(engine, conversation)
    act(engine, conversation, Event.HAND_BACK, 20)
    assert states(engine, conversation) == {"first_reply": "void", "solution": "kept"}
    assert all(row.next_at is None for row in rows_of(engine, conversation).values())


def test_a_message_after_an_answer_starts_a_new_clock_once(engine: Engine, conversation: str, record: Record) -> None:
    hand_off(engine, conversation)
    act(engine, conversation, Event.TAKE, 11)
    act(engine, conversation, Event.ANSWER, 12)
    record.receive(inbound("hallo", "m2"))
    record.receive(inbound("hallo", "m3"))
    with reading(engine) as connection:
        found = promise_rows.of_conversation(connection, conversation)
    assert sorted((row.clock, row.state, row.told) for row in found) == [
        ("first_reply", "kept", True),
        ("first_reply", "open", False),
        ("solution", "open", False),
    ]


def test_taking_from_the_bot_promises_an_answer_only_to_who_waits(engine: Engine, conversation: str) -> None:
    act(engine, conversation, Event.TAKE, 5)  # the customer waits for the bot
    assert states(engine, conversation) == {"first_reply": "open", "solution": "open"}
    assert not any(row.told for row in rows_of(engine, conversation).values())


@pytest.mark.parametrize(("before", "after"), list(itertools.permutations(PromiseState, 2)))
def test_states_move_forward_only(engine: Engine, conversation: str, before: PromiseState, after: PromiseState) -> None:
    order = list(PromiseState)
    hand_off(engine, conversation)
    row = rows_of(engine, conversation)["solution"]
    with engine.begin() as connection:
        assert before is PromiseState.OPEN or promise_rows.move(connection, row.id, "open", before, None)
        if order.index(after) < order.index(before):
            with pytest.raises(ValueError, match="never"):
                promise_rows.move(connection, row.id, before, after, None)
        else:
            assert promise_rows.move(connection, row.id, before, after, None)
            assert not promise_rows.move(connection, row.id, before, after, None)  # it is not there any more


def test_a_broken_promise_is_apologised_for_once(engine: Engine, conversation: str) -> None:
    hand_off(engine, conversation)
    row = rows_of(engine, conversation)["first_reply"]
    with engine.begin() as connection:
        assert not promise_rows.apologised(connection, row, 99)  # it is not broken
        promise_rows.move(connection, row.id, "open", PromiseState.BROKEN, 99)
        assert promise_rows.last_apology(connection, conversation) is None
        assert promise_rows.apologised(connection, row, 100)
        assert not promise_rows.apologised(connection, row, 101)
        assert promise_rows.last_apology(connection, conversation) == 100


def test_hand_offs_from_before_promises_are_adopted_once(engine: Engine, conversation: str) -> None:
    hand_off(engine, conversation)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM promises")
        assert promise_rows.adopt(connection, 50) == 1
        assert promise_rows.adopt(connection, 50) == 0
    found = rows_of(engine, conversation)
    assert (found["first_reply"].due_at, found["first_reply"].told) == (10 + 24 * HOUR, False)


def test_promises_go_through_json_unchanged() -> None:
    for tier in ("safety", "ordinary", "parts"):
        made = plain(tier, 5.0, 100.5)
        assert Promised.from_json(made.to_json()) == made
