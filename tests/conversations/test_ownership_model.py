"""The table of what may happen: whole, without contradictions, and as docs/ownership.md tells it."""

import re
from itertools import product
from pathlib import Path

import pytest

from conversations.ownership_errors import (
    AlreadyTaken,
    Closed,
    CustomerWrote,
    NoAgent,
    NotClosed,
    NotYours,
    OwnershipError,
    PersonOwns,
    StillWaiting,
)
from conversations.ownership_model import REFUSALS, RULES, Action, Event, Standing, State, step

DOCS = Path(__file__).parents[2] / "docs" / "ownership.md"
INES, MAX = "agent:ines", "agent:max"
BOT = Standing(State.BOT, conversation_id="c1")
QUEUED = Standing(State.QUEUED, waiting_since=1.0, conversation_id="c1", customer_seq=4)
HERS = Standing(State.ASSIGNED, INES, conversation_id="c1", customer_seq=4)
CLOSED = Standing(State.CLOSED, conversation_id="c1")


def test_every_event_in_every_state_is_either_allowed_or_refused() -> None:
    assert not set(RULES) & set(REFUSALS)
    assert set(RULES) | set(REFUSALS) == set(product(State, Event))


def test_the_docs_tell_the_table() -> None:
    told = re.findall(r"^\| (bot|queued|assigned|closed) \| `(\w+)` \| (\w+) \|", DOCS.read_text(), re.MULTILINE)
    assert {(State(state), Event(event)): State(to) for state, event, to in told} == {
        where: rule.to for where, rule in RULES.items()
    }


@pytest.mark.parametrize(
    ("standing", "action", "error", "words"),
    [
        (BOT, Action(Event.ANSWER, INES), NotYours, "belongs to bot; take it over first"),
        (BOT, Action(Event.HAND_BACK, INES), NotYours, "take it over first"),
        (BOT, Action(Event.REOPEN, "customer"), NotClosed, "write there"),
        (QUEUED, Action(Event.ANSWER, INES), NotYours, "take it first"),
        (QUEUED, Action(Event.HAND_OFF, "bot"), PersonOwns, "the bot is silent"),
        (QUEUED, Action(Event.TURN, "bot"), PersonOwns, "belongs to queue"),
        (QUEUED, Action(Event.EXPIRE, "aftersail"), StillWaiting, "answer it"),
        (QUEUED, Action(Event.CLOSE, INES, seen=3), CustomerWrote, "read it first"),
        (HERS, Action(Event.TAKE, MAX), AlreadyTaken, "belongs to agent:ines, not to agent:max"),
        (HERS, Action(Event.ANSWER, MAX), NotYours, "ask them to release it"),
        (HERS, Action(Event.ANSWER, MAX, lead=True), NotYours, "belongs to agent:ines"),
        (HERS, Action(Event.CLOSE, INES, seen=3), CustomerWrote, "read it first"),
        (HERS, Action(Event.START_OVER, "customer"), PersonOwns, "belongs to agent:ines"),
        (HERS, Action(Event.ASSIGN, INES, to="max"), NoAgent, "write agent:"),
        (QUEUED, Action(Event.TAKE, "agent:" + "x" * 60), NoAgent, "64 characters"),
        (CLOSED, Action(Event.TAKE, INES), Closed, "next message opens a new one"),
        (CLOSED, Action(Event.MESSAGE, "customer"), Closed, "opens a new one"),
    ],
)
def test_a_refusal_says_what_to_do(standing: Standing, action: Action, error: type[OwnershipError], words: str) -> None:
    with pytest.raises(error, match=re.escape(words)):
        step(standing, action, 2.0)


@pytest.mark.parametrize(
    ("standing", "action", "owner", "waiting_since"),
    [
        (BOT, Action(Event.HAND_OFF, "bot"), "queue", 9.0),
        (BOT, Action(Event.TAKE, INES), INES, None),
        (QUEUED, Action(Event.TAKE, INES), INES, 1.0),
        (QUEUED, Action(Event.MESSAGE, "customer"), "queue", 1.0),
        (QUEUED, Action(Event.HAND_BACK, "cli"), "bot", None),
        (HERS, Action(Event.TAKE, INES), INES, None),
        (HERS, Action(Event.TAKE, MAX, lead=True), MAX, None),
        (HERS, Action(Event.ASSIGN, "cli", to=MAX, lead=True), MAX, None),
        (HERS, Action(Event.MESSAGE, "customer"), INES, 9.0),
        (HERS, Action(Event.RELEASE, INES), "queue", 9.0),
        (HERS, Action(Event.CLOSE, INES, seen=4), "", None),
        (CLOSED, Action(Event.REOPEN, "customer"), "bot", None),
    ],
)
def test_who_has_it_then_and_whether_the_customer_waits(
    standing: Standing, action: Action, owner: str, waiting_since: float | None
) -> None:
    after = step(standing, action, 9.0)
    assert (after.owner, after.waiting_since) == (owner, waiting_since)


def test_an_answer_to_what_was_not_read_leaves_the_clock_running() -> None:
    waits = step(HERS, Action(Event.MESSAGE, "customer"), 5.0)
    assert step(waits, Action(Event.ANSWER, INES, seen=3), 6.0).waiting_since == 5.0
    assert step(waits, Action(Event.ANSWER, INES, seen=4), 6.0).waiting_since is None


def test_a_lead_is_asked_for_until_the_matter_is_over() -> None:
    asked = step(HERS, Action(Event.ESCALATE, INES), 5.0)
    taken = step(asked, Action(Event.TAKE, MAX), 6.0)
    back = step(taken, Action(Event.HAND_BACK, MAX), 7.0)
    assert (asked.escalated, asked.owner, taken.escalated, back.escalated) == (True, "queue", True, False)
