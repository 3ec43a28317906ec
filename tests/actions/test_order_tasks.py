"""Order status and changes: what is asked, what is proved, what is shown."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from actions.order_status import show_status
from actions.order_tasks import run_task
from actions.outcome import Outcome
from orders.demo_store import DemoOrderStore
from orders.model import STATES, Order
from orders.proof import MAX_TRIES
from tests.support.turns import DeadSource, order_in, services, turn


def names(outcome: Outcome) -> list[str]:
    """Names of everything said, line by line."""
    return [line.name for message in outcome.says for line in (message.line, *message.then)]


def proof(order: Order) -> dict[str, list[str]]:
    """Entities of a message that gives number and e-mail."""
    return {"order_number": [order.number], "email": [order.email]}


async def ask(engine: Engine, store: Any, task: str = "order_status", **changes: Any) -> Outcome:
    return await run_task(turn(**changes), services(engine, store), task)


@pytest.mark.parametrize("market", ["DE", "JP", "SA", "US", "TW"])
@pytest.mark.parametrize("state", STATES)
async def test_every_state_has_its_own_text(engine: Engine, store: DemoOrderStore, market: str, state: str) -> None:
    order = order_in(store, market, state)
    outcome = await ask(engine, store, market=market, entities=proof(order))
    assert names(outcome)[0] == f"utter_order_{state}"
    assert outcome.slots["proven_orders"] == [order.number]


@pytest.mark.parametrize("market", ["DE", "JP", "SA", "US", "TW"])
@pytest.mark.parametrize("state", ["paid", "packed"])
async def test_what_has_not_left_says_the_day_when_it_is_known(
    engine: Engine, store: DemoOrderStore, market: str, state: str
) -> None:
    order = order_in(store, market, state)
    expected = order.expected_on or order.promised_on
    outcome = await ask(engine, store, market=market, entities=proof(order))
    assert names(outcome) == [f"utter_order_{state}", "utter_expected"]
    assert outcome.says[0].then[0].values == {"expected_on": expected}


@pytest.mark.parametrize("state", ["packed", "in_transit"])
def test_a_day_that_is_unknown_or_gone_by_is_not_said(store: DemoOrderStore, state: str) -> None:
    order = order_in(store, "DE", state)
    for day in (None, date(2020, 1, 1)):
        parcels = tuple(replace(parcel, expected_on=day) for parcel in order.parcels)
        changed = replace(order, expected_on=day, promised_on=day, parcels=parcels)
        assert "utter_expected" not in names(show_status(turn(), changed))


async def test_a_number_alone_shows_nothing(engine: Engine, store: DemoOrderStore) -> None:
    order = order_in(store, "DE", "in_transit")
    outcome = await ask(engine, store, entities={"order_number": [order.number]})
    assert names(outcome) == ["utter_ask_order_proof"]
    assert outcome.slots["task"] == "order_status"


async def test_an_unknown_number_is_answered_like_a_wrong_proof(engine: Engine, store: DemoOrderStore) -> None:
    known = order_in(store, "DE", "in_transit")
    unknown = await ask(engine, store, entities={"order_number": ["ORK-0000000"], "email": ["x@example.com"]})
    wrong = await ask(engine, store, entities={"order_number": [known.number], "email": ["x@example.com"]})
    assert names(unknown) == names(wrong) == ["utter_order_proof_failed"]


@pytest.mark.parametrize("given", [{"email": "upper"}, {"postcode": "as_is"}])
async def test_email_or_postcode_prove_the_order(
    engine: Engine, store: DemoOrderStore, given: Mapping[str, str]
) -> None:
    order = order_in(store, "GB", "in_transit")
    values = {"email": order.email.upper(), "postcode": order.postcode}
    entities = {"order_number": [order.number], **{name: [values[name]] for name in given}}
    assert names(await ask(engine, store, market="GB", entities=entities))[0] == "utter_order_in_transit"


async def test_seven_digits_are_a_postcode_when_the_postcode_was_asked_for(
    engine: Engine, store: DemoOrderStore
) -> None:
    order = order_in(store, "JP", "in_transit")
    slots = {"asked": "proof", "task": "order_status", "order_number": order.number}
    digits = order.postcode.replace("-", "")
    found = {"order_number": [f"ORK-{digits}"]}
    outcome = await ask(engine, store, market="JP", slots=slots, text=digits, entities=found)
    assert names(outcome)[0] == "utter_order_in_transit"


async def test_five_wrong_proofs_lead_to_a_person(engine: Engine, store: DemoOrderStore) -> None:
    order = order_in(store, "DE", "in_transit")
    wrong = {"order_number": [order.number], "email": ["wrong@example.com"]}
    for left in range(MAX_TRIES - 1, 0, -1):
        outcome = await ask(engine, store, entities=wrong)
        assert outcome.says[0].line.values["tries_left"] == left
    outcome = await ask(engine, store, entities=wrong)
    assert names(outcome)[0] == "utter_order_proof_locked"
    assert outcome.wishes["handoff"]["reason"] == "proof_failed"
    right_but_late = await ask(engine, store, entities=proof(order))
    assert right_but_late.wishes["handoff"]["reason"] == "proof_failed"


async def test_many_conversations_cannot_guess_one_order(engine: Engine, store: DemoOrderStore) -> None:
    order = order_in(store, "DE", "in_transit")
    wrong = {"order_number": [order.number], "email": ["wrong@example.com"]}
    outcomes = [await ask(engine, store, entities=wrong, conversation_id=f"c{number // 3}") for number in range(16)]
    assert outcomes[14].wishes == {}
    assert outcomes[15].wishes["handoff"]["reason"] == "proof_failed"


async def test_a_signed_customer_needs_no_proof_but_sees_only_their_own(engine: Engine, store: DemoOrderStore) -> None:
    mine = order_in(store, "DE", "in_transit")
    other = next(order for state in STATES if (order := order_in(store, "DE", state)).customer_ref != mine.customer_ref)
    own = await ask(engine, store, entities={"order_number": [mine.number]}, customer_ref=mine.customer_ref)
    assert names(own)[0] == "utter_order_in_transit"
    foreign = await ask(engine, store, entities={"order_number": [other.number]}, customer_ref=mine.customer_ref)
    assert names(foreign) == ["utter_ask_order_proof"]


async def test_a_signed_customer_with_several_orders_chooses(engine: Engine, store: DemoOrderStore) -> None:
    owner = next(
        order.customer_ref
        for state in STATES
        if len(store.of_customer((order := order_in(store, "DE", state)).customer_ref, "DE")) > 1
    )
    outcome = await ask(engine, store, customer_ref=owner)
    assert names(outcome) == ["utter_choose_order"]
    titles = [title for title, _ in outcome.says[0].choices]
    assert titles
    assert all(payload == f'order_status{{"order_number": "{title}"}}' for title, payload in outcome.says[0].choices)


async def test_asking_for_the_number_ends_at_a_person(engine: Engine, store: DemoOrderStore) -> None:
    slots: dict[str, Any] = {}
    said = []
    for _ in range(4):
        outcome = await ask(engine, store, slots=slots)
        slots |= outcome.slots
        said.append(names(outcome)[0])
    assert said[0] == "utter_ask_order_number"
    assert said[1:3] == ["utter_ask_order_number_again"] * 2
    assert said[3].startswith("utter_handoff_")


async def test_a_mistyped_number_is_told_before_proof_is_asked(engine: Engine, store: DemoOrderStore) -> None:
    order = order_in(store, "DE", "in_transit")
    digit = str((int(order.number[-1]) + 1) % 10)
    outcome = await ask(engine, store, entities={"order_number": [order.number[:-1] + digit]})
    assert names(outcome) == ["utter_order_number_mistyped"]
    assert outcome.slots["order_number"] is None


async def test_asked_again_with_nothing_new_a_person_is_offered(engine: Engine, store: DemoOrderStore) -> None:
    order = order_in(store, "DE", "in_transit")
    first = await ask(engine, store, entities=proof(order))
    second = await ask(engine, store, slots=dict(first.slots))
    assert "utter_still_the_same" not in names(first)
    assert names(second)[-1] == "utter_still_the_same"
    assert second.slots["offered"] == "person"


async def test_each_parcel_is_told(engine: Engine, store: DemoOrderStore) -> None:
    order = order_in(store, "DE", "partly_shipped")
    outcome = await ask(engine, store, entities=proof(order))
    parcels = [name for name in names(outcome) if name.startswith("utter_parcel")]
    assert len(parcels) == len(order.parcels) > 1


@pytest.mark.parametrize(
    ("task", "state", "name", "reason"),
    [
        ("cancel_order", "paid", "utter_cancel_requested", "cancel_order"),
        ("cancel_order", "in_transit", "utter_cancel_too_late", None),
        ("cancel_order", "cancelled", "utter_already_cancelled", None),
        ("change_address", "packed", "utter_address_change_requested", "change_address"),
        ("change_address", "shipped", "utter_address_change_too_late", None),
        ("start_return", "delivered", "utter_return_possible", None),
        ("start_return", "in_transit", "utter_return_not_delivered", None),
        ("start_return", "refunded", "utter_order_refunded", None),
    ],
)
async def test_changes_follow_the_orders_state(
    engine: Engine, store: DemoOrderStore, task: str, state: str, name: str, reason: str | None
) -> None:
    order = order_in(store, "DE", state)
    outcome = await ask(engine, store, task, entities=proof(order))
    assert names(outcome)[0] == name
    assert (outcome.wishes.get("handoff") or {}).get("reason") == reason


async def test_a_dead_order_system_is_said(engine: Engine) -> None:
    outcome = await ask(engine, DeadSource(), entities={"order_number": ["ORK-0000000"], "email": ["a@example.com"]})
    assert names(outcome) == ["utter_order_system_down"]
    assert outcome.slots["offered"] == "person"
