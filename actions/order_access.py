"""Finds the order that a customer means and proves that it is theirs, before anything about it is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from actions.handoff import hand_off
from actions.outcome import Outcome, Say, say
from actions.services import Services
from actions.turn import Turn
from actions.wording import example_number
from knowledge.values import Verbatim
from orders.model import Order
from orders.number import PREFIX, is_valid
from orders.proof import MAX_TRIES, MAX_TRIES_PER_ORDER, matches_proof

MAX_ASKED = 3  # times for the same thing, then a person
MAX_CHOICES = 3
# Without a number the customer means an order that is still on its way, or for a return one that has arrived.
ENDED = frozenset({"delivered", "returned", "refunded", "cancelled"})
RETURNABLE = frozenset({"delivered"})


@dataclass(frozen=True)
class Access:
    """An order that may be shown, or what to say instead; `slots` are remembered either way."""

    order: Order | None
    outcome: Outcome = field(default_factory=Outcome)
    slots: Mapping[str, Any] = field(default_factory=dict)


async def order_for(turn: Turn, services: Services, task: str) -> Access:
    """The order that `task` (an intent name) is about. Raises OrderSourceDown."""
    given = _given(turn)
    own = await services.orders_of(turn.customer_ref, turn.market.code) if turn.customer_ref else []
    number = given["order_number"] or ""
    if not number:
        own = own or await _of_phone(turn, services, task)
        return _without_number(turn, task, own, given)
    if not is_valid(number):
        wrong = say("utter_order_number_mistyped", order_number=Verbatim(number), example=example_number())
        return _ask(turn, task, given | {"order_number": None}, "mistyped", wrong)
    if any(order.number == number for order in own):
        return _open(next(order for order in own if order.number == number), given)
    return await _prove(turn, services, task, number, given)


async def _of_phone(turn: Turn, services: Services, task: str) -> list[Order]:
    """Orders of the verified phone that the task can be about, where the phone is proof in this market."""
    if not turn.phone or not turn.market.channel_phone_is_proof:
        return []
    found = await services.orders_of_phone(turn.phone, turn.market.code)
    return [
        order for order in found if (order.state in RETURNABLE if task == "start_return" else order.state not in ENDED)
    ]


def _given(turn: Turn) -> dict[str, Any]:
    """What the customer has given so far, this message first."""
    number, postcode = turn.entity("order_number"), turn.entity("postcode")
    if turn.slot("asked") == "proof" and number and PREFIX not in turn.text.upper():
        number, postcode = "", number.removeprefix(PREFIX)  # Japan's postcodes have seven digits too
    return {
        "order_number": number or turn.slot("order_number"),
        "proof_email": turn.entity("email") or turn.slot("proof_email"),
        "proof_postcode": postcode or turn.slot("proof_postcode"),
    }


def _open(order: Order, given: Mapping[str, Any], proven: Sequence[str] = ()) -> Access:
    slots = {"order_number": order.number, "task": None, "asked": None, "asked_times": None}
    return Access(order, slots={**given, **slots, "proven_orders": [*proven] or None})


def _without_number(turn: Turn, task: str, own: Sequence[Order], given: Mapping[str, Any]) -> Access:
    if len(own) == 1:
        return _open(own[0], given)
    if own:
        choices = [(order.number, f'{task}{{"order_number": "{order.number}"}}') for order in own[:MAX_CHOICES]]
        return _ask(turn, task, given, "order_choice", Say(say("utter_choose_order").line, choices=choices))
    again = turn.slot("asked") in ("order_number", "mistyped") and turn.slot("task") == task
    name = "utter_ask_order_number_again" if again else "utter_ask_order_number"
    return _ask(turn, task, given, "order_number", say(name, example=example_number()))


def _ask(turn: Turn, task: str, given: Mapping[str, Any], what: str, message: Say) -> Access:
    same = turn.slot("asked") == what and turn.slot("task") == task
    times = (turn.slot("asked_times") or 0) + 1 if same else 1
    if times > MAX_ASKED:
        return Access(None, hand_off(turn, "no_order_number"))
    return Access(None, Outcome([message]), {**given, "task": task, "asked": what, "asked_times": times})


async def _prove(turn: Turn, services: Services, task: str, number: str, given: dict[str, Any]) -> Access:
    proven: list[str] = turn.slot("proven_orders") or []
    if number in proven:
        order = await services.find_order(number)
        if order:
            return _open(order, given, proven)
    typed = bool(given["proof_email"] or given["proof_postcode"])
    if not typed and not (turn.phone and turn.market.channel_phone_is_proof):
        return _ask(turn, task, given, "proof", say("utter_ask_order_proof", order_number=Verbatim(number)))
    tries = services.attempts.count("proof", turn.conversation_id)
    if tries >= MAX_TRIES or services.attempts.count("proof", number) >= MAX_TRIES_PER_ORDER:
        return _locked(turn)
    order = await services.find_order(number)
    if order and _is_proved(turn, services, order, given):
        return _open(order, given, [*proven, number])
    if not typed:  # only the channel's phone was there, and it is not the order's: no try was made
        return _ask(turn, task, given, "proof", say("utter_ask_order_proof", order_number=Verbatim(number)))
    services.attempts.add("proof", turn.conversation_id, number)
    left = MAX_TRIES - tries - 1
    if left <= 0:
        return _locked(turn)
    forgotten = {**given, "proof_email": None, "proof_postcode": None}
    slots = {**forgotten, "task": task, "asked": "proof", "asked_times": None}
    return Access(
        None, Outcome([say("utter_order_proof_failed", order_number=Verbatim(number), tries_left=left)]), slots
    )


def _is_proved(turn: Turn, services: Services, order: Order, given: Mapping[str, Any]) -> bool:
    length = turn.market.postcode_length
    # A phone proves only when the channel verified it, as anybody can type one, and where both markets take it.
    home = services.markets().get(order.market)
    trusted = turn.market.channel_phone_is_proof and home is not None and home.channel_phone_is_proof
    phone = turn.phone if trusted else ""
    return matches_proof(order, given["proof_email"], given["proof_postcode"], phone, postcode_length=length)


def _locked(turn: Turn) -> Access:
    return Access(None, hand_off(turn, "proof_failed", say("utter_order_proof_locked")))
