"""The rules of states, and steps that race each other."""

from itertools import product

import pytest
from sqlalchemy.engine import Engine

from conversations.delivery_model import (
    KEY_LIFE_S,
    OPEN,
    Delivery,
    State,
    afresh,
    may_fail,
    message_status,
    moves_forward,
)
from conversations.model import Status
from core.errors import LostLease
from tests.support.channel_desk import Desk

TOLD = (State.ACCEPTED, State.SENT, State.DELIVERED, State.READ)
PUSH = {"name": "push", "cost": "push", "detail": {}, "token": ""}


@pytest.mark.parametrize(("now", "to"), product(State, TOLD))
def test_what_the_vendor_says_never_goes_back(now: State, to: State) -> None:
    assert moves_forward(now, to) is (now not in TOLD or TOLD.index(to) > TOLD.index(now))


@pytest.mark.parametrize("now", State)
def test_what_arrived_or_was_stopped_does_not_fail(now: State) -> None:
    assert may_fail(now) is (now in (*OPEN, State.ACCEPTED, State.SENT))


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_status(state: State) -> None:
    assert isinstance(message_status([state]), Status)


@pytest.mark.parametrize(
    ("states", "status"),
    [
        ("read failed", "failed"),
        ("sent discarded", "failed"),
        ("held failed", "failed"),
        ("held waiting", "held"),
        ("withdrawn accepted", "withdrawn"),
        ("read waiting", "queued"),
        ("delivered uncertain", "queued"),
        ("read accepted", "sent"),
        ("read delivered", "delivered"),
        ("read read", "read"),
    ],
)
def test_a_message_is_as_far_as_its_worst_part(states: str, status: str) -> None:
    assert message_status([State(state) for state in states.split()]) == status


@pytest.fixture
def desk(engine: Engine) -> Desk:
    """A desk with one planned delivery."""
    desk = Desk(engine)
    ann = desk.conversation()
    (message,) = desk.write(ann, "a")
    desk.outbox.claim(["scripted"], 1)
    desk.outbox.plan(ann.id, [([message.id], {"text": "a"}, "bot")])
    return desk


def only(desk: Desk) -> Delivery:
    """The delivery as it stands."""
    return desk.deliveries()[0]


def test_a_try_is_written_down_before_it_is_made(desk: Desk) -> None:
    assert desk.states.begin(only(desk), PUSH)
    now = only(desk)
    assert (now.state, now.attempts, now.way, now.started_at) == (State.SENDING, 1, PUSH, desk.clock())


def test_of_two_who_begin_one_goes_on(desk: Desk) -> None:
    seen_by_both = only(desk)
    assert desk.states.begin(seen_by_both, PUSH)
    with pytest.raises(LostLease):
        desk.states.begin(seen_by_both, PUSH)
    assert only(desk).attempts == 1


@pytest.mark.parametrize("state", [State.SENT, State.DELIVERED, State.READ])
def test_what_is_settled_is_not_begun_stopped_or_put_off(desk: Desk, state: State) -> None:
    seen = only(desk)
    assert desk.states.told("scripted", "v1", seen.id, state)
    assert not desk.states.begin(seen, PUSH)
    assert not desk.states.stop(seen.id, State.FAILED, "x", "y")
    desk.states.later(seen.id, 0, "x", "y")
    desk.states.accepted(seen.id, "v1", {})
    assert only(desk).state is state


def test_what_is_put_off_is_looked_at_when_its_time_comes(desk: Desk) -> None:
    conversation_id = only(desk).conversation_id
    mark = desk.clock() + 60.0
    desk.outbox.release(conversation_id, mark, None)
    desk.states.later(only(desk).id, desk.clock() + 10, "500", "busy")
    assert not desk.outbox.claim(["scripted"], 1)
    desk.clock.pass_s(10)
    assert list(desk.outbox.claim(["scripted"], 1)) == [conversation_id]


def test_a_reason_has_a_limit(desk: Desk) -> None:
    desk.states.stop(only(desk).id, State.FAILED, "x", "y" * 5_000)
    assert len(only(desk).reason) == 500


def test_an_address_that_the_vendor_tells_is_kept_beside_the_others(desk: Desk) -> None:
    desk.states.begin(only(desk), PUSH)
    desk.states.accepted(only(desk).id, "v1", {"wa_id": "49"})
    contact = desk.contacts.find("scripted", "de", "ann")
    assert contact
    assert contact.address == {"id": "ann", "wa_id": "49"}


def test_our_id_of_a_message_in_or_out(desk: Desk) -> None:
    desk.states.begin(only(desk), PUSH)
    desk.states.accepted(only(desk).id, "v1", {})
    (message,) = desk.record.history(only(desk).conversation_id)
    assert desk.states.message_of("scripted", "v1") == message.id
    assert desk.states.message_of("scripted", "v2") == desk.states.message_of("other", "v1") == ""


def test_an_old_one_starts_anew(desk: Desk) -> None:
    young, now = only(desk), desk.clock()
    assert "key" not in afresh(young, now + KEY_LIFE_S)
    assert afresh(young, now + KEY_LIFE_S + 1)["created_at"] == now + KEY_LIFE_S + 1
